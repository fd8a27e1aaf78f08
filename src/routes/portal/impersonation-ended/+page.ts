/** No script: the page stands in the place of any address, and nothing on it needs one. */
export const csr = false;

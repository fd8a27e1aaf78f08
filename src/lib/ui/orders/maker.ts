/** Both names of whoever made a row; no contact means the agency. */
export type Maker = { contact: string | null; staff: string | null };

/** As JSON without what holds any digits by chance, ids and moments, so that a number that is looked for in it is meant. */
export const withoutIds = (value: unknown): string =>
	JSON.stringify(value, (key, inner: unknown) => (/(?:^id|Id|At|Until)$/.test(key) ? undefined : inner));

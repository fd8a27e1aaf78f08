/** What a badge says of a count that was cut at a hundred; nothing for none. */
export const counted = (count: number | undefined): string | undefined =>
	count ? (count > 99 ? '99+' : String(count)) : undefined;

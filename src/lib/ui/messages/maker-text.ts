/** Both names of who wrote something; no contact: the agency's own. */
export type Maker = { contact: string | null; staff: string | null };

/** The name in front, and the one behind it while somebody else was at work: "Bea" "by Maya, Northwind Studio". */
export function makerText({ contact, staff }: Maker, agency: string): { name: string; by: string | null } {
	if (contact) return { name: contact, by: staff ? `by ${staff}, ${agency}` : null };
	return { name: staff ? `${staff}, ${agency}` : agency, by: null };
}

// What the chip says of a visit before it is opened.
type Told = { ticket: string | null; reason: string };

/** "Ticket 812", or the reason where there is no ticket. */
export const causeOf = ({ ticket, reason }: Told): string => (ticket ? `Ticket ${ticket}` : reason);

/** "Northwind Studio is viewing your portal: Ticket 812" */
export function chipText(agency: string, visits: readonly Told[]): string {
	const [first] = visits;
	if (!first) return '';
	if (visits.length === 1) return `${agency} is viewing your portal: ${causeOf(first)}`;
	return `${agency} is viewing your portal: ${visits.length} people`;
}

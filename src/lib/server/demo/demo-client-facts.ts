// What a file card of each demo client says: where they are, how to reach them, and what colleagues noted. By the
// client's place in the list and not by dice, so that a fact more never changes anything else of the demo.
import type * as tables from '#server/db/schema/index.ts';

type Client = typeof tables.client.$inferInsert;
type Facts = Pick<Client, 'phone' | 'address' | 'taxId' | 'internalNote' | 'archivedAt'>;

const STREETS = [
	'Harbour Lane',
	'Mill Road',
	'Station Street',
	'Orchard Way',
	'Castle Hill',
	'Quay Side',
	'North Parade'
];
const TOWNS = ['2811 Northwick', '3402 Ashby', '1190 Wells End', '4075 Marlow Bridge', '2260 Fernham'];

const NOTES: Record<string, string> = {
	'Bluebird Bakery':
		'Bea reads everything on her phone before six. Send links, not attachments.\nThe second shop opens in spring: ask about signage early.',
	'Cedar Clinic':
		'Invoices go to their trust by post, so they are hidden in the portal. Cora signs off every text.',
	'Delta Dental': 'Opted out of impersonation after their own audit. Share screenshots instead.',
	'Echo Events': 'On pause between seasons. Dana from their side calls when it starts again.'
};
const OTHER_NOTES = [
	'Pays on the last day, always pays.',
	'Prefers calls before noon.',
	'Wants two options for every design, never three.'
];

/** One note in five is enough: most cards have none. */
const noteOf = (name: string, index: number): string =>
	NOTES[name] ?? (index % 5 === 2 ? (OTHER_NOTES[index % OTHER_NOTES.length] ?? '') : '');

const DAY_MS = 86_400_000;

/** @param index the client's place in the demo's list */
export function clientFacts(client: Pick<Client, 'name' | 'status'>, index: number, now: number): Facts {
	const street = STREETS[index % STREETS.length] ?? '';
	const town = TOWNS[index % TOWNS.length] ?? '';
	return {
		// Numbers that are kept free for stories.
		phone: `+44 1632 960${String(100 + index).padStart(3, '0')}`,
		address: `${3 + ((index * 7) % 90)} ${street}\n${town}`,
		taxId: `NW-${String(27_104 + index * 131)}`,
		internalNote: noteOf(client.name, index),
		archivedAt: client.status === 'archived' ? new Date(now - (20 + index) * DAY_MS) : null
	};
}

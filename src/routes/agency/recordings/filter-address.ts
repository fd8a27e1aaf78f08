import { choiceText } from './filter-choices.ts';
import type { PageData } from './$types';

type RecordingFilters = PageData['filters'];
type Choice = { id: string; name: string };
type Chip = { name: string; value: string; removeHref: string };

export type Choices = { clients: readonly Choice[]; staff: readonly Choice[] };
type Address = Readonly<Record<string, string | number | undefined>>;

/** What need not be said: it is so anyway. */
const USUAL = { page: 1, sort: '-when' };

/** Address with these filters; what is empty, or as usual, is left out. */
export function addressWith(path: string, filters: Address, usual: Address): string {
	const query = new URLSearchParams();
	// A zone says whose the days are, and nothing where there are none.
	const { zone: _zone, ...rest } = filters;
	const said = rest['from'] || rest['to'] ? filters : rest;
	for (const [name, value] of Object.entries(said))
		if (value !== undefined && value !== '' && value !== usual[name]) query.set(name, String(value));
	const text = query.toString();
	return text === '' ? path : `${path}?${text}`;
}

/** Address of the list with these filters. */
export const addressOf = (filters: RecordingFilters): string => addressWith('/recordings', filters, USUAL);

const NAMES = {
	client: 'Client',
	staff: 'Staff member',
	mode: 'Mode',
	review: 'Review',
	reason: 'Reason',
	did: 'Done',
	area: 'Opened',
	risk: 'Risk',
	length: 'Length',
	ticket: 'Ticket',
	seen: 'Seen',
	from: 'From',
	to: 'Until',
	refused: 'Refusals',
	incomplete: 'Recording',
	held: 'Hold'
} as const;

type Named = Partial<Pick<RecordingFilters, keyof typeof NAMES>>;

/** Every filter that is set, as it reads, with the address without it, as `without` makes it. */
export function chipsWith(
	filters: Named,
	{ clients, staff }: Choices,
	without: (one: Partial<Record<keyof typeof NAMES, undefined>>) => string
): Chip[] {
	const nameIn = (choices: readonly Choice[], id: string): string =>
		choices.find((choice) => choice.id === id)?.name ?? 'unknown';
	const texts: Record<keyof typeof NAMES, string | undefined> = {
		client: filters.client && nameIn(clients, filters.client),
		staff: filters.staff && nameIn(staff, filters.staff),
		mode: choiceText('mode', filters.mode),
		review: choiceText('review', filters.review),
		reason: choiceText('reason', filters.reason),
		did: choiceText('did', filters.did),
		area: choiceText('area', filters.area),
		risk: choiceText('risk', filters.risk),
		length: choiceText('length', filters.length),
		ticket: filters.ticket,
		seen: filters.seen && `“${filters.seen}”`,
		from: filters.from,
		to: filters.to,
		refused: filters.refused && 'with refusals',
		incomplete: filters.incomplete && 'incomplete',
		held: filters.held && 'on hold'
	};
	return (Object.keys(NAMES) as (keyof typeof NAMES)[]).flatMap((key) => {
		const value = texts[key];
		return value ? [{ name: NAMES[key], value, removeHref: without({ [key]: undefined }) }] : [];
	});
}

/** The same of the list. */
export const chipsOf = (filters: RecordingFilters, choices: Choices): Chip[] =>
	chipsWith(filters, choices, (without) => addressOf({ ...filters, ...without, page: 1 }));

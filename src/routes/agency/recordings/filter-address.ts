import type { PageData } from './$types';

type RecordingFilters = PageData['filters'];
type Choice = { id: string; name: string };
type Chip = { name: string; value: string; removeHref: string };

/** What need not be said: it is so anyway. */
const USUAL: Record<string, unknown> = { page: 1, sort: '-when' };

/** Address of the list with these filters; what is empty, or as usual, is left out. */
export function addressOf(filters: RecordingFilters): string {
	const query = new URLSearchParams();
	// A zone says whose the days are, and nothing where there are none.
	const { zone: _zone, ...rest } = filters;
	const said = rest.from || rest.to ? filters : rest;
	for (const [name, value] of Object.entries(said))
		if (value !== undefined && value !== '' && value !== USUAL[name]) query.set(name, String(value));
	const text = query.toString();
	return text === '' ? '/recordings' : `/recordings?${text}`;
}

const NAMES = {
	client: 'Client',
	staff: 'Staff member',
	mode: 'Mode',
	from: 'From',
	to: 'Until',
	refused: 'Refusals'
} as const;

/** Every filter that is set, as it reads, with the address without it. */
export function chipsOf(
	filters: RecordingFilters,
	{ clients, staff }: { clients: readonly Choice[]; staff: readonly Choice[] }
): Chip[] {
	const nameIn = (choices: readonly Choice[], id: string): string =>
		choices.find((choice) => choice.id === id)?.name ?? 'unknown';
	const texts: Record<keyof typeof NAMES, string | undefined> = {
		client: filters.client && nameIn(clients, filters.client),
		staff: filters.staff && nameIn(staff, filters.staff),
		mode: filters.mode && (filters.mode === 'act' ? 'Act' : 'View only'),
		from: filters.from,
		to: filters.to,
		refused: filters.refused && 'with refusals'
	};
	return (Object.keys(NAMES) as (keyof typeof NAMES)[]).flatMap((key) => {
		const value = texts[key];
		if (!value) return [];
		return [{ name: NAMES[key], value, removeHref: addressOf({ ...filters, [key]: undefined, page: 1 }) }];
	});
}

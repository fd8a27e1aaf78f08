import { RISKS } from '#domain/risk-words.ts';
import { VERDICTS } from '#domain/review.ts';
import type { PageData } from './$types';

type Filters = PageData['filters'];
type Choice = { id: string; name: string };
type Chip = { name: string; value: string; removeHref: string };

/** Address of the queue with these filters; what is empty, or as usual, is left out. */
export function addressOf(filters: Filters): string {
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(filters)) {
		const isUsual = (name === 'show' && value === 'open') || (name === 'page' && value === 1);
		if (value !== undefined && value !== '' && !isUsual) query.set(name, String(value));
	}
	const text = query.toString();
	return text === '' ? '/reviews' : `/reviews?${text}`;
}

/** Every filter that is set, as it reads, with the address without it. */
export function chipsOf(filters: Filters, choices: { clients: Choice[]; staff: Choice[] }): Chip[] {
	const nameIn = (list: Choice[], id: string): string => list.find((one) => one.id === id)?.name ?? 'unknown';
	const texts: [name: string, key: keyof Filters, value: string | undefined][] = [
		['Client', 'client', filters.client && nameIn(choices.clients, filters.client)],
		['Staff member', 'staff', filters.staff && nameIn(choices.staff, filters.staff)],
		['Why', 'why', filters.why && RISKS[filters.why].label],
		[
			'Verdict',
			'verdict',
			filters.verdict && filters.show === 'done' ? VERDICTS[filters.verdict].label : undefined
		],
		['Due', 'late', filters.late && filters.show !== 'done' ? 'overdue' : undefined]
	];
	return texts.flatMap(([name, key, value]) =>
		value ? [{ name, value, removeHref: addressOf({ ...filters, [key]: undefined, page: 1 }) }] : []
	);
}

import { ALERT_RULES } from '#domain/alert-words.ts';
import type { PageData } from './$types';

type Filters = PageData['filters'];
type Choice = { id: string; name: string };
type Chip = { name: string; value: string; removeHref: string };

/** Address of the list with these filters; what is empty, or as usual, is left out. */
export function addressOf(filters: Filters): string {
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(filters)) {
		const isUsual = (name === 'show' && value === 'open') || (name === 'page' && value === 1);
		if (value !== undefined && value !== '' && !isUsual) query.set(name, String(value));
	}
	const text = query.toString();
	return text === '' ? '/alerts' : `/alerts?${text}`;
}

/** Every filter that is set, as it reads, with the address without it. */
export function chipsOf(filters: Filters, staff: readonly Choice[]): Chip[] {
	const without = (key: keyof Filters) => addressOf({ ...filters, [key]: undefined, page: 1 });
	const chips: Chip[] = [];
	if (filters.rule)
		chips.push({ name: 'Rule', value: ALERT_RULES[filters.rule].label, removeHref: without('rule') });
	if (filters.staff) {
		const value = staff.find(({ id }) => id === filters.staff)?.name ?? 'unknown';
		chips.push({ name: 'Staff member', value, removeHref: without('staff') });
	}
	return chips;
}

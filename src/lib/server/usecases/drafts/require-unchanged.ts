// What the client reads is what the client approves: a draft whose thing has become another since is not carried out.
import { AppError } from '#domain/errors.ts';
import type { Described, Fact } from './draft-desk.ts';

type Words = Pick<Described, 'label' | 'facts'>;

const valueOf = (facts: Fact[], term: string) =>
	facts
		.filter((fact) => fact.term === term)
		.map((fact) => fact.value)
		.join('\n');

/** Terms only, no values: whoever approves may see less than the contact it was prepared for. */
function changedTerms(stored: Words, now: Words): string[] {
	const terms = new Set([...stored.facts, ...now.facts].map((fact) => fact.term));
	return [...terms].filter((term) => valueOf(stored.facts, term) !== valueOf(now.facts, term));
}

/** @throws AppError `conflict` */
export function requireUnchanged(stored: Words, now: Words): void {
	const changed = changedTerms(stored, now);
	if (stored.label !== now.label) changed.unshift('what it is about');
	if (changed.length === 0) return;
	throw new AppError(
		'conflict',
		`What was prepared has changed since: ${changed.join(', ')}. Nothing was done. Decline it, or ask for it anew.`
	);
}

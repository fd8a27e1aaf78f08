// Why something is shown or not, in words: the same for the pages that set it up and for whoever asks.
import { elementOf, type ElementKey } from './portal-elements.ts';
import type { Decision, Layer } from './visibility.ts';

const BY = {
	system: 'by default',
	agency: 'by agency default',
	client: 'by this client’s override',
	contact: 'by this person’s rights'
} as const;

/** "hidden by agency default", "shown by default", "hidden, because Tasks is hidden by agency default". */
export function decisionWords(key: ElementKey, decision: Decision): string {
	const element = elementOf(key);
	if (decision.allowed) return element.mayHide ? `shown ${BY[decision.because]}` : 'always shown';
	if (decision.because === 'contact') return `not within this person’s rights (${decision.missing})`;
	if (decision.by !== key)
		return `hidden, because ${elementOf(decision.by).label} is hidden ${BY[decision.because]}`;
	return `hidden ${BY[decision.because]}`;
}

/** "can be changed by default", "read-only by agency default". */
export const readonlyWords = ({ value, layer }: { value: boolean; layer: Layer }): string =>
	`${value ? 'read-only' : 'can be changed'} ${BY[layer]}`;

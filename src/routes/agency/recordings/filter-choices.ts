// What the filters of the list offer, and how each choice reads: the form, the chips and the address follow this one table.
import { ACTIONS, type ActionName } from '#domain/actions.ts';
import { REASONS } from '#domain/modes-and-reasons.ts';
import { AREAS } from '#domain/portal-elements.ts';
import { VERDICT_KEYS, VERDICTS } from '#domain/review.ts';
import type { PageData } from './$types';

type Filters = PageData['filters'];
type ChoiceName = 'mode' | 'review' | 'reason' | 'did' | 'area' | 'risk' | 'length';
type Option = { value: string; label: string };

/** Those behind "More filters". */
export const CHOICES: readonly {
	name: Exclude<ChoiceName, 'mode' | 'review'>;
	label: string;
	width: string;
}[] = [
	{ name: 'reason', label: 'Reason', width: 'w-36' },
	{ name: 'did', label: 'What was done', width: 'w-48' },
	{ name: 'area', label: 'What was opened', width: 'w-40' },
	{ name: 'risk', label: 'Risk', width: 'w-40' },
	{ name: 'length', label: 'Length', width: 'w-36' }
];

const FURTHER: readonly (keyof Filters)[] = [
	...CHOICES.map(({ name }) => name),
	'ticket',
	'seen',
	'refused',
	'incomplete',
	'held'
];

/** Whether a filter is set that stands behind "More filters". */
export const isFurther = (filters: Filters): boolean => FURTHER.some((name) => filters[name] !== undefined);

const named = (record: Readonly<Record<string, { label: string }>>): Option[] =>
	Object.entries(record).map(([value, { label }]) => ({ value, label }));

/** What can be done inside: in the portal. */
const DEEDS: Option[] = (Object.keys(ACTIONS) as ActionName[])
	.filter((name) => ACTIONS[name].element !== null)
	.map((name) => ({ value: name, label: ACTIONS[name].title }))
	.toSorted((a, b) => a.label.localeCompare(b.label, 'en'));

const OPTIONS: Record<ChoiceName, { any: string; options: Option[] }> = {
	mode: {
		any: 'Any mode',
		options: [
			{ value: 'view', label: 'View only' },
			{ value: 'act', label: 'Act' }
		]
	},
	review: {
		any: 'Reviewed or not',
		options: [
			{ value: 'waits', label: 'Waits for review' },
			{ value: 'done', label: 'Reviewed' },
			...VERDICT_KEYS.map((key) => ({ value: key, label: `Verdict: ${VERDICTS[key].label}` }))
		]
	},
	reason: {
		any: 'Any reason',
		options: Object.entries(REASONS).map(([value, label]) => ({ value, label }))
	},
	did: { any: 'Anything done', options: DEEDS },
	area: { any: 'Any page', options: named(AREAS) },
	risk: {
		any: 'Any risk',
		options: [
			{ value: 'high', label: 'High risk' },
			{ value: 'medium', label: 'Medium or high' },
			{ value: 'some', label: 'Any at all' }
		]
	},
	length: {
		any: 'Any length',
		options: ['5', '15', '30'].map((value) => ({ value, label: `${value} min or longer` }))
	}
};

export const optionsOf = (name: ChoiceName): Option[] => [
	{ value: '', label: OPTIONS[name].any },
	...OPTIONS[name].options
];

/** How a choice reads, or undefined where none is set. */
export const choiceText = (name: ChoiceName, value: string | undefined): string | undefined =>
	OPTIONS[name].options.find((option) => option.value === value)?.label;

// How an offer of the demo's studio is written down. Amounts in cents.
import type { IntakeKind, IntakeQuestion } from '#domain/intake-kinds.ts';
import type { Charge } from '#domain/shown-service.ts';

type Pack = [name: string, price: number, billing: Charge, features: string[], more?: { max?: number }];
type Extra = [name: string, price: number, description: string, max?: number];
type Task = [
	title: string,
	waitingOn: 'client' | 'agency',
	dueAfterDays: number | null,
	internal?: 'internal'
];
export type Offer = {
	name: string;
	category: string;
	summary: string;
	description: string;
	packages: Pack[];
	addOns: Extra[];
	faq: [question: string, answer: string][];
	questions: IntakeQuestion[];
	tasks: Task[];
	status?: 'draft' | 'archived';
	chosen?: true;
};

export const ask = (
	key: string,
	label: string,
	kind: IntakeKind,
	more: Partial<IntakeQuestion> = {}
): IntakeQuestion => ({
	key,
	label,
	kind,
	required: false,
	hint: '',
	options: [],
	min: null,
	max: null,
	...more
});
export const must = { required: true };

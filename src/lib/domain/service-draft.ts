// A service while it is edited: all that was typed, as text, with rows that come and go. One shape for the form without
// script (flat fields) and with it (state), so that both do the same to the rows.
import { hasOptions, INTAKE_KINDS, type IntakeKind } from './intake-kinds.ts';
import type { Charge, ShownService } from './shown-service.ts';
import { isCurrency, typedAmount } from './typed-amount.ts';

const EMPTY = {
	packages: {
		id: '',
		name: '',
		description: '',
		features: '',
		price: '',
		billing: 'once',
		maxQuantity: '1'
	},
	addOns: { id: '', name: '', description: '', price: '', maxQuantity: '1' },
	faq: { question: '', answer: '' },
	questions: {
		key: '',
		label: '',
		kind: 'short_text',
		required: '',
		hint: '',
		options: '',
		min: '',
		max: ''
	},
	tasks: { title: '', description: '', waitingOn: 'agency', dueAfterDays: '', visible: '1' }
} as const;

export type RowList = keyof typeof EMPTY;
type Row<L extends RowList> = Record<keyof (typeof EMPTY)[L], string>;

/** Check boxes are '1' or ''. */
export type ServiceDraft = {
	name: string;
	category: string;
	summary: string;
	description: string;
	currency: string;
	visibleTo: string;
	packages: Row<'packages'>[];
	addOns: Row<'addOns'>[];
	faq: Row<'faq'>[];
	questions: Row<'questions'>[];
	tasks: Row<'tasks'>[];
};

export const ROW_LISTS = Object.keys(EMPTY) as RowList[];

/** Rows of one list; more would not fit one request, nor anybody's patience. */
export const MAX_ROWS: Record<RowList, number> = {
	packages: 10,
	addOns: 20,
	faq: 20,
	questions: 30,
	tasks: 20
};

const isList = (text: string | undefined): text is RowList => ROW_LISTS.some((list) => list === text);

export const emptyDraft = (currency: string): ServiceDraft => ({
	name: '',
	category: '',
	summary: '',
	description: '',
	currency,
	visibleTo: 'all',
	packages: [{ ...EMPTY.packages }],
	addOns: [],
	faq: [],
	questions: [],
	tasks: []
});

/** Name of the field that holds one cell: "packages.0.price". */
export const cellField = (list: RowList, row: number, name: string): string => `${list}.${row}.${name}`;

type Fields = Readonly<Record<string, string>>;

/** The rows of a list out of flat fields, in their order; numbers may have holes where rows were taken away. */
function rowsOf<L extends RowList>(fields: Fields, list: L): Row<L>[] {
	const prefix = `${list}.`;
	const numbers = new Set<number>();
	for (const name of Object.keys(fields)) {
		const match = name.startsWith(prefix) ? /^(\d{1,4})\./.exec(name.slice(prefix.length)) : null;
		if (match) numbers.add(Number(match[1]));
	}
	return [...numbers]
		.toSorted((a, b) => a - b)
		.slice(0, MAX_ROWS[list])
		.map(
			(row) =>
				Object.fromEntries(
					Object.keys(EMPTY[list]).map((name) => [name, fields[cellField(list, row, name)] ?? ''])
				) as Row<L>
		);
}

/** What a form sent, as it was typed; nothing is judged here. */
export const draftOf = (fields: Fields): ServiceDraft => ({
	name: fields['name'] ?? '',
	category: fields['category'] ?? '',
	summary: fields['summary'] ?? '',
	description: fields['description'] ?? '',
	currency: (fields['currency'] ?? '').trim().toUpperCase(),
	visibleTo: fields['visibleTo'] ?? 'all',
	packages: rowsOf(fields, 'packages'),
	addOns: rowsOf(fields, 'addOns'),
	faq: rowsOf(fields, 'faq'),
	questions: rowsOf(fields, 'questions'),
	tasks: rowsOf(fields, 'tasks')
});

/** A row added, taken away or moved: "add:faq", "remove:faq:2", "up:faq:2". What makes no sense changes nothing. */
export function changeRows(draft: ServiceDraft, operation: string): ServiceDraft {
	const [verb, list, number] = operation.split(':');
	if (!isList(list)) return draft;
	const rows: Record<string, string>[] = [...draft[list]];
	const at = Number(number);
	if (verb === 'add' && rows.length < MAX_ROWS[list]) rows.push({ ...EMPTY[list] });
	const row = rows[at];
	if (verb === 'remove' && row) rows.splice(at, 1);
	const above = rows[at - 1];
	if (verb === 'up' && row && above) rows.splice(at - 1, 2, row, above);
	return { ...draft, [list]: rows };
}

export const linesOf = (text: string): string[] =>
	text
		.split('\n')
		.map((line) => line.trim())
		.filter(Boolean);

const CHARGED: Record<string, Charge> = { once: 'once', month: 'month', year: 'year' };

/** What the client would see of it now; what cannot be read yet shows as nothing. */
export function shownDraft(draft: ServiceDraft): ShownService {
	const currency = isCurrency(draft.currency) ? draft.currency : null;
	const price = (text: string) => {
		const minor = currency ? typedAmount(text, currency) : null;
		return currency && minor !== null ? { minor, currency } : null;
	};
	return {
		id: 'preview',
		name: draft.name || 'Untitled service',
		category: draft.category,
		summary: draft.summary,
		description: draft.description,
		packages: draft.packages.map((row, index) => ({
			id: row.id || `new-${index}`,
			name: row.name || 'Untitled package',
			description: row.description,
			features: linesOf(row.features),
			price: price(row.price),
			billing: CHARGED[row.billing] ?? 'once',
			maxQuantity: Number(row.maxQuantity) || 1
		})),
		addOns: draft.addOns.map((row, index) => ({
			id: row.id || `new-${index}`,
			name: row.name || 'Untitled add-on',
			description: row.description,
			price: price(row.price),
			maxQuantity: Number(row.maxQuantity) || 1
		})),
		faq: draft.faq.filter((row) => row.question),
		questions: draft.questions
			.filter((row) => row.label)
			.map((row, index) => {
				const kind = Object.hasOwn(INTAKE_KINDS, row.kind) ? (row.kind as IntakeKind) : 'short_text';
				return {
					key: row.key || `new_${index}`,
					label: row.label,
					kind,
					required: row.required === '1',
					hint: row.hint,
					options: hasOptions(kind) ? linesOf(row.options) : [],
					min: null,
					max: null
				};
			})
	};
}

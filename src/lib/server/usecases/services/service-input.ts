// What staff may store of a service: the draft they typed, judged field by field. Faults carry the name of their field.
import { z } from 'zod';
import { questionSchema } from '#domain/intake.ts';
import type { IntakeQuestion } from '#domain/intake-kinds.ts';
import { linesOf, type ServiceDraft } from '#domain/service-draft.ts';
import { isCurrency, typedAmount } from '#domain/typed-amount.ts';
import { isUuid } from '#domain/ids.ts';

const MAX_QUANTITY = 99;
const MAX_DUE_DAYS = 3_650;

const line = (what: string, most: number) =>
	z.string().trim().min(1, `${what} is missing.`).max(most, `Keep it under ${most} characters.`);
const text = (most: number) =>
	z
		.string()
		.trim()
		.max(most, `Keep it under ${most.toLocaleString('en')} characters.`);
const rowId = z
	.string()
	.refine((id) => id === '' || isUuid(id), 'This row is not known. Reload the page.')
	.transform((id) => id || null);
const quantity = z
	.string()
	.trim()
	.regex(/^\d{1,2}$/, `A whole number from 1 to ${MAX_QUANTITY}.`)
	.transform(Number)
	.refine((n) => n >= 1 && n <= MAX_QUANTITY, `A whole number from 1 to ${MAX_QUANTITY}.`);
const amount = (currency: string) =>
	z.string().transform((typed, context) => {
		const minor = typedAmount(typed, currency);
		if (minor !== null) return minor;
		context.addIssue({ code: 'custom', message: 'Write an amount, such as 490 or 490.00.' });
		return z.NEVER;
	});
const features = z
	.string()
	.transform(linesOf)
	.pipe(
		z.array(z.string().max(200, 'Keep each feature under 200 characters.')).max(30, 'At most 30 features.')
	);

const packageRow = (currency: string) =>
	z
		.object({
			id: rowId,
			name: line('The name', 120),
			description: text(1_000),
			features,
			price: amount(currency),
			billing: z.enum(['once', 'month', 'year'], 'Choose how it is charged.'),
			maxQuantity: quantity
		})
		.refine((row) => row.billing === 'once' || row.maxQuantity === 1, {
			path: ['maxQuantity'],
			message: 'What is charged again and again is ordered once: set 1.'
		});

const addOnRow = (currency: string) =>
	z.object({
		id: rowId,
		name: line('The name', 120),
		description: text(1_000),
		price: amount(currency),
		maxQuantity: quantity
	});

const faqRow = z.object({ question: line('The question', 300), answer: line('The answer', 5_000) });

const taskRow = z.object({
	title: line('The title', 200),
	description: text(5_000),
	waitingOn: z.enum(['client', 'agency'], 'Choose who it waits on.'),
	dueAfterDays: z
		.string()
		.trim()
		.regex(/^\d{0,4}$/, 'A whole number of days.')
		.transform((days) => (days === '' ? null : Number(days)))
		.refine((days) => days === null || days <= MAX_DUE_DAYS, `At most ${MAX_DUE_DAYS} days.`),
	visible: z.string().transform((box) => box === '1')
});

const bound = z
	.string()
	.trim()
	.regex(/^(-?\d{1,9}(\.\d{1,3})?)?$/, 'A number, or nothing.')
	.transform((typed) => (typed === '' ? null : Number(typed)));

const questionRow = z
	.object({
		key: z.string(),
		label: z.string(),
		kind: z.string(),
		required: z.string().transform((box) => box === '1'),
		hint: z.string(),
		options: z.string().transform(linesOf),
		min: bound,
		max: bound
	})
	.transform((row, context): IntakeQuestion => {
		// A new question gets its key from the server; here it only has to be one.
		const parsed = questionSchema.safeParse({ ...row, key: row.key || NEW_KEY });
		if (parsed.success) return parsed.data;
		for (const { path, message } of parsed.error.issues)
			context.addIssue({ code: 'custom', path: [...path], message });
		return z.NEVER;
	});

const NEW_KEY = 'new';

/** Keys stay with their question for ever, since answers refer to them; new ones are the words of the question. */
function withKeys(questions: readonly IntakeQuestion[]): IntakeQuestion[] {
	const taken = new Set<string>();
	const free = (base: string): string => {
		let key = base;
		for (let n = 2; taken.has(key); n += 1) key = `${base.slice(0, 36)}_${n}`;
		return key;
	};
	return questions.map((question) => {
		const words = question.label
			.toLowerCase()
			.replaceAll(/[^a-z0-9]+/g, '_')
			.replaceAll(/^[^a-z]+|_+$/g, '')
			.slice(0, 32);
		const key = free(question.key === NEW_KEY ? words || 'question' : question.key);
		taken.add(key);
		return { ...question, key };
	});
}

const inputOf = (currency: string) =>
	z.object({
		name: line('The name', 120),
		category: text(60),
		summary: text(300),
		description: text(10_000),
		currency: z.string().refine(isCurrency, 'Write a currency, such as EUR or USD.'),
		visibleTo: z.enum(['all', 'chosen'], 'Choose who sees it.'),
		packages: z.array(packageRow(currency)),
		addOns: z.array(addOnRow(currency)),
		faq: z.array(faqRow),
		questions: z.array(questionRow).transform(withKeys),
		tasks: z.array(taskRow)
	});
export type ServiceInput = z.infer<ReturnType<typeof inputOf>>;

export type CheckedService =
	{ ok: true; input: ServiceInput } | { ok: false; issues: Record<string, string> };

/** Judges a draft; issues are named by the field they belong to ("packages.0.price"). */
export function checkService(draft: ServiceDraft): CheckedService {
	const parsed = inputOf(isCurrency(draft.currency) ? draft.currency : 'EUR').safeParse(draft);
	if (parsed.success) return { ok: true, input: parsed.data };
	const issues: Record<string, string> = {};
	for (const issue of parsed.error.issues) issues[issue.path.join('.')] ??= issue.message;
	return { ok: false, issues };
}

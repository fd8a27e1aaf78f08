// The form that an order asks to be filled in: from the definition an agency stored to a check of what came back.
// Both sides are hostile: a definition may be old or forged, an answer may be anything.
import { z } from 'zod';
import {
	answerField,
	hasBounds,
	hasOptions,
	INTAKE_KINDS,
	MAX_LONG_TEXT,
	MAX_OPTIONS,
	MAX_QUESTIONS,
	MAX_SHORT_TEXT,
	type GivenAnswer,
	type IntakeAnswer,
	type IntakeKind,
	type IntakeQuestion
} from './intake-kinds.ts';

const KINDS = Object.keys(INTAKE_KINDS) as [IntakeKind, ...IntakeKind[]];
const MAX_NUMBER = 1_000_000_000_000;
const bound = z.number().finite().min(-MAX_NUMBER).max(MAX_NUMBER).nullable().default(null);

/** What an agency may store for one question. */
export const questionSchema = z
	.object({
		key: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'A key is lower case letters, digits and _.'),
		label: z.string().trim().min(1, 'Say what is asked.').max(200, 'Keep a question under 200 characters.'),
		kind: z.enum(KINDS, 'Choose a kind.'),
		required: z.boolean().default(false),
		hint: z.string().trim().max(300, 'Keep a hint under 300 characters.').default(''),
		options: z
			.array(z.string().trim().min(1).max(200, 'Keep a choice under 200 characters.'))
			.max(MAX_OPTIONS, `At most ${MAX_OPTIONS} choices.`)
			.default([]),
		min: bound,
		max: bound
	})
	.refine((q) => !hasOptions(q.kind) || new Set(q.options).size >= 2, {
		path: ['options'],
		message: 'Give at least two different choices, one a line.'
	})
	.refine((q) => q.min === null || q.max === null || q.min <= q.max, {
		path: ['max'],
		message: 'The largest is below the smallest.'
	})
	.transform((q): IntakeQuestion => {
		const bounded = hasBounds(q.kind);
		return {
			...q,
			options: hasOptions(q.kind) ? [...new Set(q.options)] : [],
			min: bounded ? q.min : null,
			max: bounded ? q.max : null
		};
	});

/** The questions that a stored definition still makes sense of: one that does not is left out, never an error of ours. */
export function readQuestions(stored: unknown): IntakeQuestion[] {
	if (!Array.isArray(stored)) return [];
	const found = new Map<string, IntakeQuestion>();
	for (const one of stored.slice(0, MAX_QUESTIONS)) {
		const parsed = questionSchema.safeParse(one);
		if (parsed.success && !found.has(parsed.data.key)) found.set(parsed.data.key, parsed.data);
	}
	return [...found.values()];
}

const atMost = (asked: number | null, ours: number): number =>
	asked === null || asked < 1 ? ours : Math.min(Math.floor(asked), ours);

function textSchema({ min, max }: IntakeQuestion, ours: number) {
	const most = atMost(max, ours);
	const least = min === null ? 0 : Math.min(Math.max(0, Math.floor(min)), most);
	return z
		.string('Write a text.')
		.trim()
		.min(least, `Write at least ${least} characters.`)
		.max(most, `Keep it under ${most} characters.`);
}

function numberSchema({ min, max }: IntakeQuestion) {
	const low = min ?? -MAX_NUMBER;
	const high = max ?? MAX_NUMBER;
	return (
		z
			.string('Write a number.')
			.trim()
			// Plain decimals only: Number() also takes "0x10", "1e9" and "Infinity", which nobody means by a number.
			.regex(/^-?\d{1,13}(\.\d{1,6})?$/, 'Write a number, such as 12 or 12.5.')
			.refine((text) => Number(text) >= low, `The smallest is ${low}.`)
			.refine((text) => Number(text) <= high, `The largest is ${high}.`)
	);
}

function picksSchema({ options, required, min, max }: IntakeQuestion) {
	const least = Math.min(Math.max(min ?? 0, required ? 1 : 0), options.length);
	const most = Math.max(1, Math.min(max ?? options.length, options.length));
	return z
		.array(
			z.enum(options as [string, ...string[]], 'This is not one of the choices.'),
			'Choose from the list.'
		)
		.min(least, `Choose at least ${least}.`)
		.max(most, `Choose at most ${most}.`)
		.refine((picked) => new Set(picked).size === picked.length, 'A choice was sent twice.');
}

/** The schema of an answer that was given to this question. */
export function answerSchema(question: IntakeQuestion): z.ZodType<string | string[]> {
	switch (question.kind) {
		case 'short_text':
			return textSchema(question, MAX_SHORT_TEXT);
		case 'long_text':
			return textSchema(question, MAX_LONG_TEXT);
		case 'number':
			return numberSchema(question);
		case 'date':
			return z.iso.date('Choose a date.');
		case 'choice':
			return z.enum(question.options as [string, ...string[]], 'Choose one from the list.');
		case 'multiple':
			return picksSchema(question);
		case 'yes_no':
			return z.enum(['Yes', 'No'], 'Choose Yes or No.');
		case 'link':
			// Attack: a `javascript:` address that staff would open from the order.
			return z
				.string('Write a link.')
				.trim()
				.max(MAX_SHORT_TEXT, `Keep it under ${MAX_SHORT_TEXT} characters.`)
				.pipe(z.url({ protocol: /^https?$/, error: 'Write a whole address, such as https://example.com.' }));
		case 'email':
			return z
				.string('Write an e-mail address.')
				.trim()
				.max(254)
				.pipe(z.email('Write an e-mail address, such as name@example.com.'));
	}
}

const isBlank = (value: string | string[] | undefined): boolean =>
	value === undefined || (typeof value === 'string' ? value.trim() === '' : value.length === 0);

const REQUIRED: Record<IntakeKind, string> = {
	short_text: 'Please fill this in.',
	long_text: 'Please fill this in.',
	number: 'Please write a number.',
	date: 'Please choose a date.',
	choice: 'Please choose one.',
	multiple: 'Please choose at least one.',
	yes_no: 'Please choose Yes or No.',
	link: 'Please add a link.',
	email: 'Please write an e-mail address.'
};

export type CheckedAnswers = {
	answers: IntakeAnswer[];
	/** By field of the form; '' for what belongs to none. */
	issues: Record<string, string>;
};

/** What was answered against what is asked. Nothing that is not asked is ever kept. */
export function checkAnswers(
	questions: readonly IntakeQuestion[],
	given: readonly GivenAnswer[]
): CheckedAnswers {
	const byKey = new Map(given.map((answer) => [answer.key, answer.value]));
	const asked = new Set(questions.map((question) => question.key));
	const checked: CheckedAnswers = { answers: [], issues: {} };
	if (byKey.size !== given.length || given.some(({ key }) => !asked.has(key)))
		checked.issues[''] = 'The questions of this order have changed. Reload the page and fill them in again.';
	for (const question of questions) {
		const value = byKey.get(question.key);
		const { key, label, kind, required } = question;
		if (isBlank(value)) {
			if (required) checked.issues[answerField(key)] = REQUIRED[kind];
			continue;
		}
		const parsed = answerSchema(question).safeParse(value);
		if (parsed.success) checked.answers.push({ key, label, kind, value: parsed.data });
		else checked.issues[answerField(key)] = parsed.error.issues[0]?.message ?? 'This cannot be right.';
	}
	return checked;
}

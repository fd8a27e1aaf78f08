// What an order's form may ask. Kept apart from its schema, so that the browser's builder does without zod.
// Kinds are stored in services and orders: added, never renamed [H4].

export const INTAKE_KINDS = {
	short_text: 'Short text',
	long_text: 'Long text',
	number: 'Number',
	date: 'Date',
	choice: 'One of several',
	multiple: 'Any of several',
	yes_no: 'Yes or no',
	link: 'Link',
	email: 'E-mail'
} as const;
export type IntakeKind = keyof typeof INTAKE_KINDS;

/** Kinds whose answer is picked from a list that the agency wrote. */
export const hasOptions = (kind: IntakeKind): boolean => kind === 'choice' || kind === 'multiple';

/** Kinds that `min` and `max` bound: a number itself, how many signs of a text, how many picks. */
export const hasBounds = (kind: IntakeKind): boolean =>
	kind === 'number' || kind === 'multiple' || kind === 'short_text' || kind === 'long_text';

export type IntakeQuestion = {
	key: string;
	label: string;
	kind: IntakeKind;
	required: boolean;
	hint: string;
	options: string[];
	min: number | null;
	max: number | null;
};

/** One answer as it is kept with its order, with the question as it was asked. */
export type IntakeAnswer = { key: string; label: string; kind: IntakeKind; value: string | string[] };

/** What a form sent for one question. */
export type GivenAnswer = { key: string; value: string | string[] };

/** No text is longer than this, whatever the agency allows. */
export const MAX_SHORT_TEXT = 500;
export const MAX_LONG_TEXT = 10_000;
/** Longer forms are left half filled in; and each question is a field of one request. */
export const MAX_QUESTIONS = 30;
export const MAX_OPTIONS = 20;

/** The field of a form that holds the answer; picks of several get the number of their option behind it. */
export const answerField = (key: string, option?: number): string =>
	option === undefined ? `answer.${key}` : `answer.${key}.${option}`;

// An order as a form sends it, on either side. Plain JSON in one object: a prepared order is stored and run again.
import { z } from 'zod';
import { MAX_LONG_TEXT, MAX_OPTIONS, MAX_QUESTIONS, type GivenAnswer } from '#domain/intake-kinds.ts';

const MAX_QUANTITY = 99;
const MAX_ADD_ONS = 20;

const quantity = z.number().int().min(1).max(MAX_QUANTITY);
const answerText = z.string().max(MAX_LONG_TEXT * 4, 'An answer is too long. Shorten it.');

export const orderInput = z.object({
	serviceId: z.uuid(),
	packageId: z.uuid('Choose a package.'),
	quantity,
	addOns: z.array(z.object({ id: z.uuid(), quantity })).max(MAX_ADD_ONS),
	answers: z
		.array(
			z.object({
				key: z.string().max(60),
				value: z.union([answerText, z.array(answerText).max(MAX_OPTIONS)])
			})
		)
		.max(MAX_QUESTIONS * 2),
	/** What the buyer saw as the total; null where prices are hidden from them. */
	expectedTotalMinor: z.number().int().min(0).nullable(),
	/** Of this form: sent twice it is one order. */
	key: z.uuid()
});
export type OrderInput = z.infer<typeof orderInput>;

/** A choice before it is confirmed: no total was seen yet. */
export type OrderChoice = Omit<OrderInput, 'expectedTotalMinor' | 'key'>;

const whole = (text: string | undefined): number =>
	/^-?\d{1,9}$/.test(text ?? '') ? Number(text) : Number.NaN;

/** Fields "answer.key" and "answer.key.3"; picks of one question come together. */
function answersOf(fields: Readonly<Record<string, string>>): GivenAnswer[] {
	const single: GivenAnswer[] = [];
	const picks = new Map<string, string[]>();
	for (const [name, value] of Object.entries(fields)) {
		const match = /^answer\.([^.]{1,60})(\.\d{1,3})?$/.exec(name);
		if (!match?.[1]) continue;
		if (!match[2]) single.push({ key: match[1], value });
		else picks.set(match[1], [...(picks.get(match[1]) ?? []), value]);
	}
	return [...single, ...[...picks].map(([key, value]) => ({ key, value }))];
}

/** "addon.ID" holds a quantity; nothing or 0 is not wanted. */
const addOnsOf = (fields: Readonly<Record<string, string>>) =>
	Object.entries(fields)
		.filter(([name, value]) => name.startsWith('addon.') && value.trim() !== '' && value.trim() !== '0')
		.map(([name, value]) => ({ id: name.slice('addon.'.length), quantity: whole(value.trim()) }));

const fieldsToChoice = (fields: Readonly<Record<string, string>>) => ({
	serviceId: fields['service'] ?? '',
	packageId: fields['package'] ?? '',
	quantity: whole(fields['quantity']?.trim() || '1'),
	addOns: addOnsOf(fields),
	answers: answersOf(fields)
});

/** The fields of an order among all that a form sent, so that a review can carry them along. */
const orderFields = (sent: Readonly<Record<string, string>>): Record<string, string> =>
	Object.fromEntries(
		Object.entries(sent).filter(([name]) => /^(service|package|quantity|addon\..+|answer\..+)$/.test(name))
	);

const sentFields = z.record(z.string(), z.string());

/** Flat fields of the first step: what was chosen, and the fields themselves. */
export const choiceForm = sentFields
	.transform((sent) => ({ ...fieldsToChoice(sent), fields: orderFields(sent) }))
	.pipe(orderInput.omit({ expectedTotalMinor: true, key: true }).extend({ fields: sentFields }))
	.transform(({ fields, ...choice }) => ({ choice, fields }));

/** Flat fields of the review, which carries all of the first step along. */
export const orderForm = sentFields
	.transform((sent) => ({
		...fieldsToChoice(sent),
		expectedTotalMinor: sent['total'] ? whole(sent['total']) : null,
		key: sent['key'] ?? '',
		fields: orderFields(sent)
	}))
	.pipe(orderInput.extend({ fields: sentFields }))
	.transform(({ fields, ...input }) => ({ input, fields }));

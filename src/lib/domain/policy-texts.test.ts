import { describe, expect, it } from 'vitest';
import { policySchema, type Policy } from './policy.ts';
import { POLICY_GROUPS, POLICY_TEXTS, policyValueText } from './policy-texts.ts';

const defaults = policySchema.parse({});
const keys = Object.keys(defaults) as (keyof Policy)[];

describe('the rules of impersonation in words', () => {
	it('stand on the page once each, and no rule is missing', () => {
		expect(POLICY_GROUPS.flatMap((group) => group.keys).toSorted()).toEqual(keys.toSorted());
	});

	it.each(keys)('%s has the control its value needs', (key) => {
		const kind = { boolean: 'switch', number: 'number', string: 'choice' }[typeof defaults[key] as 'string'];
		expect(POLICY_TEXTS[key].kind).toBe(kind);
	});

	it.each(keys)('%s takes what its control offers, and nothing beyond', (key) => {
		const takes = (value: unknown) => policySchema.safeParse({ ...defaults, [key]: value }).success;
		const text = POLICY_TEXTS[key];
		if (text.kind === 'number')
			expect([text.min, text.max, text.min - 1, text.max + 1].map(takes)).toEqual([true, true, false, false]);
		if (text.kind === 'choice') {
			expect(text.options.every((option) => takes(option.value))).toBe(true);
			expect(takes('sometimes')).toBe(false);
		}
	});

	it('says a value as a person would', () => {
		expect(policyValueText('allowAct', false)).toBe('off');
		expect(policyValueText('hardLimitMinutes', 45)).toBe('45 minutes');
		expect(policyValueText('consent', 'grant')).toBe('A grant is needed');
	});
});

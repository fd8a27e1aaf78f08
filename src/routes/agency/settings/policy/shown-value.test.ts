import { describe, expect, it } from 'vitest';
import { policySchema } from '#domain/policy.ts';
import { shownValue } from './shown-value.ts';

const stored = {
	...policySchema.parse({}),
	consent: 'none',
	reasonRequired: true,
	ticketRequired: false
} as const;
const sent = { consent: 'grant', ticketRequired: 'on', hardLimitMinutes: '900' };

describe('the rules of the policy in their form', () => {
	it('are what is stored while nothing was sent', () => {
		for (const key of ['consent', 'reasonRequired', 'hardLimitMinutes'] as const)
			expect(shownValue(key, stored, {})).toBe(stored[key]);
	});
	it('keep what was sent of every kind after a fault, with a switch put off among it', () => {
		expect(shownValue('consent', stored, sent)).toBe('grant');
		expect(shownValue('ticketRequired', stored, sent)).toBe(true);
		expect(shownValue('reasonRequired', stored, sent)).toBe(false);
		expect(shownValue('hardLimitMinutes', stored, sent)).toBe('900');
	});
});

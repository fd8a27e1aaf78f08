import { describe, expect, it } from 'vitest';
import { dueMinor, methodLabel, requireDraft, requireOpen, stateOf } from './invoice.ts';

const open = { status: 'open', totalMinor: 12_000, paidMinor: 0, overdue: false, claimed: false } as const;

describe('where an invoice stands', () => {
	it('is due only while it is open, less what was paid', () => {
		expect(dueMinor({ ...open, paidMinor: 2_000 })).toBe(10_000);
		for (const status of ['draft', 'paid', 'void'] as const) expect(dueMinor({ ...open, status })).toBe(0);
	});

	it('says the claim before the lateness, and the lateness before a part payment', () => {
		expect(stateOf({ ...open, claimed: true, overdue: true })).toBe('claimed');
		expect(stateOf({ ...open, overdue: true, paidMinor: 1 })).toBe('overdue');
		expect(stateOf({ ...open, paidMinor: 1 })).toBe('partly');
		expect(stateOf(open)).toBe('open');
		expect(stateOf({ ...open, status: 'void', overdue: true })).toBe('void');
	});

	it('takes money only for open ones and changes only drafts', () => {
		for (const status of ['draft', 'paid', 'void'] as const) expect(() => requireOpen(status)).toThrow();
		expect(() => requireOpen('open')).not.toThrow();
		for (const status of ['open', 'paid', 'void'] as const)
			expect(() => requireDraft(status)).toThrow('cannot be changed');
	});

	it('names a method it does not know as it is stored', () => {
		expect([methodLabel('transfer'), methodLabel('cheque')]).toEqual(['Bank transfer', 'cheque']);
	});
});

import { describe, expect, it } from 'vitest';
import { ACTIONS, type ActionEntry } from './actions.ts';
import { mayDoNow, type Standing } from './impersonation.ts';

/** Everything a staff member could hope for. */
const BEST: Standing = {
	ended: false,
	overdue: false,
	frozen: null,
	viewOnlyBy: null,
	steered: null,
	mode: 'act',
	staffMayStay: true,
	staffMayAct: true,
	draftsSensitive: false,
	pageRecorded: true
};
const entries = Object.entries(ACTIONS) as [string, ActionEntry][];
const codeOf = (entry: ActionEntry, standing: Standing) => {
	const verdict = mayDoNow(entry, standing);
	return verdict.allowed ? 'allowed' : verdict.code;
};

describe('what only the client may do', () => {
	const forbidden = entries.filter(([, entry]) => entry.sensitivity === 'forbidden');

	it('covers credentials, sessions, people, consent, drafts, visits and what tells the client', () => {
		expect(forbidden.map(([name]) => name).toSorted()).toEqual(
			[
				'consent.changed',
				'consent.granted',
				'consent.withdrawn',
				'contact.invited',
				'contact.removed',
				'contact.restored',
				'contact.rights_changed',
				'credentials.changed',
				'draft.approved',
				'draft.declined',
				'notifications.changed',
				'session.ended',
				'session.signed_in',
				'session.signed_out',
				'two_factor.disabled',
				'two_factor.enabled',
				'visit.ended'
			].toSorted()
		);
	});

	it.each(forbidden.map(([name]) => name))('%s is refused in both modes, by its own sentence', (name) => {
		const entry = ACTIONS[name as keyof typeof ACTIONS] as ActionEntry;
		for (const mode of ['view', 'act'] as const)
			expect(mayDoNow(entry, { ...BEST, mode })).toEqual({
				allowed: false,
				code: 'forbidden',
				sentence: 'Only the client can do this. It is never possible while impersonating.'
			});
		// Neither a freeze nor the wish for approval tells anything else: it is never a matter of the moment.
		expect(codeOf(entry, { ...BEST, frozen: { note: '', by: '' }, draftsSensitive: true })).toBe('forbidden');
	});
});

describe('every other change of the portal', () => {
	const changes = entries.filter(
		([, entry]) => entry.element && entry.kind === 'change' && entry.sensitivity !== 'forbidden'
	);

	it.each(changes)('%s waits for act mode, the right to act, and a recorded page', (_name, entry) => {
		expect(codeOf(entry, BEST)).toBe('allowed');
		expect(codeOf(entry, { ...BEST, mode: 'view' })).toBe('view_only');
		expect(codeOf(entry, { ...BEST, staffMayAct: false })).toBe('view_only');
		expect(codeOf(entry, { ...BEST, pageRecorded: false })).toBe('no_recorder');
		expect(codeOf(entry, { ...BEST, frozen: { note: 'Wait', by: 'Sofia' } })).toBe('frozen');
		expect(codeOf(entry, { ...BEST, draftsSensitive: true })).toBe(
			entry.mayDraft ? 'needs_approval' : 'allowed'
		);
	});

	it('is over with the impersonation, whatever else holds', () => {
		for (const [, entry] of changes)
			for (const over of [{ ended: true }, { overdue: true }, { staffMayStay: false }])
				expect(codeOf(entry, { ...BEST, ...over })).toBe('impersonation_over');
	});
});

it('lets nothing but sensitive actions wait for approval', () => {
	for (const [name, entry] of entries)
		if (entry.mayDraft) expect([name, entry.sensitivity]).toEqual([name, 'sensitive']);
});

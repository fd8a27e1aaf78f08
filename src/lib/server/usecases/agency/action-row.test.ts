import { describe, expect, it } from 'vitest';
import { toActionRow, type StoredAction } from './action-row.ts';

const stored = (more: Partial<StoredAction>): StoredAction => ({
	seq: '7',
	at: 0,
	action: 'consent.granted',
	outcome: 'done',
	refusal: null,
	actorKind: 'client',
	staff: null,
	contact: 'Bea Morgan',
	client_id: 'c1',
	client_name: 'Bluebird Bakery',
	subject_type: 'client',
	subject_id: 'c1',
	subject_label: null,
	impersonation_id: null,
	started_at: null,
	ticket: null,
	mode: null,
	inside_staff: null,
	inside_contact: null,
	...more
});
const labelOf = (more: Partial<StoredAction>) => toActionRow(stored(more)).subject?.label;

describe('what a row without a name of its own was about', () => {
	it('is the account it stands under, and no other', () => {
		expect(labelOf({})).toBe('Bluebird Bakery');
		expect(labelOf({ subject_id: 'c2' })).toBeNull();
	});

	it('is the contact whom a refused start was for', () => {
		const refused = { action: 'impersonation.started', outcome: 'refused', actorKind: 'staff' } as const;
		const about = { subject_type: 'contact', subject_id: 'k1' };
		expect(labelOf({ ...refused, ...about })).toBe('Bea Morgan');
		// Done by Bea, about somebody else.
		expect(labelOf({ action: 'contact.rights_changed', outcome: 'refused', ...about })).toBeNull();
	});

	it('is who was whom, and a stored name before everything', () => {
		const stay = { subject_type: 'impersonation', inside_staff: 'Maya', inside_contact: 'Bea' };
		expect(labelOf(stay)).toBe('Maya as Bea');
		expect(labelOf({ subject_label: 'Rye loaf' })).toBe('Rye loaf');
	});
});

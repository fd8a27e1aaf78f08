import { describe, expect, it } from 'vitest';
import { elementKeys, type ElementKey } from './portal-elements.ts';
import { setupTable, type SetupRow } from './setup-table.ts';
import type { PortalSetup } from './visibility.ts';

function row(
	key: ElementKey,
	agency: PortalSetup,
	client: PortalSetup,
	level: 'agency' | 'client'
): SetupRow {
	return setupTable({ agency, client }, level)
		.flatMap((group) => group.rows)
		.find((one) => one.key === key)!;
}

describe('the table of elements', () => {
	it('has each of them once', () => {
		const keys = setupTable({ agency: {}, client: {} }, 'agency').flatMap((g) => g.rows.map((r) => r.key));
		expect(keys.toSorted()).toEqual(elementKeys().toSorted());
	});

	it('tells a client’s inherited value from its own, and where each comes from', () => {
		const agency = { files: { hidden: true } };
		expect(row('files', agency, {}, 'client')).toMatchObject({
			choice: 'inherit',
			inherited: { hidden: true },
			hidden: true,
			words: 'hidden by agency default'
		});
		expect(row('files', agency, { files: { hidden: false } }, 'client')).toMatchObject({
			choice: 'show',
			inherited: { hidden: true },
			hidden: false,
			words: 'shown by this client’s override'
		});
	});

	it('says that a part is gone with its area', () => {
		expect(row('files.upload', { files: { hidden: true } }, {}, 'agency')).toMatchObject({
			choice: 'inherit',
			hidden: true,
			words: 'hidden, because Files is hidden by agency default'
		});
	});

	it('tells who may change a field', () => {
		const readonly = { 'tasks.due_date': { readonly: true } };
		expect(row('tasks.due_date', readonly, {}, 'agency')).toMatchObject({
			editChoice: 'read',
			editWords: 'read-only by agency default'
		});
		expect(row('tasks.due_date', readonly, {}, 'client')).toMatchObject({
			editChoice: 'inherit',
			inherited: { readonly: true }
		});
	});
});

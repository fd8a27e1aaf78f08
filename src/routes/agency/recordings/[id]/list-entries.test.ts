import { describe, expect, it } from 'vitest';
import { inOneList, litAt, matching } from './list-entries.ts';
import type { ListEntry } from './review-desk.svelte.ts';

const entry = (kind: ListEntry['kind'], at: number, title: string, more: object = {}) =>
	({ id: `${kind}${at}`, kind, at, title, subject: null, note: null, by: null, ...more }) as ListEntry;
const happened = [
	entry('page', 0, 'Page'),
	entry('view', 5, 'Opened page', { subject: 'Invoices', note: '/invoices' }),
	entry('action', 20, 'Created task', { subject: 'Logo draft' })
];
const answers = [{ id: 'a', by: 'Olivia', body: 'Asked for by ticket', isOwn: false, writtenAt: 0 }];
const notes = [
	entry('comment', 20, 'Sofia:', { subject: 'Why this?', comment: { answers } }),
	entry('bookmark', 1, 'Begin')
];
const ids = (list: readonly ListEntry[]) => list.map(({ id }) => id);

describe('the one list of a replay', () => {
	const all = inOneList(happened, notes);
	it('holds what happened and what was written in the order of the recording, without its pages', () => {
		expect(ids(all)).toEqual(['bookmark1', 'view5', 'action20', 'comment20']);
	});

	it.each([
		[[], '', 4],
		[[], 'logo', 1],
		[[], '/invoices opened', 1],
		[[], 'OLIVIA ticket', 1],
		[['comment', 'bookmark'], '', 2],
		[['view'], 'logo', 0]
	] as [ListEntry['kind'][], string, number][])(
		'of the kinds %o with “%s” shows %i',
		(kinds, query, count) => {
			expect(matching(all, kinds, query)).toHaveLength(count);
		}
	);

	it('lights the last one that had happened, of what is shown', () => {
		expect(litAt(all, 0)).toBeNull();
		expect(litAt(all, 19)).toBe('view5');
		expect(litAt(matching(all, ['view'], ''), 30)).toBe('view5');
	});
});

import { describe, expect, it } from 'vitest';
import { chaptersOf } from './chapters.ts';
import type { SeenView } from './timeline.ts';

const START = 1_700_000_000_000;
const page = (pageId: string, at: number) => ({
	pageId,
	openedAt: START + at,
	address: `/${pageId}`,
	title: ''
});
const view = (at: number, address: string, over: Partial<SeenView> = {}): SeenView => ({
	id: `${at}`,
	at: START + at,
	kind: 'data',
	address,
	label: null,
	status: 200,
	by: 'Maya',
	pageId: 'a',
	...over
});
const chapters = (pages: ReturnType<typeof page>[], views: SeenView[] = []) =>
	chaptersOf({ startedAt: START, lengthMs: 190_000, pages, views }).map(({ pageId, from, to, title }) => [
		pageId,
		from,
		to,
		title
	]);

describe('chaptersOf', () => {
	it('covers the recording without overlap, the first page from its start', () => {
		expect(chapters([page('b', 60_000), page('a', 400)])).toEqual([
			['a', 0, 60_000, '/a'],
			['b', 60_000, 190_000, '/b']
		]);
	});

	it('begins one at each address of a document, named by its record or area', () => {
		const views = [
			view(500, '/', { kind: 'page' }),
			view(10_000, '/tasks?status=open'),
			view(12_000, '/tasks?status=done'),
			view(20_000, '/tasks/7', { label: 'Order flour' }),
			view(25_000, '/files/9/download', { kind: 'file' }),
			view(30_000, '/secret', { status: 404 })
		];
		expect(chapters([page('a', 400)], views)).toEqual([
			['a', 0, 10_000, 'Home'],
			['a', 10_000, 20_000, 'Tasks'],
			['a', 20_000, 190_000, 'Order flour']
		]);
	});

	it('has none for a recording without pages', () => {
		expect(chapters([])).toEqual([]);
	});
});

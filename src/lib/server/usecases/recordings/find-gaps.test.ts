import { describe, expect, it } from 'vitest';
import { activityOf, findGaps, type PageMarks, type Stretch } from './find-gaps.ts';

const batch = ({ seq, receivedAt }: { seq: number; receivedAt: number }): Stretch => ({
	firstSeq: seq,
	lastSeq: seq,
	from: receivedAt,
	to: receivedAt,
	beats: [{ at: receivedAt, count: 1 }]
});

type Marks = { seq: number; receivedAt: number }[];
const DEFAULT: Marks = [
	{ seq: 0, receivedAt: 2_000 },
	{ seq: 1, receivedAt: 9_000 }
];
const page = ({ batches = DEFAULT, ...over }: Partial<PageMarks> & { batches?: Marks } = {}): PageMarks => ({
	pageId: 'a',
	openedAt: 1_000,
	hadSnapshot: true,
	lastEventAt: 9_000,
	closedAt: 10_000,
	stretches: batches.map(batch),
	...over
});
const find = (pages: PageMarks[], damage: Parameters<typeof findGaps>[0]['damage'] = [], endAt = 10_000) =>
	findGaps({ startAt: 1_000, endAt, pages, damage });

describe('findGaps', () => {
	it('says of an erased page that it was erased, whatever is left of it', () => {
		expect(find([page({ isErased: true, batches: [] })])).toMatchObject([
			{ cause: 'missing', from: 1_000, to: 9_000, note: expect.stringContaining('erased') as string }
		]);
	});
	it('finds none in a whole recording', () => {
		expect(find([page()])).toEqual([]);
	});

	it('finds a hole in the numbers and says how many batches are lost', () => {
		const [gap, ...rest] = find([
			page({
				batches: [
					{ seq: 0, receivedAt: 2_000 },
					{ seq: 4, receivedAt: 6_000 },
					{ seq: 5, receivedAt: 9_000 }
				]
			})
		]);
		expect(gap).toMatchObject({ cause: 'missing', from: 2_000, to: 6_000 });
		expect(gap?.note).toContain('3 of the page’s batches');
		expect(rest).toEqual([]);
	});

	it('finds a lost first batch', () => {
		const [gap] = find([page({ batches: [{ seq: 1, receivedAt: 9_000 }] })]);
		expect(gap).toMatchObject({ cause: 'missing', from: 1_000, to: 9_000 });
	});

	it('finds a lost tail by what the hub noted while it came, and tells of the damage', () => {
		const damage = [{ file: 'log', at: 80, lostBytes: 512, foundAt: 20_000 }];
		const [gap] = find([page({ batches: [{ seq: 0, receivedAt: 2_000 }] })], damage);
		expect(gap).toMatchObject({ cause: 'missing', from: 2_000, to: 9_000 });
		expect(gap?.note).toContain('512 bytes');
	});

	it('does not blame damage that was found before the page was opened', () => {
		const damage = [{ file: 'log', at: 80, lostBytes: 512, foundAt: 500 }];
		expect(find([page({ batches: [] })], damage)[0]?.note).not.toContain('512');
	});

	it('finds a page of which everything is lost', () => {
		expect(find([page({ batches: [] })])[0]).toMatchObject({ cause: 'missing', from: 1_000, to: 9_000 });
	});

	it('tells a page that was never recorded from one that was only passed through', () => {
		const unrecorded = { hadSnapshot: false, lastEventAt: null, batches: [] };
		expect(find([page(unrecorded)])[0]).toMatchObject({ cause: 'unrecorded', from: 1_000, to: 10_000 });
		expect(find([page({ ...unrecorded, closedAt: 1_400 })])).toEqual([]);
	});

	it('takes a page without a recorder for left when the next one opened, unless it asked for something later', () => {
		const left = { hadSnapshot: false, lastEventAt: null, closedAt: null, batches: [] };
		const next = page({ pageId: 'b', openedAt: 1_800 });
		expect(find([page(left), next])).toEqual([]);
		expect(find([page({ ...left, lastSeenAt: 1_050 }), next])).toEqual([]);
		expect(find([page({ ...left, lastSeenAt: 7_000 }), next])).toMatchObject([
			{ cause: 'unrecorded', from: 1_000, to: 7_000, pageId: 'a' }
		]);
		expect(find([page(left)])).toMatchObject([{ cause: 'unrecorded', from: 1_000, to: 10_000 }]);
	});

	it('finds a hole between blocks, and none within one', () => {
		const block = (firstSeq: number, lastSeq: number, from: number, to: number): Stretch => ({
			firstSeq,
			lastSeq,
			from,
			to,
			beats: [{ at: from, count: lastSeq - firstSeq + 1 }]
		});
		expect(find([page({ stretches: [block(0, 40, 1_000, 4_000), block(41, 90, 4_100, 9_000)] })])).toEqual(
			[]
		);
		const [gap] = find([page({ stretches: [block(0, 40, 1_000, 4_000), block(44, 90, 5_000, 9_000)] })]);
		expect(gap).toMatchObject({ cause: 'missing', from: 4_000, to: 5_000 });
		expect(gap?.note).toContain('3 of the page’s batches');
	});

	it('finds a silence longer than the lease, but not while another page was active', () => {
		const batches = [
			{ seq: 0, receivedAt: 2_000 },
			{ seq: 1, receivedAt: 40_000 }
		];
		const quiet = page({ batches, lastEventAt: 40_000 });
		expect(find([quiet], [], 41_000)).toMatchObject([{ cause: 'silent', from: 2_000, to: 40_000 }]);
		const busy = page({
			pageId: 'b',
			lastEventAt: 30_000,
			batches: [
				{ seq: 0, receivedAt: 15_000 },
				{ seq: 1, receivedAt: 28_000 },
				{ seq: 2, receivedAt: 30_000 }
			]
		});
		expect(find([quiet, busy], [], 41_000)).toEqual([]);
	});
});

describe('activityOf', () => {
	it('weighs stretches by how many batches came', () => {
		const batches = [2_000, 2_100, 2_200, 2_300, 9_900].map((receivedAt, seq) => ({ seq, receivedAt }));
		expect(activityOf([page({ batches })], 0, 10_000, 5)).toEqual([0, 1, 0, 0, 0.5]);
	});
});

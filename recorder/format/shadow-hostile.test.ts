// A recording is written by whoever holds a ticket: nothing in it makes a shadow document throw, stall or grow.
import { describe, expect, it } from 'vitest';
import { EVENT, SOURCE, type Loose, type RecordedEvent } from './events.ts';
import { ShadowDocument } from './shadow-document.ts';
import { visibleText } from './visible-text.ts';

const LIMITS = { maxNodes: 1_000, maxBytes: 1_000_000 };
const element = (
	id: unknown,
	tagName = 'div',
	childNodes: unknown[] = [],
	attributes: unknown = {}
): Loose => ({
	type: 2,
	id,
	tagName,
	attributes,
	childNodes
});
const snapshot = (...childNodes: unknown[]): RecordedEvent => ({
	type: EVENT.fullSnapshot,
	timestamp: 1,
	data: { node: { type: 0, id: 1, childNodes }, initialOffset: { top: 0, left: 0 } }
});
const incremental = (source: number, data: Loose): RecordedEvent => ({
	type: EVENT.incremental,
	timestamp: 2,
	data: { source, ...data }
});
const mutation = (data: Loose): RecordedEvent =>
	incremental(SOURCE.mutation, { adds: [], removes: [], texts: [], attributes: [], ...data });
const add = (parentId: unknown, node: Loose, nextId: unknown = null): Loose => ({ parentId, nextId, node });

function after(events: RecordedEvent[], limits = LIMITS): ShadowDocument {
	const document = new ShadowDocument(limits);
	for (const event of events) document.apply(event);
	return document;
}
const written = (document: ShadowDocument): string => JSON.stringify(document.checkpoint(5));

describe('a hostile tree', () => {
	it('with cycles loses what stands in itself, and nothing else', () => {
		const document = after([
			snapshot(element(2, 'html', [element(3), element(4), element(6)])),
			mutation({ adds: [add(3, element(5)), add(5, element(3)), add(4, element(4)), add(2, element(1))] })
		]);
		expect(document.nodes).toBe(3);
		expect(written(document)).toContain('"id":6');
	});
	it('with the same id many times keeps one of each', () => {
		const twins = Array.from({ length: 500 }, () => element(7));
		const document = after([
			snapshot(element(2, 'html', [...twins, element(2), element(1)])),
			mutation({ adds: twins.map((twin) => add(2, twin)) })
		]);
		expect(document.nodes).toBe(3);
	});
	it('with ids of the wrong kind is not known by them', () => {
		const ids = [null, '2', -1, 0, 1.5, Number.NaN, 2 ** 60, {}, [], true, '__proto__'];
		const document = after([
			snapshot(...ids.map((id) => element(id)), element(2, 'html')),
			mutation({
				adds: ids.flatMap((id) => [add(id, element(9)), add(2, element(id)), add(2, element(10), id)]),
				removes: ids.map((id) => ({ id, parentId: id })),
				texts: ids.map((id) => ({ id, value: {} })),
				attributes: ids.map((id) => ({ id, attributes: id }))
			}),
			...ids.flatMap((id) =>
				Object.values(SOURCE).map((source) =>
					incremental(source, { id, x: id, y: id, text: id, index: id, styleId: id, set: id })
				)
			)
		]);
		expect(document.nodes).toBe(3);
	});
	it('of a hundred thousand levels ends where a viewer could build no deeper', () => {
		let deep = element(100_001);
		for (let id = 100_000; id > 2; id--) deep = element(id, 'div', [deep]);
		const limits = { maxNodes: 200_000, maxBytes: 1e9 };
		const loaded = after([snapshot(element(2, 'html', [deep]))], limits);
		const grown = after(
			[
				snapshot(element(2, 'html')),
				...Array.from({ length: 2_000 }, (_, at) => mutation({ adds: [add(at + 2, element(at + 3))] }))
			],
			limits
		);
		for (const document of [loaded, grown]) {
			expect(document.nodes).toBeLessThan(700);
			expect(document.state).toBe('whole');
			expect(() => written(document)).not.toThrow();
			expect(visibleText(document).lines).toEqual([]);
		}
	});
	it('whose additions wait for each other in the worst order is built in a moment', () => {
		const count = 20_000;
		const adds = Array.from({ length: count }, (_, at) =>
			add(2, element(count + 2 - at), at === count - 1 ? null : count + 1 - at)
		);
		const document = after([snapshot(element(2, 'html')), mutation({ adds })], {
			maxNodes: 50_000,
			maxBytes: 1e8
		});
		expect([document.nodes, document.state]).toEqual([count + 2, 'whole']);
	});
});

describe('hostile names', () => {
	it('do not reach the prototypes of our objects', () => {
		const evil = JSON.parse(
			'{"__proto__":"x","constructor":"x","toString":"x","hasOwnProperty":"x","style":"a:b"}'
		);
		const document = after([
			snapshot(element(2, 'html', [element(3, 'p', [], evil)])),
			mutation({
				attributes: [
					{ id: 3, attributes: evil },
					{ id: 3, attributes: { style: evil } }
				]
			}),
			incremental(SOURCE.styleDeclaration, { id: 3, index: [0], set: { property: '__proto__', value: 'x' } })
		]);
		expect(({} as Loose).x).toBeUndefined();
		expect(Object.prototype.toString.call({})).toBe('[object Object]');
		expect(written(document)).toContain('"constructor":"x"');
	});
});

describe('the limits', () => {
	const rows = (count: number): Loose[] => Array.from({ length: count }, (_, at) => element(at + 10));
	it('of nodes: past it nothing is kept and that is said, until a snapshot fits', () => {
		const document = after([snapshot(element(2, 'html', rows(2_000)))]);
		expect([document.state, document.nodes, document.approximateBytes]).toEqual(['too-large', 0, 0]);
		expect(document.checkpoint(1)).toEqual([]);
		document.apply(mutation({ adds: [add(2, element(5))] }));
		expect(document.nodes).toBe(0);
		document.apply(snapshot(element(2, 'html', rows(20))));
		expect([document.state, document.nodes]).toEqual(['whole', 22]);
	});
	it('of nodes holds for additions, too', () => {
		const document = after([
			snapshot(element(2, 'html')),
			mutation({ adds: rows(5_000).map((row) => add(2, row)) })
		]);
		expect([document.state, document.nodes]).toEqual(['too-large', 0]);
	});
	const many = (count: number): Loose =>
		Object.fromEntries(Array.from({ length: count }, (_, at) => [`data-${at}`, 'x'.repeat(20)]));
	it.each([
		['attributes of one element', mutation({ attributes: [{ id: 3, attributes: many(30_000) }] })],
		['one text', mutation({ adds: [add(3, { type: 3, id: 9, textContent: 'x'.repeat(2_000_000) })] })],
		['one value', incremental(SOURCE.input, { id: 4, text: 'x'.repeat(2_000_000), isChecked: false })],
		[
			'one rule',
			incremental(SOURCE.styleSheetRule, { id: 5, adds: [{ rule: 'x'.repeat(2_000_000), index: 0 }] })
		],
		[
			'style changes',
			mutation({
				attributes: [{ id: 3, attributes: { style: { margin: '1px', top: false, ...many(30_000) } } }]
			})
		],
		[
			'constructed sheets',
			incremental(SOURCE.adoptedStyleSheet, {
				id: 1,
				styleIds: Array.from({ length: 20_000 }, (_, at) => at + 1),
				styles: Array.from({ length: 20_000 }, (_, at) => ({
					styleId: at + 1,
					rules: [{ rule: 'a{}', index: 0 }]
				}))
			})
		]
	])('of bytes counts %s', (_what, event) => {
		const start = snapshot(
			element(2, 'html', [
				element(3, 'p', [], { style: 'margin: 1px' }),
				element(4, 'input'),
				element(5, 'style')
			])
		);
		expect(after([start]).state).toBe('whole');
		const document = after([start, event]);
		expect([document.state, document.approximateBytes]).toEqual(['too-large', 0]);
	});
	it('counts down as it counted up', () => {
		const start = snapshot(element(2, 'html', [element(4, 'input'), element(5, 'style')]));
		const document = after([start]);
		const before = document.approximateBytes;
		for (let round = 0; round < 5; round++)
			for (const event of [
				mutation({
					adds: [
						add(2, element(9, 'input', [], { value: 'a'.repeat(100) })),
						add(9, { type: 3, id: 10, textContent: 'b' })
					]
				}),
				mutation({ attributes: [{ id: 9, attributes: { title: 'c', value: null, style: { top: '1px' } } }] }),
				incremental(SOURCE.input, { id: 9, text: 'typed', isChecked: false }),
				incremental(SOURCE.scroll, { id: 9, x: 1, y: 2 }),
				incremental(SOURCE.styleSheetRule, { id: 5, adds: [{ rule: 'a{}' }] }),
				mutation({
					removes: [{ parentId: 2, id: 9 }],
					adds: [add(5, { type: 3, id: 11, textContent: 'x' })]
				}),
				mutation({ removes: [{ parentId: 5, id: 11 }] })
			])
				document.apply(event);
		expect(document.approximateBytes).toBe(before);
	});
	it('a sheet changed without end stays as small as it looks, and one with too many rules asks for a snapshot', () => {
		const document = after([snapshot(element(2, 'html', [element(5, 'style')]))]);
		for (let at = 0; at < 1_500; at++) {
			document.apply(incremental(SOURCE.styleSheetRule, { id: 5, adds: [{ rule: `a${at}{}`, index: 0 }] }));
			document.apply(incremental(SOURCE.styleSheetRule, { id: 5, removes: [{ index: 0 }] }));
			document.apply(
				incremental(SOURCE.styleDeclaration, {
					id: 5,
					index: [3],
					set: { property: 'color', value: `c${at}` }
				})
			);
		}
		expect(document.checkpoint(1).length).toBeLessThan(250);
		expect(document.state).toBe('whole');
		const adds = Array.from({ length: 10_001 }, () => ({ rule: 'a{}', index: 0 }));
		const wide = after(
			[
				snapshot(element(2, 'html', [element(5, 'style')])),
				incremental(SOURCE.styleSheetRule, { id: 5, adds })
			],
			{
				maxNodes: 10,
				maxBytes: 1e8
			}
		);
		expect([wide.state, wide.checkpoint(1).length]).toEqual(['unsure', 2]);
	});
});

describe('anything at all', () => {
	const shapes: unknown[] = [
		null,
		undefined,
		1,
		-1,
		'x',
		'',
		true,
		[],
		{},
		[[]],
		[null],
		{ length: 1e9 },
		[{ id: 2 }],
		Number.NaN
	];
	it('is taken without an error [seed 3]', () => {
		let state = 3;
		const below = (limit: number): number => {
			state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
			return Math.floor((state / 2 ** 32) * limit);
		};
		const names =
			'id source node type tagName attributes childNodes adds removes texts parentId nextId styleId styleIds styles rules rule index set remove positions text value x y replace replaceSync initialOffset'.split(
				' '
			);
		const anything = (depth: number): unknown => {
			if (depth === 0 || below(3) === 0) return below(2) === 0 ? below(12) : shapes[below(shapes.length)];
			if (below(3) === 0) return Array.from({ length: below(4) }, () => anything(depth - 1));
			return Object.fromEntries(
				Array.from({ length: below(7) }, () => [names[below(names.length)], anything(depth - 1)])
			);
		};
		const document = after([
			snapshot(element(2, 'html', [element(3, 'select', [element(4, 'option')]), element(5, 'style')]))
		]);
		for (let round = 0; round < 5_000; round++) {
			const data = anything(5) as Loose;
			const type = below(12) === 0 ? below(8) : EVENT.incremental;
			if (typeof data === 'object' && data !== null && type === EVENT.incremental) data.source = below(18);
			document.apply({ type, timestamp: round, data });
			if (round % 250 === 0) {
				written(document);
				visibleText(document);
				document.apply(
					snapshot(element(2, 'html', [element(3, 'select', [element(4, 'option')]), element(5, 'style')]))
				);
			}
		}
		expect(document.nodes).toBeLessThan(1_000);
	}, 60_000);
});

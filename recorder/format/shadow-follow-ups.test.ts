// What a tree alone cannot say, and what a shadow document makes of events that name what it does not know.
import { describe, expect, it } from 'vitest';
import { EVENT, SOURCE, type Loose, type RecordedEvent } from './events.ts';
import { ShadowDocument } from './shadow-document.ts';

const element = (id: number, tagName: string, attributes: Loose = {}, childNodes: Loose[] = []): Loose => ({
	type: 2,
	id,
	tagName,
	attributes,
	childNodes
});
const text = (id: number, textContent: string): Loose => ({ type: 3, id, textContent });
const snapshot = (...inBody: Loose[]): RecordedEvent => ({
	type: EVENT.fullSnapshot,
	timestamp: 1,
	data: {
		node: { type: 0, id: 1, childNodes: [element(2, 'html', {}, [element(3, 'body', {}, inBody)])] },
		initialOffset: { top: 0, left: 0 }
	}
});
const incremental = (source: number, data: Loose, timestamp = 2): RecordedEvent => ({
	type: EVENT.incremental,
	timestamp,
	data: { source, ...data }
});
const mutation = (data: Loose): RecordedEvent =>
	incremental(SOURCE.mutation, { adds: [], removes: [], texts: [], attributes: [], ...data });
const attribute = (id: number, attributes: Loose): RecordedEvent =>
	mutation({ attributes: [{ id, attributes }] });
const add = (parentId: number, node: Loose, nextId: number | null = null): Loose => ({
	parentId,
	nextId,
	node
});

function after(...events: RecordedEvent[]): ShadowDocument {
	const document = new ShadowDocument({ maxNodes: 60_000, maxBytes: 50_000_000 });
	for (const event of events) document.apply(event);
	return document;
}
const followUps = (document: ShadowDocument): unknown[] =>
	document
		.checkpoint(9)
		.slice(2)
		.map(({ data }) => data);

/** An element of the checkpoint's tree. */
function inTree(document: ShadowDocument, id: number): Loose & { attributes: Loose; childNodes: Loose[] } {
	let found: Loose | null = null;
	const walk = (node: Loose): void => {
		if (node.id === id) found = node;
		for (const child of (node.childNodes as Loose[]) ?? []) walk(child);
	};
	const [, whole] = document.checkpoint(9);
	if (whole) walk((whole.data as { node: Loose }).node);
	return (found ?? {}) as Loose & { attributes: Loose; childNodes: Loose[] };
}

describe('a checkpoint', () => {
	it('is a Meta, a snapshot and follow-ups of one time, and changes with nothing that comes later', () => {
		const document = after(
			{ type: EVENT.meta, timestamp: 1, data: { href: 'http://a/b', width: 800, height: 600 } },
			snapshot(element(5, 'p', { class: 'a' }, [text(6, 'one')])),
			incremental(SOURCE.viewportResize, { width: 500, height: 400 }),
			incremental(SOURCE.scroll, { id: 1, x: 3, y: 40 }),
			incremental(SOURCE.mouseMove, { positions: [{ x: 1, y: 2, id: 5, timeOffset: -50 }] })
		);
		const events = document.checkpoint(77);
		const before = JSON.stringify(events);
		expect(events.map(({ type, timestamp }) => [type, timestamp])).toEqual([
			[EVENT.meta, 77],
			[EVENT.fullSnapshot, 77],
			[EVENT.incremental, 77]
		]);
		expect(events[0]?.data).toEqual({ href: 'http://a/b', width: 500, height: 400 });
		expect(events[1]?.data).toMatchObject({ initialOffset: { left: 3, top: 40 } });
		expect(inTree(document, 2).attributes).toEqual({ rr_scrollLeft: 3, rr_scrollTop: 40 });
		document.apply(attribute(5, { class: 'b' }));
		document.apply(mutation({ texts: [{ id: 6, value: 'two' }], removes: [{ parentId: 1, id: 2 }] }));
		expect(JSON.stringify(events)).toBe(before);
	});
	it('is empty before the first snapshot, whatever came', () => {
		const document = after(attribute(5, { class: 'b' }), incremental(SOURCE.scroll, { id: 1, x: 1, y: 1 }));
		expect([document.state, document.checkpoint(1), document.nodes]).toEqual(['empty', [], 0]);
	});
	it('of a page with 50 000 nodes is made', () => {
		const rows = Array.from({ length: 25_000 }, (_, at) =>
			element(10 + at * 2, 'li', { class: 'row' }, [text(11 + at * 2, 'x')])
		);
		const document = after(snapshot(...rows), mutation({ adds: [add(3, element(60_001, 'p'), 10)] }));
		expect([document.state, document.nodes, inTree(document, 3).childNodes.length]).toEqual([
			'whole',
			50_004,
			25_001
		]);
	});
});

describe('fields', () => {
	it('show what they hold, and say apart that they were set', () => {
		const document = after(
			snapshot(
				element(5, 'input', { value: 'start' }),
				element(6, 'input', { type: 'checkbox', checked: '' }),
				element(7, 'input', { value: 'same' })
			),
			incremental(SOURCE.input, { id: 5, text: '', isChecked: false }),
			incremental(SOURCE.input, { id: 6, text: 'on', isChecked: false }),
			incremental(SOURCE.input, { id: 7, text: 'same', isChecked: false })
		);
		expect([5, 6, 7].map((id) => inTree(document, id).attributes)).toEqual([
			{ value: '' },
			{ type: 'checkbox' },
			{ value: 'same' }
		]);
		expect(followUps(document)).toEqual([
			{ source: SOURCE.input, id: 5, text: '', isChecked: false },
			{ source: SOURCE.input, id: 6, text: 'on', isChecked: false },
			{ source: SOURCE.input, id: 7, text: 'same', isChecked: false }
		]);
	});
	it('keep what was typed when a script changes their attribute or moves them', () => {
		const document = after(
			snapshot(element(5, 'input', { value: 'start' })),
			incremental(SOURCE.input, { id: 5, text: '', isChecked: false }),
			mutation({
				removes: [{ parentId: 3, id: 5 }],
				adds: [add(2, element(5, 'input', { value: 'start' }))]
			}),
			attribute(5, { value: 'script' })
		);
		expect(inTree(document, 5).attributes).toEqual({ value: '' });
	});
	it('choose of a list the first option of that value, until options come that say it themselves', () => {
		const option = (id: number, label: string, attributes: Loose = {}): Loose =>
			element(id, 'option', attributes, [text(id + 1, label)]);
		const document = after(
			snapshot(
				element(5, 'select', {}, [
					option(10, 'a', { selected: true }),
					option(12, ' b  c '),
					option(14, 'x', { value: 'b c' })
				])
			),
			incremental(SOURCE.input, { id: 5, text: 'b c', isChecked: false })
		);
		const selected = (): unknown[] => [10, 12, 14, 16].map((id) => inTree(document, id).attributes?.selected);
		expect([selected(), followUps(document)]).toEqual([[undefined, true, undefined, undefined], []]);
		document.apply(
			mutation({ adds: [add(5, option(16, 'new', { selected: true }))], removes: [{ parentId: 5, id: 12 }] })
		);
		expect(selected()).toEqual([undefined, undefined, undefined, true]);
		document.apply(incremental(SOURCE.input, { id: 5, text: 'unknown', isChecked: false }));
		expect(followUps(document)).toHaveLength(1);
	});
});

describe('the top layer', () => {
	const open = (id: number, mode: string): RecordedEvent => attribute(id, { open: '', rr_open_mode: mode });
	it('is opened again in the order of opening, when there is more than one', () => {
		const document = after(
			snapshot(element(5, 'dialog'), element(6, 'dialog'), element(7, 'div')),
			open(6, 'modal')
		);
		expect([inTree(document, 6).attributes, followUps(document)]).toEqual([
			{ open: '', rr_open_mode: 'modal' },
			[]
		]);
		document.apply(open(5, 'modal'));
		document.apply(attribute(7, { popover: '', rr_popover: 'open' }));
		expect([5, 6].map((id) => inTree(document, id).attributes)).toEqual([{}, {}]);
		expect(
			(followUps(document)[0] as { attributes: { id: number }[] }).attributes.map(({ id }) => id)
		).toEqual([6, 5, 7]);
		document.apply(attribute(6, { open: null, rr_open_mode: 'non-modal' }));
		document.apply(mutation({ removes: [{ parentId: 3, id: 7 }] }));
		expect([inTree(document, 6).attributes, inTree(document, 5).attributes]).toEqual([
			{},
			{ open: '', rr_open_mode: 'modal' }
		]);
		expect(followUps(document)).toEqual([]);
	});
});

describe('media', () => {
	it('have played on until the checkpoint', () => {
		const play = { id: 5, type: 0, currentTime: 3, playbackRate: 2, muted: true, volume: 0.5, loop: false };
		const document = after(snapshot(element(5, 'video')), incremental(SOURCE.mediaInteraction, play, 1_000));
		const [, { data }] = document.checkpoint(3_000) as [RecordedEvent, RecordedEvent];
		expect(JSON.stringify(data)).toContain('"rr_mediaCurrentTime":7');
		document.apply(incremental(SOURCE.mediaInteraction, { ...play, type: 1, currentTime: 8 }, 5_000));
		expect(inTree(document, 5).attributes).toMatchObject({ rr_mediaState: 'paused', rr_mediaCurrentTime: 8 });
	});
});

describe('style sheets', () => {
	const insert = (rule: string, index: number, owner: Loose): RecordedEvent =>
		incremental(SOURCE.styleSheetRule, { ...owner, adds: [{ rule, index }] });
	it('of an element are followed until its text changes, which the browser then reads anew', () => {
		const style = element(5, 'style', { _cssText: 'a{}/* rr_split */b{}' }, [text(6, ''), text(7, '')]);
		const document = after(snapshot(style), insert('c{}', 1, { id: 5 }));
		expect(followUps(document)).toEqual([
			{ source: SOURCE.styleSheetRule, id: 5, adds: [{ rule: 'c{}', index: 1 }] }
		]);
		document.apply(mutation({ texts: [{ id: 7, value: 'd{}' }] }));
		expect(inTree(document, 5)).toMatchObject({
			attributes: {},
			childNodes: [{ textContent: 'a{}' }, { textContent: 'd{}' }]
		});
		expect(followUps(document)).toEqual([]);
	});
	it('that are constructed come back with their hosts, also with one that moved, and when replaced', () => {
		const host = { ...element(5, 'x-a'), isShadowHost: true };
		const adopt = (id: number, styleIds: number[], styles?: Loose[]): RecordedEvent =>
			incremental(SOURCE.adoptedStyleSheet, { id, styleIds, ...(styles ? { styles } : {}) });
		const document = after(
			snapshot(host),
			adopt(5, [1], [{ styleId: 1, rules: [{ rule: 'a{}', index: 0 }] }]),
			adopt(1, [2, 1], [{ styleId: 2, rules: [] }]),
			insert('b{}', 0, { styleId: 1 }),
			incremental(SOURCE.styleSheetRule, { styleId: 2, replaceSync: 'c{}' }),
			mutation({ removes: [{ parentId: 3, id: 5 }], adds: [add(2, host)] })
		);
		expect(document.state).toBe('whole');
		expect(followUps(document)).toEqual([
			{
				source: SOURCE.adoptedStyleSheet,
				id: 1,
				styleIds: [2, 1],
				styles: [
					{ styleId: 1, rules: [{ rule: 'a{}', index: 0 }] },
					{ styleId: 2, rules: [] }
				]
			},
			{ source: SOURCE.adoptedStyleSheet, id: 5, styleIds: [1] },
			{ source: SOURCE.styleSheetRule, styleId: 2, replaceSync: 'c{}' },
			{ source: SOURCE.styleSheetRule, styleId: 1, adds: [{ rule: 'b{}', index: 0 }] }
		]);
	});
	it('inline are written into the attribute, or said apart where only a browser knows how', () => {
		const document = after(
			snapshot(element(5, 'p', { style: 'top: 1px' }), element(6, 'p', { style: 'margin: 1px' }))
		);
		document.apply(
			mutation({
				attributes: [5, 6].map((id) => ({ id, attributes: { style: { 'margin-top': false, color: 'red' } } }))
			})
		);
		expect([5, 6].map((id) => inTree(document, id).attributes.style)).toEqual([
			'top: 1px; color: red;',
			'margin: 1px'
		]);
		expect(followUps(document)).toMatchObject([
			{ attributes: [{ id: 6, attributes: { style: { 'margin-top': false, color: 'red' } } }] }
		]);
	});
});

describe('what is not known', () => {
	it('makes unsure, until a snapshot brings it', () => {
		const document = after(snapshot(), mutation({ adds: [add(50, element(51, 'p'))] }));
		expect(document.state).toBe('unsure');
		document.apply(snapshot(element(50, 'div', {}, [element(51, 'p')])));
		expect(document.state).toBe('whole');
	});
	it('is asked for once only when it is never in a snapshot: the inside of frames', () => {
		const document = after(snapshot(), attribute(50, { class: 'a' }), snapshot());
		expect(document.state).toBe('whole');
		for (const event of [
			attribute(50, { class: 'b' }),
			mutation({ adds: [add(50, element(60, 'p')), add(60, element(61, 'p'))] }),
			attribute(61, {})
		])
			document.apply(event);
		expect(document.state).toBe('whole');
	});
	it('is no gap where the page only says what scripts did to nodes that left', () => {
		const document = after(
			snapshot(),
			mutation({ removes: [{ parentId: 3, id: 77 }] }),
			incremental(SOURCE.input, { id: 77, text: 'a', isChecked: false }),
			incremental(SOURCE.scroll, { id: 77, x: 1, y: 1 })
		);
		expect(document.state).toBe('whole');
	});
	it.each([
		['a sheet', incremental(SOURCE.styleSheetRule, { id: 77, adds: [{ rule: 'a{}' }] })],
		['a constructed sheet', incremental(SOURCE.styleSheetRule, { styleId: 77, adds: [{ rule: 'a{}' }] })],
		['an adopted sheet', incremental(SOURCE.adoptedStyleSheet, { id: 1, styleIds: [77] })],
		['a host', incremental(SOURCE.adoptedStyleSheet, { id: 77, styleIds: [] })],
		['a text', mutation({ texts: [{ id: 77, value: 'a' }] })],
		['a neighbour', mutation({ adds: [add(3, element(5, 'p'), 77)] })]
	])('may be %s', (_what, event) => {
		expect(after(snapshot(), event).state).toBe('unsure');
	});
	it('may be known to somebody else: a batch that is missing', () => {
		const document = after(snapshot());
		document.doubt();
		expect(document.state).toBe('unsure');
	});
	it('takes no node from the place to which it was moved first: shadow trees are told apart', () => {
		const document = after(
			snapshot(element(5, 'div', {}, [element(6, 'p')])),
			mutation({ adds: [add(3, element(6, 'p'))] }),
			mutation({ removes: [{ parentId: 5, id: 6 }] })
		);
		expect(inTree(document, 3).childNodes.map(({ id }) => id)).toEqual([5, 6]);
	});
});

import { describe, expect, it } from 'vitest';
import { growth } from '#support/growth.ts';
import { EVENT, SOURCE, type Loose, type RecordedEvent } from './events.ts';
import { makeSafe } from './make-safe.ts';
import { safeCss } from './safe-css.ts';

const EVIL = 'https://evil.test/track';
const none = { allowedAssets: () => null };
let ids = 10;
const el = (tagName: string, attributes: Loose = {}, childNodes: Loose[] = []): Loose => ({
	type: 2,
	id: ids++,
	tagName,
	attributes,
	childNodes
});
const textNode = (textContent: string): Loose => ({ type: 3, id: ids++, textContent });
const snapshot = (...children: Loose[]): RecordedEvent => ({
	type: EVENT.fullSnapshot,
	timestamp: 1,
	data: { node: { type: 0, id: 1, childNodes: children }, initialOffset: { top: 0, left: 0 } }
});
const mutation = (data: Loose): RecordedEvent => ({
	type: EVENT.incremental,
	timestamp: 2,
	data: { source: SOURCE.mutation, adds: [], removes: [], texts: [], attributes: [], ...data }
});
const safe = (...events: RecordedEvent[]): string => JSON.stringify(makeSafe(events, none));

describe('makeSafe on elements', () => {
	const urls = [
		'src',
		'href',
		'xlink:href',
		'srcset',
		'poster',
		'action',
		'formaction',
		'background',
		'data',
		'ping'
	];
	const more = [
		'imagesrcset',
		'longdesc',
		'cite',
		'codebase',
		'manifest',
		'lowsrc',
		'rr_src',
		'rr_dataURL',
		'SRC',
		'style'
	];
	const tags = [
		'a',
		'img',
		'image',
		'use',
		'link',
		'form',
		'input',
		'button',
		'video',
		'audio',
		'source',
		'track',
		'div'
	];
	const all = [
		...tags,
		'iframe',
		'frame',
		'object',
		'embed',
		'script',
		'base',
		'body',
		'table',
		'feImage',
		'area',
		'svg'
	];
	it.each([...urls, ...more])(
		'lets no outside address through %s of any element or of a mutation',
		(name) => {
			const value = name === 'style' ? `background:url(${EVIL})` : EVIL;
			expect(safe(snapshot(...all.map((tag) => el(tag, { [name]: value }))))).not.toContain('evil');
			expect(safe(mutation({ attributes: [{ id: 3, attributes: { [name]: value } }] }))).not.toContain(
				'evil'
			);
			expect(
				safe(mutation({ adds: [{ parentId: 2, nextId: null, node: el('img', { [name]: value }) }] }))
			).not.toContain('evil');
		}
	);
	it.each([
		'onclick',
		'onerror',
		'ONLOAD',
		'onpointerrawupdate',
		'srcdoc',
		'http-equiv',
		'autofocus',
		'nonce'
	])('drops the attribute %s wherever it comes from', (name) => {
		const attributes = { [name]: 'boom()' };
		expect(
			safe(snapshot(el('div', attributes)), mutation({ attributes: [{ id: 3, attributes }] }))
		).not.toContain('boom');
	});
	it('drops javascript: and data:text/html addresses, also when broken by control signs', () => {
		for (const value of [
			'javascript:boom()',
			'java\nscript:boom()',
			'\u0001javascript:boom()',
			'data:text/html,boom'
		])
			for (const tag of ['a', 'iframe', 'form', 'img', 'use', 'area'])
				expect(
					safe(snapshot(el(tag, { href: value, src: value, action: value, 'data-x': value.trim() })))
				).not.toMatch(/javascript:boom|java\\nscript|data:text\/html,boom","href/);
	});
	it('replaces running and framing elements by boxes of their size and keeps their ids', () => {
		const frame = el('iframe', { src: EVIL, width: '300', height: '150' }, [textNode('inside')]);
		const [event] = makeSafe([snapshot(frame, el('SCRIPT', {}, [textNode('boom()')]))], none);
		const [box, script] = (event!.data as { node: { childNodes: Loose[] } }).node.childNodes;
		expect(box).toMatchObject({
			tagName: 'div',
			id: frame.id,
			childNodes: [],
			attributes: { rr_width: '300px' }
		});
		expect(script).toMatchObject({ tagName: 'noscript', childNodes: [] });
	});
	it('drops what stands in noscript, since a frame without scripts would show it', () => {
		expect(safe(snapshot(el('noscript', {}, [el('img', { src: EVIL }), textNode('seen')])))).not.toMatch(
			/evil|seen/
		);
	});
	it('drops SVG animations, which could set href later', () => {
		expect(safe(snapshot(el('set', { attributeName: 'href', to: EVIL })))).not.toContain('evil');
	});
	it('keeps what a person sees: text, classes, inline pictures, fragments', () => {
		const kept = safe(
			snapshot(el('p', { class: 'lead', title: 'a (b)' }, [textNode('see url(https://x.test) in text')])),
			snapshot(el('img', { src: 'data:image/png;base64,AAAA' }), el('use', { href: '#icon' }))
		);
		for (const part of [
			'lead',
			'a (b)',
			'see url(https://x.test) in text',
			'data:image/png;base64,AAAA',
			'#icon'
		])
			expect(kept).toContain(part);
	});
	it('gives our own address for an asset that is ours', () => {
		const allowedAssets = (url: string): string | null => (url.endsWith('/logo.png') ? '/assets/abc' : null);
		const events = [
			snapshot(
				el('img', { src: 'https://p.test/logo.png' }),
				el('div', { style: 'background:url(/logo.png)' })
			)
		];
		const text = JSON.stringify(makeSafe(events, { allowedAssets }));
		expect(text).toContain('"src":"/assets/abc"');
		expect(text).toContain('url(\\"/assets/abc\\")');
	});
});

describe('makeSafe on events', () => {
	it('drops plugin, asset, unknown and foreign custom events, canvas, fonts, media and custom elements', () => {
		const dropped: RecordedEvent[] = [
			{ type: EVENT.plugin, timestamp: 1, data: { plugin: 'x', payload: {} } },
			{ type: EVENT.asset, timestamp: 1, data: { url: EVIL } },
			{ type: 99, timestamp: 1, data: {} },
			{ type: EVENT.custom, timestamp: 1, data: { tag: 'foreign', payload: 1 } },
			...[
				SOURCE.canvasMutation,
				SOURCE.font,
				SOURCE.mediaInteraction,
				SOURCE.customElement,
				SOURCE.log,
				99
			].map((source) => ({ type: EVENT.incremental, timestamp: 1, data: { source, id: 1 } }))
		];
		expect(makeSafe(dropped, none)).toEqual([]);
	});
	it('keeps our own custom events without anything added to them', () => {
		const event = { type: EVENT.custom, timestamp: 1, data: { tag: 'key', payload: { secret: 'x' } } };
		expect(makeSafe([event], none)).toEqual([{ ...event, data: { tag: 'key', payload: null } }]);
	});
	it('survives a tree a hundred thousand deep and cuts it', () => {
		let node = el('div');
		for (let depth = 0; depth < 100_000; depth++) node = el('div', {}, [node]);
		const [event] = makeSafe(
			[snapshot(node), mutation({ adds: [{ parentId: 1, nextId: null, node }] })],
			none
		);
		expect(JSON.stringify(event).length).toBeLessThan(200_000);
	});
	it('survives data of every wrong shape', () => {
		const wrong: unknown[] = [
			null,
			1,
			'x',
			[],
			{},
			{ node: [] },
			{ source: 0, adds: 1, texts: [null] },
			{ source: 1, positions: [] }
		];
		const events = wrong.flatMap((data) =>
			[0, 1, 2, 3, 4, 5, 6, 7].map((type) => ({ type, timestamp: 1, data }))
		);
		expect(() => makeSafe(events, none)).not.toThrow();
	});
	it('does not change the events it is given', () => {
		const event = snapshot(el('img', { src: EVIL }));
		const before = JSON.stringify(event);
		makeSafe([event], none);
		expect(JSON.stringify(event)).toBe(before);
	});
	it('cleans inserted rules, declarations and adopted sheets', () => {
		const rule = `a{background:url(${EVIL})}`;
		const sheets = [
			{ source: SOURCE.styleSheetRule, id: 3, adds: [{ rule, index: 0 }], replaceSync: rule },
			{
				source: SOURCE.styleDeclaration,
				id: 3,
				index: [0],
				set: { property: 'background', value: `url(${EVIL})` }
			},
			{
				source: SOURCE.adoptedStyleSheet,
				id: 1,
				styleIds: [1],
				styles: [{ styleId: 1, rules: [{ rule, index: 0 }] }]
			}
		].map((data) => ({ type: EVENT.incremental, timestamp: 1, data }));
		expect(safe(...sheets)).toContain('about:invalid');
		expect(safe(...sheets)).not.toContain('evil');
	});
	it('keeps the pieces of a style from growing together into an @import', () => {
		const style = el('style', {}, [textNode('@im'), textNode(`port "${EVIL}";`)]);
		const pieces = (
			(makeSafe([snapshot(style)], none)[0]!.data as Loose).node as { childNodes: [{ childNodes: Loose[] }] }
		).childNodes[0].childNodes;
		expect(pieces.map(({ textContent }) => textContent).join('')).not.toMatch(/@import/);
		expect(pieces.every(({ textContent }) => String(textContent).startsWith('/**/\n'))).toBe(true);
	});
	it('reads text that a later batch puts into a known style as CSS', () => {
		const styles = new Set<number>();
		const style = el('style');
		makeSafe([snapshot(style)], { ...none, styles });
		const [event] = makeSafe(
			[mutation({ adds: [{ parentId: style.id, nextId: null, node: textNode('@im') }] })],
			{
				...none,
				styles
			}
		);
		expect(JSON.stringify(event)).toContain('/**/');
	});
});

describe('safeCss', () => {
	it.each([
		`a{b:url(${EVIL})}`,
		`a{b:url( "${EVIL}" )}`,
		`a{b:url('${EVIL}' format("x"))}`,
		`a{b:u\\72l(${EVIL})}`,
		`a{b:u\\72 l(${EVIL})}`,
		`a{b:\\000075 rl(${EVIL})}`,
		`a{b:URL(${EVIL}`,
		`@import "${EVIL}";`,
		`@import url(${EVIL}) screen;`,
		`@\\69mport "${EVIL}"`,
		`@\\69 mport '${EVIL}'`,
		`u@import "x";rl(${EVIL})`,
		`a{b:image-set("${EVIL}" 1x)}`,
		`a{b:-webkit-image-set(url(${EVIL}) 1x)}`,
		`a{b:image-set(/**/"${EVIL}"/**/ 1x)}`,
		`a{b:src("${EVIL}")}`,
		`a{b:cross-fade(url(${EVIL}), red)}`,
		`@font-face{src:url(//evil.test/f)}`,
		`a{b:url(/*x)*/;c:url(${EVIL})}`,
		`a{b:"\\\nx\n;d:url(${EVIL})}`
	])('lets nothing be fetched by %s', (css) => {
		const cleaned = safeCss(css, () => null);
		const decoded = cleaned.replace(/\\(?:([0-9a-f]{1,6})\s?|([\s\S]))/gi, (_all, hex, sign) =>
			hex ? String.fromCodePoint(Number.parseInt(hex, 16)) : sign
		);
		expect(decoded).not.toMatch(/(?:url|src)\((?!"about:invalid"\))|@import|image-set\(|cross-fade\(/i);
	});
	it('does not let an address come into an image-set through a custom property', () => {
		expect(safeCss(`a{--x:"${EVIL}";b:image-set(var(--x) 1x)}`, () => null)).not.toContain('image-set');
	});
	it('keeps harmless CSS as it is', () => {
		const css =
			'a:hover{color:rgb(1 2 3);width:calc(1px + (2px));content:"\\201C"}/* c */@media (x){b{c:var(--d)}}';
		expect(safeCss(css, () => null)).toBe(css);
	});
	it.each(['"\\', 'url(', '/*', '\\7', '@import', 'image-set(', '(', "'"])(
		'stays linear on hostile text: %s',
		(piece) => {
			const clean = (count: number): void => void safeCss(piece.repeat(count), () => null);
			expect(growth(clean, 2_000, 8)).toBeLessThan(24);
		}
	);
});

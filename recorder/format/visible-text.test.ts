import { describe, expect, it } from 'vitest';
import { HIDDEN } from '../capture/scrub.ts';
import { EVENT, SOURCE, type Loose } from './events.ts';
import { ShadowDocument } from './shadow-document.ts';
import { documentTitle, visibleText } from './visible-text.ts';

let ids = 10;
const el = (tagName: string, attributes: Loose, ...inside: (Loose | string)[]): Loose => ({
	type: 2,
	id: ids++,
	tagName,
	attributes,
	childNodes: inside.map((child) =>
		typeof child === 'string' ? { type: 3, id: ids++, textContent: child } : child
	)
});
function pageOf(...inBody: (Loose | string)[]): ShadowDocument {
	const document = new ShadowDocument({ maxNodes: 1_000_000, maxBytes: 1e9 });
	const html = el(
		'html',
		{},
		el('head', {}, el('title', {}, 'A title'), el('style', {}, 'p{}')),
		el('body', {}, ...inBody)
	);
	const node = { type: 0, id: 1, childNodes: [html] };
	document.apply({
		type: EVENT.fullSnapshot,
		timestamp: 1,
		data: { node, initialOffset: { top: 0, left: 0 } }
	});
	return document;
}
const read = (...inBody: (Loose | string)[]): string[] => visibleText(pageOf(...inBody)).lines;

describe('visibleText', () => {
	it('reads in order, a line for each block, white space as it is shown', () => {
		expect(
			read(
				el('h1', {}, 'Invoice ', el('b', {}, '1042')),
				el('p', {}, 'One\n\t two', el('br', {}), 'three'),
				el('table', {}, el('tr', {}, el('td', {}, 'Flour'), el('td', {}, '12 €'))),
				'tail'
			)
		).toEqual(['Invoice 1042', 'One two', 'three', 'Flour 12 €', 'tail']);
	});
	it('leaves out what is hidden without a style sheet, and what is masked', () => {
		expect(
			read(
				el('p', { hidden: '' }, 'hidden'),
				el('p', { 'aria-hidden': 'true' }, 'aria'),
				el('p', { style: 'color: red; display:none' }, 'style'),
				el('p', { style: 'visibility: hidden' }, 'invisible'),
				el('p', { 'data-secret': '' }, 'secret'),
				el('p', { 'data-personal': '' }, '******'),
				el('p', {}, 'Tel. ███████ ██ ok ••••••••'),
				el('script', {}, 'code'),
				el('noscript', {}, 'no'),
				el('template', {}, 'template'),
				el('dialog', {}, 'closed'),
				el('dialog', { open: '' }, 'open'),
				el('div', { popover: '' }, 'popover'),
				el('details', {}, el('summary', {}, 'Summary'), 'folded'),
				el('details', { open: '' }, el('summary', {}, 'More'), 'unfolded')
			)
		).toEqual(['Tel. ok', 'open', 'Summary', 'More', 'unfolded']);
	});
	it('reads what fields show: values, what was typed, hints, the chosen option', () => {
		const typed = el('input', { value: 'before' });
		const select = el('select', {}, el('option', {}, 'Low'), el('option', { value: 'h' }, 'High'));
		const document = pageOf(
			typed,
			el('input', { placeholder: 'Search clients' }),
			el('input', { type: 'password', value: 'pass' }),
			el('input', { type: 'hidden', value: 'token' }),
			el('input', { type: 'submit', value: 'Send' }),
			el('textarea', {}, 'note'),
			select
		);
		const input = (id: unknown, text: string): void =>
			document.apply({
				type: EVENT.incremental,
				timestamp: 2,
				data: { source: SOURCE.input, id, text, isChecked: false }
			});
		expect(visibleText(document).lines).toEqual(['before Search clients Send', 'note', 'Low']);
		input(typed.id, 'after');
		input(select.id, 'h');
		expect(visibleText(document).lines).toEqual(['after Search clients Send', 'note', 'High']);
	});
	it('reads shadow trees with what their slots show, and of the host nothing else', () => {
		const shadow = (node: Loose): Loose => ({ ...node, isShadow: true });
		const host = el(
			'x-card',
			{},
			'loose ',
			el('i', { slot: 'title' }, 'Title'),
			el('i', { slot: 'nowhere' }, 'unshown'),
			shadow(el('h2', {}, el('slot', { name: 'title' }, 'default'))),
			shadow(el('p', {}, 'in the shadow: ', el('slot', {}, 'default'))),
			shadow(el('p', {}, el('slot', { name: 'empty' }, 'fallback')))
		);
		expect(read({ ...host, isShadowHost: true }, 'after')).toEqual([
			'Title',
			'in the shadow: loose',
			'fallback',
			'after'
		]);
	});
	it('tells the title apart, without what is masked in it', () => {
		expect(documentTitle(pageOf('words'))).toBe('A title');
		expect(documentTitle(new ShadowDocument({ maxNodes: 10, maxBytes: 1e6 }))).toBe('');
	});
	it('ends at its limit', () => {
		const document = pageOf(...Array.from({ length: 5_000 }, () => el('p', {}, 'x'.repeat(100))));
		expect(visibleText(document, 1_000).lines.join('')).toHaveLength(1_000);
		expect(visibleText(document).lines.join('')).toHaveLength(200_000);
	});
});

describe('what is masked on the screen', () => {
	const masked = (...inBody: (Loose | string)[]): string[] =>
		[...visibleText(pageOf(...inBody)).masked].toSorted();
	const personal = (...inside: (Loose | string)[]): Loose => el('p', { 'data-personal': '' }, ...inside);

	it('is what stands in a personal area, and what no reader will ever see in a secret one', () => {
		expect(masked(el('p', {}, 'Nothing'))).toEqual([]);
		expect(masked(personal('████ ███'))).toEqual(['personal']);
		expect(masked(personal(el('b', {}, el('i', {}, '████'))))).toEqual(['personal']);
		expect(masked(el('input', { 'data-secret': '', value: HIDDEN }))).toEqual(['withheld']);
		expect(masked(el('input', { type: 'password', value: HIDDEN }))).toEqual(['withheld']);
		expect(masked(personal('████', el('p', { 'data-secret': '' }, HIDDEN)))).toEqual([
			'personal',
			'withheld'
		]);
		expect(masked(el('p', { 'data-secret': '' }, personal('████')))).toEqual(['withheld']);
	});
	it('is words masked for what they look like, or because they were secret or personal once', () => {
		expect(masked(el('p', {}, `Card ${HIDDEN} of Bea`))).toEqual(['withheld']);
		expect(masked(el('p', {}, '████'))).toEqual(['personal']);
		expect(masked(el('p', {}, 'Visa •••• 4242'))).toEqual([]);
	});
	it('is no box of which only the size was kept: what it was, the recording does not say', () => {
		expect(masked(el('div', { rr_width: '200px', rr_height: '40px' }))).toEqual([]);
	});
	it('is nothing where nothing stands, or where nobody sees it', () => {
		const value = HIDDEN;
		expect(
			masked(
				personal(' '),
				personal(el('input', { value: '' })),
				el('input', { 'data-personal': '', value: '' }),
				el('input', { type: 'password', placeholder: 'Your password' }),
				el('input', { type: 'hidden', name: 'page-ticket', 'data-secret': '', value }),
				el('div', { hidden: '' }, personal('████')),
				personal(el('span', { style: 'display:none' }, '████')),
				personal(el('details', {}, el('summary', {}), '████')),
				el('aside', { popover: '' }, personal('████')),
				el('dialog', {}, personal('████'))
			)
		).toEqual([]);
	});
	it('is what somebody typed or chose', () => {
		const field = el('input', { 'data-personal': '' });
		const list = el('select', { 'data-personal': '' }, el('option', {}, '████'));
		expect(masked(list)).toEqual(['personal']);
		const document = pageOf(field);
		const data = { source: SOURCE.input, id: field.id, text: '████', isChecked: false };
		document.apply({ type: EVENT.incremental, timestamp: 2, data });
		expect([...visibleText(document).masked]).toEqual(['personal']);
	});
	it('is nowhere kept where the page masked more than what is personal', () => {
		const under = (profile: string, ...inBody: (Loose | string)[]): string[] => {
			const document = pageOf(...inBody);
			const data = { href: '', width: 1, height: 1, masking: { version: 2, profile } };
			document.apply({ type: EVENT.meta, timestamp: 2, data });
			return [...visibleText(document).masked].toSorted();
		};
		const [typed, own] = [el('input', { value: '████' }), personal('████')];
		expect(under('personal', typed, own)).toEqual(['personal']);
		expect(under('inputs', typed)).toEqual(['withheld']);
		expect(under('inputs', own)).toEqual(['personal']);
		expect(under('text', typed, own)).toEqual(['personal', 'withheld']);
	});
});

import { describe, expect, it } from 'vitest';
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
const read = (...inBody: (Loose | string)[]): string[] => visibleText(pageOf(...inBody));

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
		expect(visibleText(document)).toEqual(['before Search clients Send', 'note', 'Low']);
		input(typed.id, 'after');
		input(select.id, 'h');
		expect(visibleText(document)).toEqual(['after Search clients Send', 'note', 'High']);
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
		expect(visibleText(document, 1_000).join('')).toHaveLength(1_000);
		expect(visibleText(document).join('')).toHaveLength(200_000);
	});
});

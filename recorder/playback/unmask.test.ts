import { describe, expect, it } from 'vitest';
import { EVENT, SOURCE, type Loose, type RecordedEvent } from '../format/events.ts';
import type { PersonalNote } from '../format/masked.ts';
import { PersonalWords } from './unmask.ts';

const MASK = '████████';
const text = (id: number, textContent: string): Loose => ({ type: 3, id, textContent });
const element = (id: number, tagName: string, attributes: Loose, ...childNodes: Loose[]): Loose => ({
	type: 2,
	id,
	tagName,
	attributes,
	childNodes
});
const snapshot = (timestamp: number, ...childNodes: Loose[]): RecordedEvent => ({
	type: EVENT.fullSnapshot,
	timestamp,
	data: { node: { type: 0, id: 1, childNodes } }
});
const change = (timestamp: number, data: Loose): RecordedEvent => ({
	type: EVENT.incremental,
	timestamp,
	data: { source: SOURCE.mutation, adds: [], removes: [], texts: [], attributes: [], ...data }
});
const show = (notes: PersonalNote[], ...events: RecordedEvent[]): string =>
	JSON.stringify(new PersonalWords(notes).show(events));

describe('unmasked words', () => {
	it('stand where their blocks stood: in text, values and labels', () => {
		const page = element(
			3,
			'p',
			{},
			text(4, MASK),
			element(5, 'input', { value: MASK }),
			element(6, 'img', {})
		);
		const shown = show(
			[
				[100, 4, 't', 'Bea Baker'],
				[100, 5, 'v', 'bea@bluebird.test'],
				[100, 6, 'alt', 'Her house']
			],
			snapshot(100, page)
		);
		for (const words of ['Bea Baker', 'bea@bluebird.test', '"alt":"Her house"'])
			expect(shown).toContain(words);
		expect(shown).not.toContain(MASK);
	});
	it('are those of the moment: typed letter by letter, changed later, seen again from a checkpoint', () => {
		const typed = (timestamp: number): RecordedEvent => ({
			type: EVENT.incremental,
			timestamp,
			data: { source: SOURCE.input, id: 5, text: MASK, isChecked: false }
		});
		const notes: PersonalNote[] = [
			[1_000, 5, 'v', 'B'],
			[2_000, 5, 'v', 'Be'],
			[3_000, 5, 'v', 'Bea']
		];
		const events = new PersonalWords(notes).show([typed(1_000), typed(1_990), typed(3_000)]);
		expect(events.map(({ data }) => (data as Loose).text)).toEqual(['B', 'Be', 'Bea']);
		expect(show(notes, snapshot(2_500, element(5, 'input', { value: MASK })))).toContain('"value":"Be"');
	});
	it('come with added nodes and changed texts and attributes', () => {
		const shown = show(
			[
				[10, 7, 't', 'Added'],
				[10, 8, 't', 'Changed'],
				[10, 9, 'title', 'Titled']
			],
			change(10, {
				adds: [{ parentId: 3, nextId: null, node: text(7, MASK) }],
				texts: [{ id: 8, value: MASK }],
				attributes: [{ id: 9, attributes: { class: 'x' } }]
			})
		);
		for (const words of ['Added', 'Changed', '"title":"Titled"']) expect(shown).toContain(words);
	});
	it('never take the place of what was not masked', () => {
		expect(show([[1, 4, 't', 'forged']], snapshot(1, text(4, 'Invoice 12')))).not.toContain('forged');
		expect(show([[1, 4, 'class', 'forged']], snapshot(1, element(4, 'p', {})))).not.toContain('forged');
		for (const name of ['src', 'href', 'style', 'onclick', 'srcdoc'])
			expect(show([[1, 4, name, 'forged']], snapshot(1, element(4, 'img', {})))).not.toContain('forged');
	});
	it('are harmless in a style sheet, whose mask a hostile page could have put there', () => {
		const css = '@import "https://evil.test/x"; a{background:url(https://evil.test/y)}';
		const notes: PersonalNote[] = [1, 4, 5, 6].map((id) => [1, id, 't', css]);
		const sheet = element(3, 'style', {}, text(4, MASK));
		const later = change(2, {
			adds: [{ parentId: 3, nextId: null, node: text(5, MASK) }],
			texts: [{ id: 6, value: MASK }]
		});
		expect(show(notes, snapshot(1, sheet), later)).not.toContain('evil.test');
	});
});

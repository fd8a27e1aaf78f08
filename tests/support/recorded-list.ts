// A small recorded page: a list that grows by a row with each batch, and a field that somebody types into.
import { EVENT, SOURCE, type Loose, type RecordedEvent } from '#recorder/format/events.ts';

const LIST_ID = 10;
const FIELD_ID = 11;

const element = (id: number, tagName: string, childNodes: Loose[], attributes: Loose = {}): Loose => ({
	type: 2,
	id,
	tagName,
	attributes,
	childNodes
});
const text = (id: number, textContent: string): Loose => ({ type: 3, id, textContent });

const rowOf = (seq: number): Loose =>
	element(1_000 + seq * 3, 'li', [text(1_001 + seq * 3, `Invoice ${seq} of Bluebird Bakery`)], {
		class: 'row'
	});

/** Meta and full snapshot, as a page begins. */
export function firstPicture(at: number): RecordedEvent[] {
	const rows = Array.from({ length: 40 }, (_, index) =>
		element(100 + index * 3, 'li', [text(101 + index * 3, `Task ${index}`)], { class: 'row' })
	);
	const body = element(5, 'body', [
		element(LIST_ID, 'ul', rows),
		element(FIELD_ID, 'input', [], { type: 'text' })
	]);
	const html = element(3, 'html', [element(4, 'head', []), body]);
	const node = {
		type: 0,
		id: 1,
		childNodes: [{ type: 1, id: 2, name: 'html', publicId: '', systemId: '' }, html]
	};
	return [
		{
			type: EVENT.meta,
			timestamp: at,
			data: { href: 'http://portal.test/tasks', width: 1_200, height: 800 }
		},
		{ type: EVENT.fullSnapshot, timestamp: at, data: { node, initialOffset: { top: 0, left: 0 } } }
	];
}

/** A row is added; every second somebody types. */
export function listGrows(seq: number, at: number): RecordedEvent[] {
	const adds = [
		{ parentId: LIST_ID, nextId: null, node: element(1_000 + seq * 3, 'li', [], { class: 'row' }) }
	];
	const words = (rowOf(seq)['childNodes'] as Loose[]).map((node) => ({
		parentId: 1_000 + seq * 3,
		nextId: null,
		node
	}));
	const mutation = {
		source: SOURCE.mutation,
		adds: [...adds, ...words],
		removes: [],
		texts: [],
		attributes: []
	};
	const typed = {
		source: SOURCE.input,
		id: FIELD_ID,
		text: `typed ${seq}`,
		isChecked: false,
		userTriggered: true
	};
	const events: RecordedEvent[] = [{ type: EVENT.incremental, timestamp: at, data: mutation }];
	return seq % 4 === 0 ? [...events, { type: EVENT.incremental, timestamp: at + 5, data: typed }] : events;
}

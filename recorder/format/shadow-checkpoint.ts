// Writes a shadow document down as the events from which a viewer builds it: a full snapshot, then what no tree can say.
import { EVENT, SOURCE, type Loose, type RecordedEvent } from './events.ts';
import { NODE } from './safe-node.ts';
import { chosenOption, selectOf, showField } from './shadow-fields.ts';
import type { Attributes, ShadowNode } from './shadow-node.ts';
import { POPOVER_MARK, type ShadowParts } from './shadow-parts.ts';

export type PageState = {
	meta: { href: string; width: number; height: number; masking?: Loose };
	offset: { left: number; top: number };
	/** Last position of the pointer. */
	pointer: Loose | null;
};

/** Events that build the document; all bear the same time. */
export function writeCheckpoint(parts: ShadowParts, page: PageState, at: number): RecordedEvent[] {
	const { root } = parts.tree;
	if (!root) return [];
	const writer = new Writer(parts, at);
	const node = writer.write(root);
	const incremental = (data: Loose): RecordedEvent => ({ type: EVENT.incremental, data, timestamp: at });
	const styles = [...parts.sheets.events(root.id)];
	return [
		{ type: EVENT.meta, data: { ...page.meta }, timestamp: at },
		{ type: EVENT.fullSnapshot, data: { node, initialOffset: { ...page.offset } }, timestamp: at },
		...writer.mutations().map(incremental),
		...styles.map(incremental),
		...writer.inputs.map(incremental),
		// Until a rule stood, there may have been nothing to scroll.
		...(styles.length > 0 ? writer.scrolls(root, page.offset) : []).map(incremental),
		...(page.pointer ? [incremental(page.pointer)] : [])
	];
}

class Writer {
	readonly inputs: Loose[] = [];
	private readonly scrolled: Loose[] = [];
	private readonly styles: Loose[] = [];
	private readonly chosen = new Map<ShadowNode, ShadowNode | null>();
	private readonly parts: ShadowParts;
	private readonly at: number;

	constructor(parts: ShadowParts, at: number) {
		this.parts = parts;
		this.at = at;
	}

	/** The whole tree, serialized. Without recursion, however deep it is. */
	write(root: ShadowNode): Loose {
		const copy = this.shell(root);
		const stack: { node: ShadowNode; into: Loose[] }[] = [{ node: root, into: copy.childNodes as Loose[] }];
		for (let next = stack.pop(); next; next = stack.pop()) {
			const { node, into } = next;
			// A snapshot names what stands in the light before what stands in the shadow.
			for (const isShadow of node.isShadowHost ? [false, true] : [false])
				for (let child = node.first; child; child = child.next) {
					if (node.isShadowHost && child.isShadow !== isShadow) continue;
					const written = this.shell(child);
					into.push(written);
					if (child.first && !showsOwnText(child))
						stack.push({ node: child, into: written.childNodes as Loose[] });
				}
		}
		return copy;
	}

	/** Style changes that only a browser can work out, and the top layer when its order matters. */
	mutations(): Loose[] {
		const attributes = [...this.styles];
		if (this.isLayered)
			for (const { id, attributes: own } of this.parts.layer.nodes) {
				const mark = own?.[POPOVER_MARK];
				const open =
					mark === undefined
						? { open: String(own?.open ?? ''), rr_open_mode: 'modal' }
						: { [POPOVER_MARK]: mark };
				attributes.push({ id, attributes: open });
			}
		return attributes.length > 0
			? [{ source: SOURCE.mutation, texts: [], attributes, removes: [], adds: [] }]
			: [];
	}

	scrolls(root: ShadowNode, { left, top }: PageState['offset']): Loose[] {
		return [
			...this.scrolled,
			...(left || top ? [{ source: SOURCE.scroll, id: root.id, x: left, y: top }] : [])
		];
	}

	/** One alone is opened by the snapshot itself. */
	private get isLayered(): boolean {
		return this.parts.layer.nodes.size > 1;
	}

	/** A node without its children, its fields in rrweb's order: blocks compress against the page's own snapshot. */
	private shell(node: ShadowNode): Loose {
		const { id, type } = node;
		const shadow = node.isShadow ? { isShadow: true } : {};
		switch (type) {
			case NODE.document:
				return { type, childNodes: [], ...node.attributes, id };
			case NODE.doctype:
				return { type, ...node.attributes, id };
			case NODE.element:
				return {
					type,
					tagName: node.tag,
					attributes: this.attributes(node),
					childNodes: [],
					...(node.isSVG ? { isSVG: true } : {}),
					...(node.isCustom ? { isCustom: true } : {}),
					id,
					...(node.isShadowHost ? { isShadowHost: true } : {}),
					...shadow
				};
			default:
				return { type, textContent: node.text, id, ...shadow };
		}
	}

	private attributes(node: ShadowNode): Attributes {
		const attributes: Attributes = { ...node.attributes };
		if (attributes.rr_scrollLeft || attributes.rr_scrollTop) this.noteScroll(node, attributes);
		if (node.tag === 'option') this.showChoice(node, attributes);
		if (this.isLayered && this.parts.layer.nodes.has(node))
			for (const name of ['open', 'rr_open_mode', POPOVER_MARK]) Reflect.deleteProperty(attributes, name);
		if (node.state) this.showState(node, attributes);
		return attributes;
	}

	private noteScroll({ id }: ShadowNode, { rr_scrollLeft: x = 0, rr_scrollTop: y = 0 }: Attributes): void {
		this.scrolled.push({ source: SOURCE.scroll, id, x, y });
	}

	private showChoice(option: ShadowNode, attributes: Attributes): void {
		const select = selectOf(option);
		if (select?.state?.text === undefined) return;
		if (this.chosen.get(select) === option) attributes.selected = true;
		else delete attributes.selected;
	}

	private showState(node: ShadowNode, attributes: Attributes): void {
		const { style, playingSince, isChecked, text } = node.state ?? {};
		if (style) this.styles.push({ id: node.id, attributes: { style: Object.fromEntries(style) } });
		let isSaidApart = showField(node, attributes);
		if (node.tag === 'select' && text !== undefined) {
			// Looked for once for all options; one that has no such option shows nothing, which only an event can say.
			const chosen = chosenOption(node, text);
			this.chosen.set(node, chosen);
			isSaidApart = chosen === null;
		}
		if (isSaidApart) {
			const value = text ?? String(attributes.value ?? 'on');
			this.inputs.push({ source: SOURCE.input, id: node.id, text: value, isChecked: isChecked ?? false });
		}
		if (playingSince !== undefined) {
			const { rr_mediaCurrentTime: from, rr_mediaPlaybackRate: rate } = attributes;
			const seconds = ((this.at - playingSince) / 1_000) * (typeof rate === 'number' ? rate : 1);
			attributes.rr_mediaCurrentTime = (typeof from === 'number' ? from : 0) + Math.max(0, seconds);
		}
	}
}

/** A text area's value stands in an attribute, and a viewer builds its text from there. */
const showsOwnText = ({ tag, attributes, state }: ShadowNode): boolean =>
	tag === 'textarea' && (attributes?.value !== undefined || state?.text !== undefined);

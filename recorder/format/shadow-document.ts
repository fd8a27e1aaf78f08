// A page's document on the server: applies recorded events, made safe, to the tree of the last full snapshot, so that a
// checkpoint can be written at any moment without asking the page. Never throws, never grows past its limits.
import { EVENT, isLoose, SOURCE, type Loose, type RecordedEvent } from './events.ts';
import { writeCheckpoint, type PageState } from './shadow-checkpoint.ts';
import { applyInput, PartedFields } from './shadow-fields.ts';
import { ShadowGaps } from './shadow-gaps.ts';
import { applyMedia } from './shadow-media.ts';
import { applyMutation } from './shadow-mutation.ts';
import type { ShadowNode } from './shadow-node.ts';
import { TopLayer, type ShadowParts } from './shadow-parts.ts';
import { ShadowSheets } from './shadow-sheets.ts';
import { ShadowTree, type Limits } from './shadow-tree.ts';

/**
 * `empty`: no full snapshot yet. `whole`: what the page showed. `unsure`: an event named something that is not there; a
 * full snapshot of the page makes it whole. `too-large`: past its limits it keeps nothing until a snapshot fits again.
 */
type ShadowState = 'empty' | 'whole' | 'unsure' | 'too-large';

export class ShadowDocument {
	private readonly parts: ShadowParts;
	private readonly limits: Limits;
	private isTooLarge = false;
	private page: PageState = startOfPage();

	constructor(limits: Limits) {
		this.limits = limits;
		this.parts = {
			tree: new ShadowTree(limits, (node) => this.forget(node)),
			sheets: new ShadowSheets(),
			gaps: new ShadowGaps(),
			layer: new TopLayer(),
			fields: new PartedFields()
		};
	}

	get state(): ShadowState {
		const { tree, gaps, sheets } = this.parts;
		if (this.isTooLarge) return 'too-large';
		if (!tree.root) return 'empty';
		return gaps.isUnsure || sheets.isUnsure ? 'unsure' : 'whole';
	}

	get nodes(): number {
		return this.parts.tree.size;
	}

	/** What it holds in memory, roughly. */
	get approximateBytes(): number {
		return this.parts.tree.bytes + this.parts.sheets.bytes;
	}

	/** The document's root for whoever reads it; null while there is none. Not to be changed. */
	get root(): ShadowNode | null {
		return this.parts.tree.root;
	}

	/** What the page said it masks; null where it said nothing. */
	get profile(): unknown {
		return this.page.meta.masking?.profile ?? null;
	}

	/** Takes one event. Times matter only to media, and are to be on the clock of `checkpoint`. */
	apply({ type, data, timestamp }: RecordedEvent): void {
		if (!isLoose(data)) return;
		if (type === EVENT.meta) this.page.meta = readMeta(data);
		else if (type === EVENT.fullSnapshot) this.restart(data);
		else if (type === EVENT.incremental && this.root) this.change(data, timestamp);
		const isOver = this.parts.tree.isOver || this.approximateBytes > this.limits.maxBytes;
		if (isOver) this.giveUp();
	}

	/** Something is known to be missing, a batch for instance: a snapshot of the page is wanted. */
	doubt(): void {
		this.parts.gaps.isUnsure = true;
	}

	/** Meta, full snapshot and follow-up events, all stamped `at`; empty while there is nothing to show. */
	checkpoint(at: number): RecordedEvent[] {
		return writeCheckpoint(this.parts, this.page, at);
	}

	private restart(data: Loose): void {
		const { tree, sheets, layer, gaps, fields } = this.parts;
		sheets.clear();
		fields.clear();
		layer.nodes.clear();
		this.isTooLarge = false;
		this.page = { ...this.page, offset: readOffset(data.initialOffset), pointer: null };
		if (!tree.load(data.node, (node) => layer.see(node))) return;
		gaps.heal({ highest: tree.highestId(), has: (id) => tree.find(id) !== null });
	}

	private change(data: Loose, timestamp: number): void {
		const { parts, page } = this;
		switch (data.source) {
			case SOURCE.mutation:
				return applyMutation(parts, data);
			case SOURCE.mouseMove:
				page.pointer = readPointer(data) ?? page.pointer;
				return;
			case SOURCE.scroll:
				return this.scroll(data);
			case SOURCE.viewportResize:
				page.meta = { ...page.meta, width: number(data.width), height: number(data.height) };
				return;
			case SOURCE.input:
				if (!applyInput(parts.tree, data)) parts.fields.change(data.id, data);
				return;
			case SOURCE.mediaInteraction:
				return applyMedia(parts.tree, data, timestamp);
			case SOURCE.styleSheetRule:
			case SOURCE.styleDeclaration:
				if (typeof data.styleId !== 'number' && !parts.tree.find(data.id)) parts.gaps.miss(data.id);
				else parts.sheets.change(data);
				return;
			case SOURCE.adoptedStyleSheet:
				if (parts.tree.find(data.id)) parts.sheets.adopt(data);
				else parts.gaps.miss(data.id);
		}
	}

	private scroll({ id, x, y }: Loose): void {
		const { tree } = this.parts;
		const [left, top] = [number(x), number(y)];
		let node = tree.find(id);
		if (node && node === this.root) {
			this.page.offset = { left, top };
			// A snapshot says it twice: of the document and of its root element.
			for (node = node.first; node && node.tag === '';) node = node.next;
		}
		const { attributes } = node ?? {};
		if (!node || !attributes || node.tag === '') return;
		tree.change(node, () => {
			for (const [name, value] of Object.entries({ rr_scrollLeft: left, rr_scrollTop: top }))
				if (value) attributes[name] = value;
				else Reflect.deleteProperty(attributes, name);
		});
	}

	private forget(node: ShadowNode): void {
		if (node.tag === '') return;
		this.parts.layer.nodes.delete(node);
		this.parts.fields.part(node);
		this.parts.sheets.drop(node.id);
	}

	private giveUp(): void {
		this.isTooLarge = true;
		this.parts.tree.clear();
		this.parts.sheets.clear();
		this.parts.layer.nodes.clear();
		this.parts.fields.clear();
		this.page.pointer = null;
	}
}

function startOfPage(): PageState {
	return { meta: { href: '', width: 1_024, height: 768 }, offset: { left: 0, top: 0 }, pointer: null };
}

const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

const readMeta = ({ href, width, height, masking }: Loose): PageState['meta'] => ({
	href: typeof href === 'string' ? href.slice(0, 4_000) : '',
	width: number(width),
	height: number(height),
	// How the page masked: whoever reads a checkpoint must know as well as who reads the page's own snapshot.
	...(isLoose(masking) ? { masking: { version: masking.version, profile: masking.profile } } : {})
});

function readOffset(from: unknown): PageState['offset'] {
	const { left, top } = isLoose(from) ? from : {};
	return { left: number(left), top: number(top) };
}

/** Where the pointer is, so that whoever joins sees it before it moves. */
function readPointer({ positions }: Loose): Loose | null {
	const last: unknown = Array.isArray(positions) ? positions.at(-1) : null;
	if (!isLoose(last)) return null;
	const { x, y, id } = last;
	return {
		source: SOURCE.mouseMove,
		positions: [{ x: number(x), y: number(y), id: number(id), timeOffset: 0 }]
	};
}

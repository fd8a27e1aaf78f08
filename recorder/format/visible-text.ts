// The words a person could read in a shadow document, in reading order: for the search over what was seen. What no style
// sheet is needed to know is left out as hidden; what is masked stays masked, that is: it is not text, but told of beside it.
import type { MaskedKind } from '#protocol/masking.ts';
import { BLOCK } from './masked.ts';
import { NODE } from './safe-node.ts';
import type { ShadowDocument } from './shadow-document.ts';
import type { ShadowNode } from './shadow-node.ts';
import { Masks } from './visible-masks.ts';
import { fieldText, isFolded, isUnseen, maskOf, textOf } from './visible-nodes.ts';

/** Enough for a table of a thousand rows; a page with more is found by what stands above it. */
const MAX_LENGTH = 200_000;
/** As much of a title as a list shows. */
const MAX_TITLE = 300;
/** Slots put trees into trees: together they can be deeper than each alone. */
const MAX_DEPTH = 1_500;

const BREAKS = new Set(
	(
		'address article aside blockquote body button caption dd details dialog div dl dt fieldset figcaption figure footer ' +
		'form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre search section summary table tbody tfoot thead ' +
		'tr ul br select textarea'
	).split(' ')
);
/** What stands in place of secret and personal words: blocks, dots, in old recordings stars. */
const MASKED = new RegExp(`${BLOCK}+|[*•]{3,}`, 'g');

/** As it is shown: without what is masked, white space as one space. */
const asShown = (text: string): string => text.replace(MASKED, ' ').replace(/\s+/g, ' ').trim();

/** What stood in the tab; empty without a title. */
export function documentTitle({ root }: ShadowDocument): string {
	const inside = (node: ShadowNode | null, tag: string): ShadowNode | null => {
		for (let child = node?.first ?? null; child; child = child.next) if (child.tag === tag) return child;
		return null;
	};
	return asShown(textOf(inside(inside(inside(root, 'html'), 'head'), 'title'))).slice(0, MAX_TITLE);
}

/** `masked`: what of it is masked, in whatever order. */
export type VisibleText = { lines: string[]; masked: ReadonlySet<MaskedKind> };

/** Lines of text, none of them empty; together no longer than the limit, behind which nothing is looked at. */
export function visibleText({ root, profile }: ShadowDocument, maxLength = MAX_LENGTH): VisibleText {
	const reader = new Reader(maxLength, new Masks(profile));
	if (root) reader.read(root, null, 0);
	reader.endLine();
	return { lines: reader.lines, masked: reader.masks.kinds };
}

class Reader {
	readonly lines: string[] = [];
	readonly masks: Masks;
	private line = '';
	private left: number;

	constructor(maxLength: number, masks: Masks) {
		this.left = maxLength;
		this.masks = masks;
	}

	/** @param host the shadow host in whose shadow tree the node stands, whose own children its slots show */
	read(node: ShadowNode, host: Host | null, depth: number): void {
		if (this.left <= 0 || depth > MAX_DEPTH) return;
		if (node.type === NODE.text) return this.say(node.text);
		if (node.type === NODE.element && isUnseen(node)) return;
		const mask = maskOf(node);
		if (mask) return this.masks.enter(node, mask);
		if (BREAKS.has(node.tag)) this.endLine();
		else if (/^t[dh]$/.test(node.tag)) this.say(' ');
		const value = fieldText(node);
		if (value !== null) this.say(` ${value} `);
		else this.readInside(node, host, depth + 1);
		if (BREAKS.has(node.tag)) this.endLine();
	}

	endLine(): void {
		const line = asShown(this.line);
		this.line = '';
		if (line !== '') this.lines.push(line);
	}

	private readInside(node: ShadowNode, host: Host | null, depth: number): void {
		if (node.tag === 'slot' && host && this.readSlot(node, host, depth)) return;
		const inner = node.isShadowHost ? { node, host } : host;
		for (let child = node.first; child; child = child.next) {
			// Of a host only the shadow is shown; its own children where the shadow has a slot for them.
			if (node.isShadowHost && !child.isShadow) continue;
			if (isFolded(node, child)) continue;
			this.read(child, inner, depth);
		}
	}

	/** @returns false when nothing was put into the slot, so that it shows what stands in itself */
	private readSlot(slot: ShadowNode, host: Host, depth: number): boolean {
		const name = slot.attributes?.name ?? '';
		let isFilled = false;
		for (let child = host.node.first; child; child = child.next) {
			if (child.isShadow || (child.attributes?.slot ?? '') !== name) continue;
			isFilled ||= child.type === NODE.element || child.text.trim() !== '';
			this.read(child, host.host, depth);
		}
		return isFilled;
	}

	private say(text: string): void {
		const part = text.slice(0, this.left);
		this.masks.see(part);
		this.left -= part.length;
		this.line += part;
	}
}

type Host = { node: ShadowNode; host: Host | null };

// Applies a DOM mutation to a shadow document in rrweb's order: removals, additions, texts, attributes.
import { isLoose, type Loose } from './events.ts';
import { NODE } from './safe-node.ts';
import { changeAttributes } from './shadow-attributes.ts';
import { selectOf, settleChoice } from './shadow-fields.ts';
import { readNode, type ShadowNode } from './shadow-node.ts';
import type { ShadowParts } from './shadow-parts.ts';
import { releaseCss } from './style-text.ts';

/** An addition waits for its parent, then for its neighbour; one that waits longer plays with duplicate ids. */
const MAX_TRIES = 3;

type Waiting = { add: Loose; tries: number };

const list = (value: unknown): Loose[] => (Array.isArray(value) ? value.filter(isLoose) : []);

/** Carries out one mutation event. Stops at the tree's limit. */
export function applyMutation(parts: ShadowParts, data: Loose): void {
	const { tree, gaps } = parts;
	for (const { id, parentId } of list(data.removes)) {
		// One that is not there is not there afterwards either: no gap. One that stands elsewhere has been moved: each shadow
		// root is observed apart, so its new place may be told before it is taken from the old one.
		const node = tree.find(id);
		if (node && node.parent === tree.find(parentId)) remove(parts, node);
	}
	new Additions(parts).run(list(data.adds));
	for (const { id, value } of list(data.texts)) {
		const node = tree.find(id);
		if (!node) gaps.miss(id);
		else if (node.type === NODE.text) changeText(parts, node, typeof value === 'string' ? value : '');
	}
	for (const { id, attributes } of list(data.attributes)) {
		const node = tree.find(id);
		if (!node) gaps.miss(id);
		else if (isLoose(attributes)) changeAttributes(parts, node, attributes);
	}
}

function remove(parts: ShadowParts, node: ShadowNode): void {
	if (node.type === NODE.text && node.parent?.tag === 'style') releaseCss(parts, node.parent);
	if (/^opt(?:ion|group)$/.test(node.tag)) settleChoice(parts.tree, selectOf(node));
	parts.tree.drop(node);
}

function changeText(parts: ShadowParts, node: ShadowNode, text: string): void {
	if (node.parent?.tag === 'style') releaseCss(parts, node.parent);
	parts.tree.change(node, () => (node.text = text));
}

/** The additions of one mutation, in whatever order they come: each once its parent and its next sibling are there. */
class Additions {
	private readonly parts: ShadowParts;
	private readonly waitingFor = new Map<number, Waiting[]>();

	constructor(parts: ShadowParts) {
		this.parts = parts;
	}

	run(adds: Loose[]): void {
		for (const add of adds) this.work({ add, tries: 0 });
		// What still waits has no such neighbour: it goes to the end of its parent, if that is there.
		for (const [missing, left] of this.waitingFor) {
			this.waitingFor.delete(missing);
			for (const { add } of left) this.work({ add, tries: MAX_TRIES });
		}
	}

	private work(first: Waiting): void {
		const stack = [first];
		for (let next = stack.pop(); next && !this.parts.tree.isOver; next = stack.pop()) {
			const id = this.place(next);
			const released = id === null ? undefined : this.waitingFor.get(id);
			if (id === null || !released) continue;
			this.waitingFor.delete(id);
			// The first comes off the stack first; no spread, which a hundred thousand would overflow.
			for (const waiting of released.toReversed()) stack.push(waiting);
		}
	}

	/** @returns the id of the node that now stands in the tree; null when it waits or is left out */
	private place({ add, tries }: Waiting): number | null {
		const { tree, gaps } = this.parts;
		const { parentId, nextId } = add;
		const node = isLoose(add.node) ? readNode(add.node) : null;
		// Additions come without what stands in them; a document is a frame's content.
		if (!node || node.type === NODE.document) return null;
		const hasNext = typeof nextId === 'number' && nextId > 0;
		const missing = !tree.find(parentId) ? parentId : hasNext && !tree.find(nextId) ? nextId : null;
		if (missing !== null && tries < MAX_TRIES) {
			if (typeof missing === 'number') this.wait(missing, { add, tries: tries + 1 });
			return null;
		}
		if (missing !== null) gaps.miss(missing);
		if (!tree.find(parentId)?.mayHoldChildren) {
			// Of what stands in something left out, nothing later is a gap either.
			if (!tree.find(parentId) && gaps.isLeftOut(parentId)) gaps.leaveOut(node.id);
			return null;
		}
		const before = tree.find(node.id);
		// The same id can stand in one place only.
		if (before) remove(this.parts, before);
		// Looked for again: whoever puts a node into itself has just lost its parent.
		const parent = tree.find(parentId);
		return parent && this.insert(node, parent, hasNext ? tree.find(nextId) : null) ? node.id : null;
	}

	private wait(id: number, waiting: Waiting): void {
		const others = this.waitingFor.get(id);
		if (others) others.push(waiting);
		else this.waitingFor.set(id, [waiting]);
	}

	private insert(node: ShadowNode, parent: ShadowNode, next: ShadowNode | null): boolean {
		const { tree, gaps, sheets, layer, fields } = this.parts;
		if (tree.find(node.id)) return false; // the root, which stays
		if (parent.tag === 'style' && node.type === NODE.text && node.text !== '') releaseCss(this.parts, parent);
		if (parent.type === NODE.document) this.replaceInDocument(node, parent);
		fields.arrive(node);
		if (!tree.add(node, parent, next)) {
			gaps.leaveOut(node.id);
			return false;
		}
		if (/^opt(?:ion|group)$/.test(node.tag)) settleChoice(tree, selectOf(node));
		if (node.isShadowHost) sheets.arrive(node.id);
		layer.see(node);
		return true;
	}

	/** A document has one doctype and one root element; a new one takes the old one's place (document.open). */
	private replaceInDocument(node: ShadowNode, parent: ShadowNode): void {
		for (let child = parent.first; child;) {
			const { next } = child;
			if (child.type === node.type && node.type !== NODE.comment) this.parts.tree.drop(child);
			child = next;
		}
	}
}

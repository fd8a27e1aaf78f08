// The nodes of a shadow document: found by id, counted, and never more or deeper than a viewer can build.
import { isLoose } from './events.ts';
import { MAX_TREE_DEPTH } from './safe-tree.ts';
import { readNode, type ShadowNode } from './shadow-node.ts';
import { NODE } from './safe-node.ts';

export type Limits = { maxNodes: number; maxBytes: number };

export class ShadowTree {
	root: ShadowNode | null = null;
	bytes = 0;
	private readonly byId = new Map<number, ShadowNode>();
	private readonly limits: Limits;
	private readonly onDropped: (node: ShadowNode) => void;

	/** @param onDropped told of each node that leaves, so that what hangs on it goes, too */
	constructor(limits: Limits, onDropped: (node: ShadowNode) => void) {
		this.limits = limits;
		this.onDropped = onDropped;
	}

	get size(): number {
		return this.byId.size;
	}

	/** More than may be kept. */
	get isOver(): boolean {
		return this.byId.size > this.limits.maxNodes || this.bytes > this.limits.maxBytes;
	}

	find(id: unknown): ShadowNode | null {
		return this.byId.get(id as number) ?? null;
	}

	clear(): void {
		this.root = null;
		this.bytes = 0;
		this.byId.clear();
	}

	/**
	 * Takes a whole serialized document in place of what was there; false when it is none. Stops reading at the limit.
	 * Without recursion, since a hostile tree nests as deep as it likes.
	 */
	load(document: unknown, onAdded: (node: ShadowNode) => void): boolean {
		const root = isLoose(document) && document.type === NODE.document ? readNode(document) : null;
		this.clear();
		if (!root || !isLoose(document)) return false;
		this.root = root;
		this.register(root);
		const stack: { from: unknown; into: ShadowNode }[] = [{ from: document.childNodes, into: root }];
		for (let next = stack.pop(); next && !this.isOver; next = stack.pop()) {
			const { from, into } = next;
			if (!Array.isArray(from) || into.depth >= MAX_TREE_DEPTH) continue;
			for (const child of from) {
				const node = isLoose(child) ? readNode(child) : null;
				// A document in a document is a frame's content; the same id twice would be one node in two places.
				if (!node || node.type === NODE.document || this.byId.has(node.id)) continue;
				into.insert(node, null);
				this.register(node);
				onAdded(node);
				if (node.type === NODE.element)
					stack.push({ from: (child as { childNodes?: unknown }).childNodes, into: node });
			}
		}
		return true;
	}

	/** Puts a node under a parent that is in the tree; false when it would stand deeper than a viewer can build. */
	add(node: ShadowNode, parent: ShadowNode, next: ShadowNode | null): boolean {
		if (parent.depth >= MAX_TREE_DEPTH) return false;
		parent.insert(node, next?.parent === parent ? next : null);
		if (node.isShadow) parent.isShadowHost = true;
		this.register(node);
		return true;
	}

	/** Takes a node and all that stands in it out. The root stays. */
	drop(node: ShadowNode): void {
		if (node === this.root) return;
		node.unlink();
		const stack = [node];
		for (let next = stack.pop(); next; next = stack.pop()) {
			this.byId.delete(next.id);
			this.bytes -= next.bytes;
			this.onDropped(next);
			for (let child = next.first; child; child = child.next) stack.push(child);
		}
	}

	/** Changes something of a node and keeps the count of bytes right. */
	change(node: ShadowNode, work: () => void): void {
		this.bytes -= node.bytes;
		work();
		this.bytes += node.bytes;
	}

	highestId(): number {
		let highest = 0;
		for (const id of this.byId.keys()) highest = Math.max(highest, id);
		return highest;
	}

	private register(node: ShadowNode): void {
		this.byId.set(node.id, node);
		this.bytes += node.bytes;
	}
}

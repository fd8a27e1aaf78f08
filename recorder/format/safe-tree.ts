// A serialized tree out of a recording, rebuilt without recursion: a hostile one nests a hundred thousand deep.
import { isLoose, type Loose } from './events.ts';
import { fencedCss, NODE, safeElement, safeId, type Safety } from './safe-node.ts';
import { safeCss } from './safe-css.ts';

/** The Replayer builds recursively: below this depth its stack would end. Blink's own HTML parser stops at 512. */
export const MAX_TREE_DEPTH = 600;

/** Nodes of one snapshot; the largest page anyone has measured had half as many (recording.md §2). */
export const MAX_TREE_NODES = 200_000;

type Waiting = { from: unknown; into: Loose[]; depth: number; parent: 'style' | 'other' | 'unknown' };

/** The tree with everything harmful left out; null when its root is no node. */
export function safeTree(root: unknown, safety: Safety, parentId?: unknown): Loose | null {
	const roots: Loose[] = [];
	const isInStyle = typeof parentId === 'number' && safety.styles.has(parentId);
	const stack: Waiting[] = [{ from: root, into: roots, depth: 0, parent: isInStyle ? 'style' : 'unknown' }];
	// The Replayer finds nodes by id: the same one twice would be put into itself, which throws.
	const seen = new Set<number>();
	let left = MAX_TREE_NODES;
	for (let next = stack.pop(); next && left > 0; next = stack.pop(), left--) {
		const { from, into, depth } = next;
		// A document inside a document is a frame's content, and frames are left out: the Replayer would clear the screen.
		const isFrameContent =
			isLoose(from) && from.type === NODE.document && (depth > 0 || parentId !== undefined);
		const built = isLoose(from) && !isFrameContent ? safeNode(from, next.parent, safety) : null;
		if (!built || !isLoose(from) || seen.has(safeId(from.id))) continue;
		seen.add(safeId(from.id));
		into.push(built.safe);
		const { childNodes } = from;
		if (!Array.isArray(childNodes) || built.isEmptied || depth >= MAX_TREE_DEPTH) continue;
		const children = built.safe.childNodes as Loose[];
		const parent = safety.styles.has(safeId(from.id)) ? 'style' : 'other';
		// Pushed from the last to the first, so that they come off the stack in their order.
		for (let at = Math.min(childNodes.length, left) - 1; at >= 0; at--)
			stack.push({ from: childNodes[at], into: children, depth: depth + 1, parent });
	}
	return roots[0] ?? null;
}

function safeNode(
	node: Loose,
	parent: Waiting['parent'],
	safety: Safety
): { safe: Loose; isEmptied: boolean } | null {
	const id = safeId(node.id);
	const text = typeof node.textContent === 'string' ? node.textContent : '';
	const shared: Loose = { type: node.type, id };
	if (typeof node.rootId === 'number') shared.rootId = safeId(node.rootId);
	if (node.isShadow === true) shared.isShadow = true;
	switch (node.type) {
		case NODE.document:
			if (node.compatMode === 'BackCompat') shared.compatMode = 'BackCompat';
			return { safe: { ...shared, childNodes: [] }, isEmptied: false };
		case NODE.doctype:
			return { safe: { ...shared, name: 'html', publicId: '', systemId: '' }, isEmptied: true };
		case NODE.element:
			return safeElement(node, safety);
		case NODE.text:
			shared.textContent = safeText(text, parent, safety);
			return { safe: shared, isEmptied: true };
		case NODE.comment:
		case NODE.cdata:
			// Their text is never seen, but their place counts: siblings are found by it.
			return { safe: { ...shared, type: NODE.comment, textContent: '' }, isEmptied: true };
		default:
			return null;
	}
}

/** Text of a node whose parent is not known may turn out to be CSS; only then is plain text touched, too. */
export function safeText(text: string, parent: Waiting['parent'], safety: Safety): string {
	if (parent === 'style') return fencedCss(text, safety);
	return parent === 'unknown' ? safeCss(text, safety.allowedAssets) : text;
}

// Changed attributes of a shadow document's element, inline styles and the top layer among them.
import { isLoose, type Loose } from './events.ts';
import { mergeStyle } from './inline-style.ts';
import { selectOf, settleChoice, stateOf } from './shadow-fields.ts';
import { isAttribute, type ShadowNode, type StyleChange } from './shadow-node.ts';
import type { ShadowParts } from './shadow-parts.ts';

/** Carries out one element's part of a mutation. */
export function changeAttributes(
	{ tree, layer, sheets }: ShadowParts,
	node: ShadowNode,
	changes: Loose
): void {
	const { attributes } = node;
	if (!attributes || node.tag === '') return;
	if (node.tag === 'option' && Object.hasOwn(changes, 'selected')) settleChoice(tree, selectOf(node));
	tree.change(node, () => {
		for (const name of Object.keys(changes)) {
			const value = changes[name];
			if (name === '__proto__') continue;
			if (name === 'style') changeStyle(node, value);
			else if (value === null) Reflect.deleteProperty(attributes, name);
			else if (isAttribute(value)) attributes[name] = value;
		}
		// rrweb names the mode of a dialog that closes, too.
		if (changes.open === null) delete attributes.rr_open_mode;
	});
	if (typeof changes._cssText === 'string') sheets.reread(node.id);
	layer.see(node);
}

function changeStyle(node: ShadowNode, value: unknown): void {
	const { attributes } = node;
	if (!attributes) return;
	if (!isLoose(value)) {
		delete node.state?.style;
		if (value === null) delete attributes.style;
		else if (typeof value === 'string') attributes.style = value;
		return;
	}
	const changes = readStyle(value);
	const merged = node.state?.style ? null : mergeStyle(String(attributes.style ?? ''), changes);
	if (merged !== null) {
		attributes.style = merged;
		return;
	}
	const kept = (stateOf(node).style ??= new Map());
	for (const [name, change] of changes) {
		// Moved to the end: the later of two related properties counts.
		kept.delete(name);
		kept.set(name, change);
	}
}

function readStyle(from: Loose): Map<string, StyleChange> {
	const changes = new Map<string, StyleChange>();
	for (const name of Object.keys(from)) {
		const value = from[name];
		if (value === false || typeof value === 'string') changes.set(name, value);
		else if (Array.isArray(value) && typeof value[0] === 'string')
			changes.set(name, [value[0], value[1] === 'important' ? 'important' : '']);
	}
	return changes;
}

// One node of a shadow document and its links to its neighbours. Siblings are a linked list: a page (or an attacker) that
// puts a hundred thousand children under one parent would make arrays quadratic.
import { isLoose, type Loose } from './events.ts';
import { NODE } from './safe-node.ts';

export type Attribute = string | number | boolean;
export type Attributes = Record<string, Attribute>;

/** A style change as rrweb writes it: a value, a value with its priority, or removed. */
export type StyleChange = string | [string, string] | false;

/** What an element is beyond its attributes; most have none of it. */
export type ElementState = {
	/** Value of a field after somebody or something set it: no longer what the attribute says. */
	text?: string;
	/** The same for a checkbox or radio button. */
	isChecked?: boolean;
	/** Style changes that cannot be written into the attribute's text without a browser. */
	style?: Map<string, StyleChange>;
	/** Playing since this moment, so that a checkpoint knows how far it got. */
	playingSince?: number;
};

/** Rough bytes of a node without its strings; from heap measurements, see bench/shadow-document.ts. */
const NODE_BYTES = 230;
const ATTRIBUTE_BYTES = 16;

export class ShadowNode {
	parent: ShadowNode | null = null;
	previous: ShadowNode | null = null;
	next: ShadowNode | null = null;
	first: ShadowNode | null = null;
	last: ShadowNode | null = null;
	depth = 0;
	isShadowHost = false;
	isShadow = false;
	isSVG = false;
	isCustom = false;
	state: ElementState | null = null;
	readonly id: number;
	readonly type: number;
	/** Empty for all but elements. */
	readonly tag: string;
	text: string;
	/** Of an element; of a document and doctype what else they have. */
	readonly attributes: Attributes | null;

	constructor(of: { id: number; type: number; tag?: string; text?: string; attributes?: Attributes }) {
		this.id = of.id;
		this.type = of.type;
		this.tag = of.tag ?? '';
		this.text = of.text ?? '';
		this.attributes = of.attributes ?? null;
	}

	/** Puts a node that stands nowhere before `next`, or at the end. */
	insert(child: ShadowNode, next: ShadowNode | null): void {
		child.parent = this;
		child.depth = this.depth + 1;
		child.next = next;
		child.previous = next ? next.previous : this.last;
		if (child.previous) child.previous.next = child;
		else this.first = child;
		if (next) next.previous = child;
		else this.last = child;
	}

	/** Takes the node out of its parent; its own children stay with it. */
	unlink(): void {
		const { parent, previous, next } = this;
		if (previous) previous.next = next;
		else if (parent) parent.first = next;
		if (next) next.previous = previous;
		else if (parent) parent.last = previous;
		this.parent = this.previous = this.next = null;
	}

	/** True when the node is this one or stands in it. */
	holds(node: ShadowNode): boolean {
		for (let at: ShadowNode | null = node; at; at = at.parent) if (at === this) return true;
		return false;
	}

	get mayHoldChildren(): boolean {
		return this.type === NODE.element || this.type === NODE.document;
	}

	/** Approximate bytes of the node alone. */
	get bytes(): number {
		let bytes = NODE_BYTES + this.text.length;
		// Names are own keys only: they are copied without `__proto__`.
		for (const name in this.attributes) bytes += attributeBytes(name, this.attributes[name]);
		if (this.state) bytes += stateBytes(this.state);
		return bytes;
	}
}

const attributeBytes = (name: string, value: unknown): number =>
	ATTRIBUTE_BYTES + name.length + (typeof value === 'string' ? value.length : 8);

function stateBytes({ text, style }: ElementState): number {
	let bytes = 64 + (text?.length ?? 0);
	for (const [name, value] of style ?? []) bytes += attributeBytes(name, value === false ? '' : value);
	return bytes;
}

/** Ids that rrweb gives; its -1 and -2 stand for nodes it does not record. */
export const isNodeId = (id: unknown): id is number =>
	typeof id === 'number' && Number.isSafeInteger(id) && id > 0;

/** Attributes as they are kept: known kinds of values, and no name that means something to JavaScript's objects. */
export function readAttributes(from: unknown): Attributes {
	const attributes: Attributes = {};
	if (!isLoose(from)) return attributes;
	for (const name of Object.keys(from)) {
		const value = from[name];
		if (isAttribute(value) && name !== '__proto__') attributes[name] = value;
	}
	return attributes;
}

export const isAttribute = (value: unknown): value is Attribute =>
	typeof value === 'string' ||
	typeof value === 'boolean' ||
	(typeof value === 'number' && Number.isFinite(value));

/** A node without its children; null when it is none that we keep. */
export function readNode(from: Loose): ShadowNode | null {
	const { id, type } = from;
	if (!isNodeId(id)) return null;
	const text = typeof from.textContent === 'string' ? from.textContent : '';
	switch (type) {
		case NODE.document:
			return new ShadowNode({
				id,
				type,
				attributes: from.compatMode === 'BackCompat' ? { compatMode: 'BackCompat' } : {}
			});
		case NODE.doctype:
			return new ShadowNode({ id, type, attributes: readDoctype(from) });
		case NODE.element:
			return typeof from.tagName === 'string' ? readElement(from, id) : null;
		case NODE.text:
			return withShadow(from, new ShadowNode({ id, type, text }));
		case NODE.cdata:
		case NODE.comment:
			// A viewer cannot build a CDATA section in an HTML document, and neither is ever seen.
			return withShadow(
				from,
				new ShadowNode({ id, type: NODE.comment, text: type === NODE.comment ? text : '' })
			);
		default:
			return null;
	}
}

function readElement(from: Loose, id: number): ShadowNode {
	const node = new ShadowNode({
		id,
		type: NODE.element,
		tag: String(from.tagName),
		attributes: readAttributes(from.attributes)
	});
	node.isShadowHost = from.isShadowHost === true;
	node.isSVG = from.isSVG === true;
	node.isCustom = from.isCustom === true;
	return withShadow(from, node);
}

function readDoctype({ name, publicId, systemId }: Loose): Attributes {
	const text = (value: unknown): string => (typeof value === 'string' ? value : '');
	return { name: text(name) || 'html', publicId: text(publicId), systemId: text(systemId) };
}

function withShadow(from: Loose, node: ShadowNode): ShadowNode {
	node.isShadow = from.isShadow === true;
	return node;
}

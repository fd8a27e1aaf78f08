// What of one node of a shadow document can be told without a style sheet: whether it is shown at all, what a field holds, and
// whether what stands in it is masked.
import type { MaskedKind } from '#protocol/masking.ts';
import { NODE } from './safe-node.ts';
import { chosenOption } from './shadow-fields.ts';
import type { ShadowNode } from './shadow-node.ts';
import { POPOVER_MARK } from './shadow-parts.ts';

const UNSEEN = new Set(
	'head script style noscript template iframe object canvas datalist defs desc metadata option'.split(' ')
);
const UNSEEN_FIELD = /^(?:hidden|checkbox|radio|file|color|range|image)$/i;
const HIDES = /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))/i;

/** An element of which nothing is on the screen. */
export function isUnseen({ tag, attributes }: ShadowNode): boolean {
	if (UNSEEN.has(tag) || !attributes) return true;
	const { hidden, style, open, type } = attributes;
	if (hidden !== undefined && hidden !== false) return true;
	if (attributes['aria-hidden'] === 'true') return true;
	if (tag === 'dialog' && open === undefined) return true;
	if (attributes.popover !== undefined && attributes[POPOVER_MARK] === undefined) return true;
	if (tag === 'input' && UNSEEN_FIELD.test(String(type))) return true;
	return typeof style === 'string' && HIDES.test(style);
}

/** How an element masks what stands in it; null where it says nothing of it. */
export function maskOf({ tag, attributes }: ShadowNode): MaskedKind | null {
	if (!attributes) return null;
	const isPassword = tag === 'input' && /^password$/i.test(String(attributes.type));
	if (attributes['data-secret'] !== undefined || isPassword) return 'withheld';
	return attributes['data-personal'] === undefined ? null : 'personal';
}

/** What a field holds; null for what is none. */
export function fieldValue(node: ShadowNode): string | null {
	const { tag, attributes, state } = node;
	if (tag === 'select') return textOf(chosenOption(node, state?.text ?? null));
	if (tag !== 'input' && tag !== 'textarea') return null;
	return String(state?.text ?? attributes?.value ?? (tag === 'textarea' ? textOf(node) : ''));
}

/** What a field shows: what it holds, else its hint; null for what is none. */
export function fieldText(node: ShadowNode): string | null {
	const value = fieldValue(node);
	return value === '' && node.tag !== 'select' ? String(node.attributes?.placeholder ?? '') : value;
}

/** What stands in a closed box of details. */
export const isFolded = ({ tag, attributes }: ShadowNode, child: ShadowNode): boolean =>
	tag === 'details' && attributes?.open === undefined && child.tag !== 'summary';

export function textOf(node: ShadowNode | null): string {
	let text = '';
	for (let child = node?.first ?? null; child; child = child.next)
		if (child.type === NODE.text) text += child.text;
	return text;
}

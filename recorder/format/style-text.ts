// The text of `style` elements. A snapshot holds the rules as one attribute and leaves the element's texts empty; as soon
// as one of these changes, they are what counts.
import { NODE } from './safe-node.ts';
import type { ShadowNode } from './shadow-node.ts';
import type { ShadowParts } from './shadow-parts.ts';

/** rrweb's mark between the parts of a `_cssText` that belong to different text nodes. */
const SPLIT = '/* rr_split */';

/**
 * The element's texts are about to change: gives each its own part of the captured rules, as a viewer does when it
 * builds them, and forgets what scripts had done to the sheet, which the browser now reads anew.
 */
export function releaseCss({ tree, sheets }: ShadowParts, style: ShadowNode): void {
	sheets.reread(style.id);
	const css = style.attributes?._cssText;
	if (typeof css !== 'string') return;
	const texts: ShadowNode[] = [];
	for (let child = style.first; child; child = child.next) if (child.type === NODE.text) texts.push(child);
	const parts = css.split(SPLIT);
	const last = Math.max(0, texts.length - 1);
	for (const [place, text] of texts.entries()) {
		const part = place === last ? parts.slice(place).join('') : (parts[place] ?? '');
		tree.change(text, () => (text.text = part));
	}
	tree.change(style, () => delete style.attributes?._cssText);
}

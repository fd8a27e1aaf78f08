// What stands masked on a shadow document's screen, noted while its words are read.
import type { MaskedKind } from '#protocol/masking.ts';
import { BLOCK } from './masked.ts';
import { NODE } from './safe-node.ts';
import type { ShadowNode } from './shadow-node.ts';
import { fieldValue, isFolded, isUnseen, maskOf } from './visible-nodes.ts';

/** What capture/scrub.ts puts in place of a secret. Fewer dots may be a page's own, as before the last digits of a card. */
const DOTS = '•'.repeat(8);

type Area = { node: ShadowNode; kind: MaskedKind };

export class Masks {
	readonly kinds = new Set<MaskedKind>();
	/** What blocks stand for outside of an area that says it. */
	private readonly basis: MaskedKind;
	/** Attack: slots that show the same area a thousand times over. */
	private readonly entered = new Set<ShadowNode>();

	/** @param profile what the page said it masks; where it masks more than what is personal, its blocks were nowhere kept */
	constructor(profile: unknown) {
		this.basis = profile === 'inputs' || profile === 'text' ? 'withheld' : 'personal';
	}

	/** Words that no area masks; parts of them may be masked all the same. */
	see(text: string): void {
		if (text.includes(DOTS)) this.kinds.add('withheld');
		if (text.includes(BLOCK)) this.kinds.add(this.basis);
	}

	/** An area that masks all that stands in it. One in which nothing stands (an empty field) masks nothing. */
	enter(node: ShadowNode, kind: MaskedKind): void {
		if (this.entered.has(node)) return;
		this.entered.add(node);
		const stack: Area[] = [{ node, kind }];
		for (let next = stack.pop(); next; next = stack.pop()) this.look(next, stack);
	}

	private look({ node, kind: around }: Area, stack: Area[]): void {
		if (node.type === NODE.text) {
			if (node.text.trim() !== '') this.kinds.add(around);
			return;
		}
		if (node.type !== NODE.element || isUnseen(node)) return;
		const kind = around === 'withheld' ? around : (maskOf(node) ?? around);
		const value = fieldValue(node);
		if (value?.trim()) this.kinds.add(kind);
		// The text of a field is what it began with, and that of a list all that could be chosen.
		if (value !== null) return;
		for (let child = node.first; child; child = child.next)
			if (!isFolded(node, child)) stack.push({ node: child, kind });
	}
}

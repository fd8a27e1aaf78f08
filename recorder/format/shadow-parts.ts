// What a shadow document is made of, and the order of its top layer.
import type { PartedFields } from './shadow-fields.ts';
import type { ShadowGaps } from './shadow-gaps.ts';
import type { ShadowNode } from './shadow-node.ts';
import type { ShadowSheets } from './shadow-sheets.ts';
import type { ShadowTree } from './shadow-tree.ts';

export type ShadowParts = {
	tree: ShadowTree;
	sheets: ShadowSheets;
	gaps: ShadowGaps;
	layer: TopLayer;
	fields: PartedFields;
};

/** Modal dialogs and open popovers, the lowest first: the order in which they were opened, which no tree shows. */
export class TopLayer {
	readonly nodes = new Set<ShadowNode>();

	/** The element was added or changed. */
	see(node: ShadowNode): void {
		if (!isInTopLayer(node)) this.nodes.delete(node);
		else this.nodes.add(node);
	}
}

/** The recorder's own mark of an open popover, which no attribute of the page shows. */
export const POPOVER_MARK = 'rr_popover';

function isInTopLayer({ tag, attributes }: ShadowNode): boolean {
	if (!attributes) return false;
	if (attributes[POPOVER_MARK] !== undefined) return true;
	return tag === 'dialog' && attributes.open !== undefined && attributes.rr_open_mode === 'modal';
}

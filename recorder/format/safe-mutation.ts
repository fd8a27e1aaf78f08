// A DOM mutation out of a recording: texts, attributes, removals and additions, each rebuilt from known fields.
import { isLoose, type Loose } from './events.ts';
import { safeCss } from './safe-css.ts';
import { safeAttribute, safeId, type Safety } from './safe-node.ts';
import { safeText, safeTree } from './safe-tree.ts';

/** More changes than a page makes in one go: the rest would only stall the viewer. */
const MAX_CHANGES = 100_000;

const list = (value: unknown): Loose[] =>
	Array.isArray(value) ? value.slice(0, MAX_CHANGES).filter(isLoose) : [];

/** The mutation fit to be applied; additions without a node are left out. */
export function safeMutation(data: Loose, safety: Safety): Loose {
	return {
		source: data.source,
		// First: an addition may name a new `style` that a text of the same mutation fills.
		adds: list(data.adds).flatMap((add) => safeAdd(add, safety)),
		removes: list(data.removes).map(({ parentId, id, isShadow }) => ({
			parentId: safeId(parentId),
			id: safeId(id),
			...(isShadow === true ? { isShadow } : {})
		})),
		texts: list(data.texts).map(({ id, value }) => ({
			id: safeId(id),
			value: typeof value === 'string' ? safeText(value, 'unknown', safety) : null
		})),
		attributes: list(data.attributes).map(({ id, attributes }) => ({
			id: safeId(id),
			attributes: changedAttributes(attributes, safety)
		})),
		...(data.isAttachIframe === true ? { isAttachIframe: true } : {})
	};
}

function safeAdd({ parentId, previousId, nextId, node }: Loose, safety: Safety): Loose[] {
	const safe = safeTree(node, safety, parentId);
	if (!safe) return [];
	const add: Loose = {
		parentId: safeId(parentId),
		nextId: nextId === null ? null : safeId(nextId),
		node: safe
	};
	if (typeof previousId === 'number') add.previousId = safeId(previousId);
	return [add];
}

function changedAttributes(from: unknown, safety: Safety): Loose {
	const attributes: Loose = {};
	if (!isLoose(from)) return attributes;
	for (const [name, value] of Object.entries(from)) {
		if (name === '__proto__') continue;
		if (typeof value === 'string') {
			// The element behind the id is not known here, so each value must be harmless on any element.
			const safe = safeAttribute({ tag: null, name, value }, safety);
			if (safe !== null) attributes[name] = safe;
		} else if (value === null && /^[a-z_][\w:.-]*$/i.test(name)) attributes[name] = null;
		else if (name === 'style' && isLoose(value)) attributes.style = changedStyle(value, safety);
	}
	return attributes;
}

/** rrweb writes a changed `style` as an object: property to value, to [value, priority], or to false for removed. */
function changedStyle(from: Loose, { allowedAssets }: Safety): Loose {
	const style: Loose = {};
	for (const [property, value] of Object.entries(from)) {
		if (!/^-{0,2}[\w-]+$/.test(property) || property === '__proto__') continue;
		if (value === false) style[property] = false;
		else if (typeof value === 'string') style[property] = safeCss(value, allowedAssets);
		else if (Array.isArray(value) && typeof value[0] === 'string')
			style[property] = [safeCss(value[0], allowedAssets), value[1] === 'important' ? 'important' : ''];
	}
	return style;
}

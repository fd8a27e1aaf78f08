// Changes of style sheets out of a recording: inserted rules, declarations, adopted sheets.
import { isLoose, type Loose } from './events.ts';
import { safeCss } from './safe-css.ts';
import { safeId, type Safety } from './safe-node.ts';

const MAX_RULES = 20_000;

const list = (value: unknown): Loose[] =>
	Array.isArray(value) ? value.slice(0, MAX_RULES).filter(isLoose) : [];

/** A rule's place: a number, or a path of them into nested rules. */
function safeIndex(value: unknown): number | number[] | undefined {
	if (Array.isArray(value)) return value.slice(0, 32).map(safeId);
	return typeof value === 'number' ? safeId(value) : undefined;
}

function owner(data: Loose): Loose {
	const found: Loose = { source: data.source };
	if (typeof data.id === 'number') found.id = safeId(data.id);
	if (typeof data.styleId === 'number') found.styleId = safeId(data.styleId);
	return found;
}

function safeAdds(adds: unknown, { allowedAssets }: Safety): Loose[] {
	return list(adds).map(({ rule, index }) => {
		const add: Loose = { rule: safeCss(typeof rule === 'string' ? rule : '', allowedAssets) };
		const place = safeIndex(index);
		return place === undefined ? add : { ...add, index: place };
	});
}

/** StyleSheetRule: insertRule, deleteRule, replace and replaceSync. */
export function safeRules(data: Loose, safety: Safety): Loose {
	const safe = owner(data);
	if (data.adds !== undefined) safe.adds = safeAdds(data.adds, safety);
	if (data.removes !== undefined)
		safe.removes = list(data.removes).map(({ index }) => ({ index: safeIndex(index) ?? 0 }));
	for (const way of ['replace', 'replaceSync']) {
		const css = data[way];
		if (typeof css === 'string') safe[way] = safeCss(css, safety.allowedAssets);
	}
	return safe;
}

/** StyleDeclaration: one property set or removed in a rule. */
export function safeDeclaration(data: Loose, { allowedAssets }: Safety): Loose | null {
	const index = safeIndex(data.index);
	if (!Array.isArray(index)) return null;
	const safe: Loose = { ...owner(data), index };
	if (isLoose(data.set) && typeof data.set.property === 'string') {
		const { property, value, priority } = data.set;
		const css = typeof value === 'string' ? safeCss(value, allowedAssets) : null;
		safe.set = { property, value: css, ...(priority === 'important' ? { priority } : {}) };
	}
	if (isLoose(data.remove) && typeof data.remove.property === 'string')
		safe.remove = { property: data.remove.property };
	return safe;
}

/** AdoptedStyleSheet: constructed sheets of a document or shadow root. */
export function safeAdoptedSheets(data: Loose, safety: Safety): Loose {
	const safe: Loose = { ...owner(data), id: safeId(data.id) };
	safe.styleIds = Array.isArray(data.styleIds) ? data.styleIds.slice(0, MAX_RULES).map(safeId) : [];
	if (data.styles !== undefined)
		safe.styles = list(data.styles).map(({ styleId, rules }) => ({
			styleId: safeId(styleId),
			rules: safeAdds(rules, safety)
		}));
	return safe;
}

// What scripts did to style sheets: rules put into and taken out of those of `style` and `link` elements, and the
// constructed sheets that a document or a shadow root adopted. What an element's own text says is not kept here.
import { isLoose, SOURCE, type Loose } from './events.ts';
import { foldRules, type RuleChange } from './fold-rules.ts';
import { isNodeId } from './shadow-node.ts';

/** A history this short is kept as it happened, failed insertions included. */
const WHOLE_HISTORY = 64;
/** Longer after folding, it is given up for a snapshot of the page, which holds it all as text. */
const MAX_HISTORY = 10_000;
/** Constructed sheets that nobody adopts any more: a page may adopt them again, but leaky components make thousands. */
const MAX_UNUSED = 1_000;
/** Hosts remembered after they left; components that move do so at once. */
const MAX_PARTED = 500;
const CHANGE_BYTES = 120;

type Log = { changes: RuleChange[]; foldAt: number; bytes: number };
type Constructed = { start: { rules: Loose[] } | { text: string }; bytes: number };

export class ShadowSheets {
	bytes = 0;
	/** A sheet was named that is not known, or has changed too often to be followed. */
	isUnsure = false;
	/** Constructed sheets by their id, oldest first. */
	private readonly constructed = new Map<number, Constructed>();
	private readonly adopted = new Map<number, number[]>();
	private readonly ofElements = new Map<number, Log>();
	private readonly ofConstructed = new Map<number, Log>();
	/** Hosts that were taken out: one that comes back still has its sheets, and no event says so again. */
	private readonly parted = new Map<number, number[]>();

	clear(): void {
		for (const map of [this.constructed, this.adopted, this.ofElements, this.ofConstructed, this.parted])
			map.clear();
		this.bytes = 0;
		this.isUnsure = false;
	}

	/** The element's sheet was read anew from its text: what scripts had done to it is gone. */
	reread(elementId: number): void {
		this.forget(this.ofElements, elementId);
	}

	/** An element or shadow host left the document. */
	drop(id: number): void {
		this.reread(id);
		const sheets = this.adopted.get(id);
		if (!sheets) return;
		this.adopted.delete(id);
		this.parted.delete(id);
		this.parted.set(id, sheets);
		const [oldest] = this.parted.keys();
		if (this.parted.size > MAX_PARTED && oldest !== undefined) this.parted.delete(oldest);
	}

	/** The host stands in the document again. */
	arrive(id: number): void {
		const sheets = this.parted.get(id)?.filter((styleId) => this.constructed.has(styleId));
		if (!sheets) return;
		this.adopted.set(id, sheets);
		this.parted.delete(id);
	}

	/** StyleSheetRule and StyleDeclaration of a known element or of a constructed sheet. */
	change(data: Loose): void {
		const { id, styleId } = data;
		if (isNodeId(styleId)) return this.changeConstructed(styleId, data);
		if (isNodeId(id)) this.log(this.ofElements, id, readChanges(data));
	}

	/** AdoptedStyleSheet: new sheets, and which of all a document or shadow root now has. */
	adopt({ id, styleIds, styles }: Loose): void {
		if (!isNodeId(id)) return;
		for (const style of Array.isArray(styles) ? styles : []) {
			if (!isLoose(style) || !isNodeId(style.styleId)) continue;
			const rules = (Array.isArray(style.rules) ? style.rules : []).filter(isLoose).flatMap(readStartRule);
			this.forget(this.ofConstructed, style.styleId);
			this.define(style.styleId, { rules });
		}
		const ids = (Array.isArray(styleIds) ? styleIds : []).filter(isNodeId);
		const known = ids.filter((styleId) => this.constructed.has(styleId));
		if (known.length < ids.length) this.isUnsure = true;
		this.adopted.set(id, known);
		this.dropUnused();
	}

	/** Events that bring a viewer who has the tree to the same sheets. */
	*events(rootId: number): Generator<Loose> {
		if (this.constructed.size > 0) {
			const styles = [...this.constructed].map(([styleId, { start }]) => ({
				styleId,
				rules: 'rules' in start ? start.rules : []
			}));
			const { adopted } = this;
			yield { source: SOURCE.adoptedStyleSheet, id: rootId, styleIds: adopted.get(rootId) ?? [], styles };
			for (const [id, styleIds] of adopted)
				if (id !== rootId) yield { source: SOURCE.adoptedStyleSheet, id, styleIds };
		}
		for (const [styleId, { start }] of this.constructed)
			if ('text' in start) yield { source: SOURCE.styleSheetRule, styleId, replaceSync: start.text };
		for (const [styleId, { changes }] of this.ofConstructed)
			for (const change of changes) yield { ...writeChange(change), styleId };
		for (const [id, { changes }] of this.ofElements)
			for (const change of changes) yield { ...writeChange(change), id };
	}

	private changeConstructed(styleId: number, data: Loose): void {
		if (!this.constructed.has(styleId)) {
			this.isUnsure = true;
			return;
		}
		this.log(this.ofConstructed, styleId, readChanges(data));
		for (const text of [data.replace, data.replaceSync])
			if (typeof text === 'string') {
				this.forget(this.ofConstructed, styleId);
				this.define(styleId, { text });
			}
	}

	private define(styleId: number, start: Constructed['start']): void {
		const before = this.constructed.get(styleId);
		this.bytes -= before?.bytes ?? 0;
		const texts = 'text' in start ? [start.text] : start.rules.map(({ rule }) => String(rule));
		const bytes = texts.reduce((sum, text) => sum + text.length + CHANGE_BYTES, CHANGE_BYTES);
		this.constructed.set(styleId, { start, bytes });
		this.bytes += bytes;
	}

	private dropUnused(): void {
		if (this.constructed.size <= MAX_UNUSED) return;
		const used = new Set([...this.adopted.values(), ...this.parted.values()].flat());
		let left = this.constructed.size - used.size - MAX_UNUSED;
		for (const [styleId, { bytes }] of this.constructed) {
			if (left <= 0) return;
			if (used.has(styleId)) continue;
			this.constructed.delete(styleId);
			this.forget(this.ofConstructed, styleId);
			this.bytes -= bytes;
			left--;
		}
	}

	private log(logs: Map<number, Log>, id: number, changes: RuleChange[]): void {
		if (changes.length === 0) return;
		const log = logs.get(id) ?? { changes: [], foldAt: WHOLE_HISTORY, bytes: 0 };
		logs.set(id, log);
		this.bytes -= log.bytes;
		for (const change of changes) {
			log.changes.push(change);
			log.bytes += bytesOf(change);
		}
		if (log.changes.length > log.foldAt) {
			log.changes = foldRules(log.changes);
			log.bytes = log.changes.reduce((sum, change) => sum + bytesOf(change), 0);
			log.foldAt = Math.max(WHOLE_HISTORY, log.changes.length * 2);
		}
		this.bytes += log.bytes;
		if (log.changes.length <= MAX_HISTORY) return;
		this.forget(logs, id);
		this.isUnsure = true;
	}

	private forget(logs: Map<number, Log>, id: number): void {
		this.bytes -= logs.get(id)?.bytes ?? 0;
		logs.delete(id);
	}
}

function bytesOf(change: RuleChange): number {
	const text = change.kind === 'insert' ? change.rule : change.kind === 'declare' ? (change.value ?? '') : '';
	return CHANGE_BYTES + text.length + change.path.length * 8;
}

function readStartRule({ rule, index }: Loose): Loose[] {
	if (typeof rule !== 'string') return [];
	return [typeof index === 'number' ? { rule, index } : { rule }];
}

/** A place among rules; a missing one is the first. Null for what no sheet has. */
function readPath(index: unknown): number[] | null {
	if (index === undefined || index === null) return [0];
	const path: unknown[] = Array.isArray(index) ? index.slice(0, 32) : [index];
	const isPlace = (at: unknown): at is number =>
		Number.isInteger(at) && Number(at) >= 0 && Number(at) < 1_000_000;
	return path.length > 0 && path.every(isPlace) ? path : null;
}

const list = (value: unknown): Loose[] => (Array.isArray(value) ? value.filter(isLoose) : []);

/** The changes of one event, in the order in which a viewer carries them out. */
function readChanges({ source, adds, removes, set, remove, index }: Loose): RuleChange[] {
	if (source === SOURCE.styleDeclaration) return readDeclaration({ set, remove, index });
	const changes: RuleChange[] = [];
	for (const { rule, index: at } of list(adds)) {
		const path = readPath(at);
		if (path && typeof rule === 'string') changes.push({ kind: 'insert', path, rule });
	}
	for (const { index: at } of list(removes)) {
		const path = readPath(at);
		if (path) changes.push({ kind: 'delete', path });
	}
	return changes;
}

function readDeclaration({ set, remove, index }: Loose): RuleChange[] {
	const path = readPath(index);
	if (!path) return [];
	const changes: RuleChange[] = [];
	if (isLoose(set) && typeof set.property === 'string') {
		const value = typeof set.value === 'string' ? set.value : null;
		const priority = set.priority === 'important' ? { priority: 'important' } : {};
		changes.push({ kind: 'declare', path, property: set.property, value, ...priority });
	}
	if (isLoose(remove) && typeof remove.property === 'string')
		changes.push({ kind: 'undeclare', path, property: remove.property });
	return changes;
}

function writeChange(change: RuleChange): Loose {
	const { path } = change;
	const index = path.length === 1 ? path[0] : path;
	switch (change.kind) {
		case 'insert':
			return { source: SOURCE.styleSheetRule, adds: [{ rule: change.rule, index }] };
		case 'delete':
			return { source: SOURCE.styleSheetRule, removes: [{ index }] };
		case 'declare': {
			const { property, value, priority } = change;
			return {
				source: SOURCE.styleDeclaration,
				index: path,
				set: { property, value, ...(priority ? { priority } : {}) }
			};
		}
		case 'undeclare':
			return { source: SOURCE.styleDeclaration, index: path, remove: { property: change.property } };
	}
}

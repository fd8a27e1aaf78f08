// What somebody chose or typed: a field's value is a property that no attribute shows, until a snapshot writes it there.
import type { Loose } from './events.ts';
import { NODE } from './safe-node.ts';
import type { Attributes, ElementState, ShadowNode } from './shadow-node.ts';
import type { ShadowTree } from './shadow-tree.ts';

/** Options looked through for the chosen one; longer lists are left to the viewer's browser. */
const MAX_OPTIONS = 10_000;
/** Nesting of options that browsers know: groups, and what a customizable select puts around. */
const MAX_OPTION_DEPTH = 4;

const typeOf = ({ attributes }: ShadowNode): string => String(attributes?.type ?? 'text').toLowerCase();
const isField = ({ tag }: ShadowNode): boolean => /^(?:input|textarea|select)$/.test(tag);
const isToggle = (field: ShadowNode): boolean => /^(?:checkbox|radio)$/.test(typeOf(field));
/** Their value is their attribute, nothing else. */
const isPlainValue = (field: ShadowNode): boolean =>
	/^(?:hidden|submit|button|reset|image)$/.test(typeOf(field));

/** Carries out an Input event. @returns false when there is no such field: scripts set those that are away, too */
export function applyInput(tree: ShadowTree, { id, text, isChecked }: Loose): boolean {
	const field = tree.find(id);
	if (!field || !isField(field)) return field !== null;
	const value = typeof text === 'string' ? text : '';
	tree.change(field, () => {
		if (field.tag === 'input' && isToggle(field)) stateOf(field).isChecked = isChecked === true;
		else if (field.tag === 'input' && isPlainValue(field)) setAttribute(field, 'value', value);
		else stateOf(field).text = value;
	});
	return true;
}

export const stateOf = (node: ShadowNode): ElementState => (node.state ??= {});

const setAttribute = ({ attributes }: ShadowNode, name: string, value: string): void => {
	if (attributes) attributes[name] = value;
};

/** The select an option belongs to. */
export function selectOf(option: ShadowNode | null): ShadowNode | null {
	let at = option?.parent ?? null;
	for (let depth = 0; at && depth < MAX_OPTION_DEPTH; depth++, at = at.parent)
		if (at.tag === 'select') return at;
	return null;
}

/**
 * Options come, go or change: each now says of itself whether it is selected, so what was chosen before is written to
 * those that are there.
 */
export function settleChoice(tree: ShadowTree, select: ShadowNode | null): void {
	const text = select?.state?.text;
	if (!select || text === undefined) return;
	tree.change(select, () => {
		delete select.state?.text;
		setAttribute(select, 'value', text);
	});
	const chosen = chosenOption(select, text);
	for (const option of optionsOf(select))
		tree.change(option, () => {
			if (option === chosen) (option.attributes ?? {}).selected = true;
			else delete option.attributes?.selected;
		});
}

/** The first option with the value, as a browser finds it; without one the selected, else the first. */
export function chosenOption(select: ShadowNode, value: string | null): ShadowNode | null {
	let first: ShadowNode | null = null;
	for (const option of optionsOf(select)) {
		if (value === null ? option.attributes?.selected !== undefined : valueOf(option) === value) return option;
		first ??= option;
	}
	return value === null ? first : null;
}

function* optionsOf(select: ShadowNode): Generator<ShadowNode> {
	let left = MAX_OPTIONS;
	for (let node = select.first; node && left > 0; node = following(node, select), left--)
		if (node.tag === 'option') yield node;
}

/** The next node in document order within `within`. */
function following(node: ShadowNode, within: ShadowNode): ShadowNode | null {
	if (node.first) return node.first;
	for (let at: ShadowNode | null = node; at && at !== within; at = at.parent) if (at.next) return at.next;
	return null;
}

function valueOf(option: ShadowNode): string {
	const value = option.attributes?.value;
	if (value !== undefined) return String(value);
	let text = '';
	for (let child = option.first; child; child = child.next) if (child.type === NODE.text) text += child.text;
	return text.replace(/[\t\n\f\r ]+/g, ' ').trim();
}

/**
 * Attributes of a field as a snapshot of the page would give them. @returns true for a field that was set: an event must
 * say it again, or the viewer's browser would take a later change of the attribute for a change of the value.
 */
export function showField(field: ShadowNode, attributes: Attributes): boolean {
	const { text, isChecked } = field.state ?? {};
	if (isChecked === true) attributes.checked = true;
	else if (isChecked === false) delete attributes.checked;
	else if (text !== undefined) attributes.value = text;
	return isChecked !== undefined || text !== undefined;
}

/** Fields remembered after they left the document; what only moves comes back at once. */
const MAX_PARTED = 500;

/**
 * Fields that left the document after somebody set them. One that comes back is the same element: its attributes do not
 * change its value any more, and it is emptied or unticked as it was, while rrweb writes what it started with.
 */
export class PartedFields {
	private readonly states = new Map<number, ElementState>();

	clear(): void {
		this.states.clear();
	}

	part({ id, state }: ShadowNode): void {
		if (state?.text === undefined && state?.isChecked === undefined) return;
		this.states.delete(id);
		this.states.set(id, { ...state });
		const [oldest] = this.states.keys();
		if (this.states.size > MAX_PARTED && oldest !== undefined) this.states.delete(oldest);
	}

	/** A field was set while it was away. */
	change(id: unknown, { text, isChecked }: Loose): void {
		const state = this.states.get(id as number);
		if (state?.isChecked !== undefined) state.isChecked = isChecked === true;
		else if (state && typeof text === 'string') state.text = text;
	}

	/** A field came; it says itself what it holds, but for what rrweb takes from its attribute. */
	arrive(field: ShadowNode): void {
		const before = this.states.get(field.id);
		if (!before || !isField(field) || field.tag === 'select') return;
		this.states.delete(field.id);
		const { value, checked } = field.attributes ?? {};
		if (before.isChecked !== undefined) stateOf(field).isChecked = checked === true;
		else stateOf(field).text = before.text === '' ? '' : String(value ?? '');
	}
}

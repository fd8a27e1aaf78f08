// What rrweb does not tell of: fields that a form's reset puts back, popovers that open and close, and documents that let go of all
// their constructed sheets. Each becomes an event like rrweb's own, and passes the sanitizer like them.
import { SOURCE, type Loose } from '../format/events.ts';
import { POPOVER_MARK } from '../format/shadow-parts.ts';

type Tools = {
	/** The number events call it by; -1 where they do not. */
	idOf(node: Node): number;
	/** A field's value as it may leave. */
	maskValue(value: string, field: Element): string;
	emit(data: Loose): void;
};

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Without a value of their own that anybody sees. */
const SILENT = /^(?:button|submit|image|reset|file|hidden)$/;

const isField = (element: unknown): element is Field =>
	(element instanceof HTMLInputElement && !SILENT.test(element.type)) ||
	element instanceof HTMLTextAreaElement ||
	element instanceof HTMLSelectElement;

/** Starts before rrweb, whose own setters then call ours. @returns what ends it */
export function fillGaps(tools: Tools): () => void {
	const ends = [watchResets(tools), watchPopovers(tools), watchSheets(tools)];
	return () => {
		for (const end of ends) end();
	};
}

function tell({ idOf, maskValue, emit }: Tools, field: Field): void {
	const id = idOf(field);
	if (id === -1) return;
	const isChecked =
		field instanceof HTMLInputElement && /^(?:radio|checkbox)$/.test(field.type) && field.checked;
	emit({ source: SOURCE.input, id, text: maskValue(field.value, field), isChecked });
}

function watchResets(tools: Tools): () => void {
	/** rrweb takes these for what they were, so what they become may look unchanged to it. */
	const reset = new WeakSet<Field>();
	const onReset = (event: Event): void => {
		const form = event.target;
		if (!(form instanceof HTMLFormElement)) return;
		// Fields are put back after everybody has heard of it, unless somebody said no.
		setTimeout(() => {
			if (event.defaultPrevented) return;
			for (const field of form.elements) {
				if (!isField(field)) continue;
				reset.add(field);
				tell(tools, field);
			}
		});
	};
	const onChange = (event: Event): void => {
		const [field] = event.composedPath();
		if (isField(field) && reset.has(field)) tell(tools, field);
	};
	document.addEventListener('reset', onReset, true);
	document.addEventListener('change', onChange, true);
	return () => {
		document.removeEventListener('reset', onReset, true);
		document.removeEventListener('change', onChange, true);
	};
}

/** An open popover, by what no attribute of the page says. */
export const isOpenPopover = (element: Element): boolean =>
	element.hasAttribute('popover') && element.matches(':popover-open');

function watchPopovers({ idOf, emit }: Tools): () => void {
	const onToggle = (event: Event): void => {
		const element = event.target;
		if (!(element instanceof HTMLElement) || !element.hasAttribute('popover')) return;
		const id = idOf(element);
		if (id === -1) return;
		const attributes = { [POPOVER_MARK]: isOpenPopover(element) ? 'open' : null };
		emit({ source: SOURCE.mutation, texts: [], removes: [], adds: [], attributes: [{ id, attributes }] });
	};
	document.addEventListener('toggle', onToggle, true);
	return () => document.removeEventListener('toggle', onToggle, true);
}

type Host = Document | ShadowRoot;

/** rrweb passes over a list that became empty, so that the sheets would go on showing. */
function watchSheets({ idOf, emit }: Tools): () => void {
	const ends = [Document.prototype, ShadowRoot.prototype].map((prototype) => {
		const own = Object.getOwnPropertyDescriptor(prototype, 'adoptedStyleSheets');
		const set = own?.set;
		if (!own || !set) return () => undefined;
		Object.defineProperty(prototype, 'adoptedStyleSheets', {
			...own,
			set(this: Host, sheets: CSSStyleSheet[]) {
				set.call(this, sheets);
				if (this.adoptedStyleSheets.length > 0) return;
				const id = idOf(this instanceof ShadowRoot ? this.host : this);
				if (id !== -1) emit({ source: SOURCE.adoptedStyleSheet, id, styleIds: [] });
			}
		});
		return () => void Object.defineProperty(prototype, 'adoptedStyleSheets', own);
	});
	return () => {
		for (const end of ends) end();
	};
}

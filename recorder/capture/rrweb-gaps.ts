// What rrweb does not tell of: fields that a form's reset puts back, popovers that open and close, and documents that let go of all
// their constructed sheets. Each becomes an event like rrweb's own, and passes the sanitizer like them.
import { SOURCE, type Loose } from '../format/events.ts';
import { POPOVER_MARK } from '../format/shadow-parts.ts';

type Tools = {
	/** A field's value as it may leave. */
	maskValue(value: string, field: Element): string;
	/** Nothing of a node that events do not call by a number. */
	emit(node: Node, dataOf: (id: number) => Loose): void;
};

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Of a file the page itself may not read much, and what is hidden is not put back. */
const FIELDS = 'select,textarea,input:not([type=file],[type=hidden])';

const isField = (node: unknown): node is Field => node instanceof Element && node.matches(FIELDS);

/** Starts before rrweb, whose own setters then call ours. @returns what ends it */
export function fillGaps(tools: Tools): () => void {
	watchSheets(tools);
	const ends = [watchResets(tools), watchPopovers(tools)];
	return () => {
		for (const end of ends) end();
	};
}

function tell({ maskValue, emit }: Tools, field: Field): void {
	const isChecked = (field as HTMLInputElement).checked;
	emit(field, (id) => ({ source: SOURCE.input, id, text: maskValue(field.value, field), isChecked }));
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

function watchPopovers({ emit }: Tools): () => void {
	const onToggle = (event: Event): void => {
		const element = event.target;
		if (!(element instanceof Element) || !element.hasAttribute('popover')) return;
		const attributes = { [POPOVER_MARK]: isOpenPopover(element) ? 'open' : null };
		emit(element, (id) => ({
			source: SOURCE.mutation,
			texts: [],
			removes: [],
			adds: [],
			attributes: [{ id, attributes }]
		}));
	};
	document.addEventListener('toggle', onToggle, true);
	return () => document.removeEventListener('toggle', onToggle, true);
}

type Host = Document | ShadowRoot;

/**
 * rrweb passes over a list that became empty, so that the sheets would go on showing. It stays in place when the recorder stops, and
 * then tells nobody.
 */
function watchSheets({ emit }: Tools): void {
	for (const prototype of [Document.prototype, ShadowRoot.prototype]) {
		const own = Object.getOwnPropertyDescriptor(prototype, 'adoptedStyleSheets');
		if (!own) continue;
		Object.defineProperty(prototype, 'adoptedStyleSheets', {
			...own,
			set(this: Host, sheets: CSSStyleSheet[]) {
				own.set?.call(this, sheets);
				if (this.adoptedStyleSheets.length > 0) return;
				const node = this instanceof ShadowRoot ? this.host : this;
				emit(node, (id) => ({ source: SOURCE.adoptedStyleSheet, id, styleIds: [] }));
			}
		});
	}
}

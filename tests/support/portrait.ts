// What a document looks like to a person and to code, as lines that can be compared. Runs in the browser.

const COMPUTED = [
	'display',
	'visibility',
	'color',
	'background-color',
	'padding-left',
	'margin-top',
	'font-size',
	'z-index'
];
/** Written by rrweb in different ways, or compared by their property: here or in `heldValues`. */
const UNCOMPARED = /^(?:rr_.*|autocomplete|value|checked|selected|style|class|open)$/;

const rulesOf = (sheet: CSSStyleSheet | null): string =>
	[...(sheet?.cssRules ?? [])].map(({ cssText }) => cssText).join(' ');

function styleOf({ style }: HTMLElement | SVGElement): string {
	return [...style]
		.map((name) => `${name}:${style.getPropertyValue(name)}${style.getPropertyPriority(name)}`)
		.toSorted()
		.join(';');
}

function fieldOf(element: Element): string {
	if (element.tagName === 'SELECT') return `selected=${(element as HTMLSelectElement).value}`;
	const { value, checked, type } = element as HTMLInputElement;
	// The value of a box is what it would send, not what it shows.
	return /^(?:checkbox|radio)$/.test(type) ? `checked=${checked}` : `value=${value}`;
}

function lineOf(element: Element): string {
	const tag = element.tagName.toLowerCase();
	const attributes = [...element.attributes]
		.filter(({ name }) => !UNCOMPARED.test(name))
		.map(({ name, value }) => `${name}=${value}`);
	const classes = [...element.classList].filter(
		(name) => !name.startsWith('rrweb') && !name.includes('hover')
	);
	const view = element.ownerDocument.defaultView;
	const computed = view?.getComputedStyle(element);
	const { width, height } = element.getBoundingClientRect();
	const isHtml = element.namespaceURI === 'http://www.w3.org/1999/xhtml';
	return [
		tag,
		attributes.toSorted().join(' '),
		`class=${classes.join(' ')}`,
		isHtml ? `style=${styleOf(element as HTMLElement)}` : '',
		tag === 'dialog' || tag === 'details'
			? `open=${element.hasAttribute('open')} modal=${element.matches(':modal')}`
			: '',
		`box=${Math.round(width)}x${Math.round(height)}`,
		COMPUTED.map((name) => computed?.getPropertyValue(name)).join('|'),
		tag === 'style' ? rulesOf((element as HTMLStyleElement).sheet) : ''
	].join(' ');
}

/** Lines of a document, shadow trees included, in document order. */
export function portrait(document: Document): string[] {
	const lines = [`adopted ${document.adoptedStyleSheets.map(rulesOf).join(' / ')}`];
	const walk = (node: Node, depth: number): void => {
		const indent = ' '.repeat(depth);
		if (node.nodeType === Node.TEXT_NODE && /^(?:STYLE|TEXTAREA)$/.test(node.parentElement?.tagName ?? ''))
			return;
		if (node.nodeType === Node.TEXT_NODE) lines.push(`${indent}"${(node as Text).data}"`);
		if (node.nodeType === Node.ELEMENT_NODE) lines.push(indent + lineOf(node as Element));
		const { shadowRoot } = node as Element;
		if (shadowRoot) {
			lines.push(`${indent} shadow, adopted ${shadowRoot.adoptedStyleSheets.map(rulesOf).join(' / ')}`);
			for (const child of shadowRoot.childNodes) walk(child, depth + 2);
		}
		for (const child of node.childNodes) walk(child, depth + 1);
	};
	walk(document.documentElement, 0);
	return lines;
}

/** What fields hold and how far things are scrolled, by their `data-k`: what a recorder's own snapshot may get wrong. */
export function heldValues(document: Document): string[] {
	const lines: string[] = [`page ${document.defaultView?.scrollX},${document.defaultView?.scrollY}`];
	const walk = (root: ParentNode): void => {
		for (const element of root.querySelectorAll('*')) {
			const key = element.getAttribute('data-k');
			const field = /^(?:INPUT|TEXTAREA|SELECT)$/.test(element.tagName) ? fieldOf(element) : '';
			// Only boxes: dialogs scroll by themselves to whatever they focus.
			const isBox = element.classList.contains('box');
			const scroll = `${Math.round(element.scrollLeft)},${Math.round(element.scrollTop)}`;
			if (key && (field || isBox)) lines.push(`${key} ${field} ${isBox ? scroll : ''}`);
			if (element.shadowRoot) walk(element.shadowRoot);
		}
	};
	walk(document);
	return lines;
}

// Last step before anything is kept: goes through every event and takes out what rrweb's masking lets through
// (recording.md §4.8: attributes, values after clearing, hidden inputs, addresses, meta, noscript). An element that
// cannot be found any more is treated as secret.
import { EVENT, isLoose, SOURCE, type Loose } from '../format/events.ts';
import { scrubText, scrubUrl } from './scrub.ts';
import { sanitizeAttributes } from './sanitize-attributes.ts';
import { maskText, type Secrecy, type Secrets } from './secrets.ts';

const ELEMENT = 2;
const TEXT = 3;

/** What the sanitizer needs from rrweb's mirror. */
export type FindNode = (id: number) => Node | null;

type Tools = { secrets: Secrets; findNode: FindNode };

/** Changes the event in place and returns it; rrweb makes a new one for each emission. */
export function sanitize<T extends { type: number; data: unknown }>(event: T, tools: Tools): T {
	if (!isLoose(event.data)) return event;
	if (event.type === EVENT.meta) event.data.href = scrubUrl(String(event.data.href ?? ''));
	if (event.type === EVENT.fullSnapshot) sanitizeTree(event.data.node, 'shown', tools);
	if (event.type === EVENT.incremental) sanitizeIncremental(event.data, tools);
	if (tools.secrets.areKnown) event.data = replaceStrings(event.data, (text) => tools.secrets.forget(text));
	return event;
}

const list = (value: unknown): Loose[] => (Array.isArray(value) ? (value as Loose[]) : []);

function sanitizeIncremental(data: Loose, tools: Tools): void {
	switch (data.source) {
		case SOURCE.mutation:
			return sanitizeMutation(data, tools);
		case SOURCE.input: {
			const field = tools.findNode(data.id as number);
			data.text = maskField(String(data.text ?? ''), field, tools);
			return;
		}
		case SOURCE.styleSheetRule:
		case SOURCE.styleDeclaration:
		case SOURCE.adoptedStyleSheet:
			Object.assign(data, replaceStrings(data, scrubText));
	}
}

function maskField(value: string, field: Node | null, { secrets }: Tools): string {
	if (!field) return maskText(value, 'secret');
	return scrubText(secrets.maskValue(value, field as Element));
}

function sanitizeMutation(data: Loose, tools: Tools): void {
	const { secrets, findNode } = tools;
	for (const add of list(data.adds)) {
		const parent = findNode(add.parentId as number);
		sanitizeTree(add.node, parent ? secrets.secrecyOf(parent) : 'secret', tools, parent?.nodeName);
	}
	for (const change of list(data.texts)) {
		const node = findNode(change.id as number);
		const value = typeof change.value === 'string' ? change.value : '';
		change.value = isUnseen(node?.parentNode?.nodeName)
			? ''
			: scrubText(maskText(value, node ? secrets.secrecyOf(node) : 'secret'));
	}
	for (const change of list(data.attributes)) {
		const node = findNode(change.id as number) as Element | null;
		if (!isLoose(change.attributes)) continue;
		change.attributes = sanitizeAttributes({
			attributes: change.attributes,
			tag: (node?.tagName ?? '').toLowerCase(),
			secrecy: node ? secrets.secrecyOf(node) : 'secret',
			isField: node ? secrets.isSecretField(node) : true,
			element: node
		});
	}
}

/** Elements whose text is never on the screen, but may hold state with tokens in it. */
const isUnseen = (name: string | undefined): boolean => /^(?:noscript|script|template)$/i.test(name ?? '');

type Waiting = { node: unknown; secrecy: Secrecy; parentName: string | undefined };

function sanitizeTree(root: unknown, secrecy: Secrecy, tools: Tools, parentName?: string): void {
	const stack: Waiting[] = [{ node: root, secrecy, parentName }];
	for (let next = stack.pop(); next; next = stack.pop()) {
		const { node } = next;
		if (!isLoose(node)) continue;
		if (node.type === TEXT) {
			const text = String(node.textContent ?? '');
			node.textContent = isUnseen(next.parentName) ? '' : scrubText(maskText(text, next.secrecy));
		}
		const inside = node.type === ELEMENT ? sanitizeElement(node, next.secrecy, tools) : next.secrecy;
		const name = typeof node.tagName === 'string' ? node.tagName : undefined;
		if (isUnseen(name)) node.childNodes = [];
		for (const child of list(node.childNodes)) stack.push({ node: child, secrecy: inside, parentName: name });
	}
}

/** Cleans one element's attributes; returns the secrecy of what stands in it. */
function sanitizeElement(node: Loose, around: Secrecy, { secrets, findNode }: Tools): Secrecy {
	const attributes = isLoose(node.attributes) ? node.attributes : {};
	const element = findNode(node.id as number) as Element | null;
	// Asked for every element, so that an empty password field is remembered before somebody types into it.
	const isField = element?.nodeType === Node.ELEMENT_NODE && secrets.isSecretField(element);
	let secrecy = around;
	if (secrecy === 'shown' && Object.hasOwn(attributes, 'data-personal')) secrecy = 'personal';
	if (isField || Object.hasOwn(attributes, 'data-secret')) secrecy = 'secret';
	const tag = String(node.tagName ?? '').toLowerCase();
	node.attributes = sanitizeAttributes({ attributes, tag, secrecy, isField, element });
	return secrecy;
}

/** A copy with every string changed; keys, numbers and shape stay. Depth is that of a document. */
function replaceStrings<T>(value: T, change: (text: string) => string): T {
	if (typeof value === 'string') return change(value) as T;
	if (Array.isArray(value)) return value.map((item: unknown) => replaceStrings(item, change)) as T;
	if (!isLoose(value)) return value;
	const copy: Loose = {};
	for (const [name, item] of Object.entries(value)) copy[name] = replaceStrings(item, change);
	return copy as T;
}

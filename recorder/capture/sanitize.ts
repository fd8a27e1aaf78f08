// Last step before anything is kept: goes through every event and takes out what rrweb's masking lets through
// (recording.md §4.8: attributes, values after clearing, hidden inputs, addresses, meta, noscript). An element that
// cannot be found any more is treated as secret.
import { EVENT, isLoose, SOURCE, type Loose } from '../format/events.ts';
import { POPOVER_MARK } from '../format/shadow-parts.ts';
import { maskText, type Secrecy } from './blocks.ts';
import { withoutSecretPlaces } from './hide-pointer.ts';
import { isOpenPopover } from './rrweb-gaps.ts';
import { scrubCss } from './scrub-style.ts';
import { scrubText, scrubUrl, withoutQuery } from './scrub.ts';
import { sanitizeAttributes } from './sanitize-attributes.ts';
import type { Secrets } from './secrets.ts';

const ELEMENT = 2;
const TEXT = 3;

/** What the sanitizer needs from rrweb's mirror. */
export type FindNode = (id: number) => Node | null;

/** Words of a personal element, as they were: of which node, and what of it. */
export type NotePersonal = (id: number, what: string, words: string) => void;

type Tools = { secrets: Secrets; findNode: FindNode; note: NotePersonal };

/** Changes the event in place and returns it; rrweb makes a new one for each emission. */
export function sanitize<T extends { type: number; data: unknown }>(event: T, tools: Tools): T {
	if (!isLoose(event.data)) return event;
	const { secrets } = tools;
	if (event.type === EVENT.meta) event.data.href = addressOf(String(event.data.href ?? ''), secrets);
	if (event.type === EVENT.fullSnapshot) sanitizeTree(event.data.node, secrets.basis, tools);
	if (event.type === EVENT.incremental) sanitizeIncremental(event.data, tools);
	// Cipher text holds nothing to look for, and would not survive a chance hit.
	if (secrets.known.areAny && event.type !== EVENT.custom)
		event.data = replaceStrings(event.data, (text) => secrets.known.forget(text));
	return event;
}

/** The page's own address as it may leave. */
export function addressOf(url: string, { profile, known }: Secrets): string {
	const clean = known.forget(scrubUrl(url));
	return profile === 'personal' ? clean : withoutQuery(clean);
}

/** The page's title as it may leave. */
export function titleOf(title: string, secrets: Secrets): string {
	const element = document.querySelector('title');
	return secrets.known.forget(
		scrubText(maskText(title, element ? secrets.secrecyOf(element) : secrets.basis))
	);
}

const list = (value: unknown): Loose[] => (Array.isArray(value) ? (value as Loose[]) : []);

function sanitizeIncremental(data: Loose, tools: Tools): void {
	switch (data.source) {
		case SOURCE.mutation:
			return sanitizeMutation(data, tools);
		case SOURCE.input:
			return sanitizeInput(data, tools);
		case SOURCE.mouseMove:
		case SOURCE.touchMove:
		case SOURCE.drag:
			data.positions = withoutSecretPlaces(list(data.positions));
			return;
		case SOURCE.mouseInteraction:
			// Within the shadow of a secret area rrweb tells of it all the same, with an id that nothing has.
			if (!tools.findNode(data.id as number)) Object.assign(data, { x: 0, y: 0 });
			return;
		case SOURCE.selection:
			data.ranges = list(data.ranges).filter((range) => isShownRange(range, tools));
			return;
		case SOURCE.styleSheetRule:
		case SOURCE.styleDeclaration:
		case SOURCE.adoptedStyleSheet:
			// A declaration comes in parts: whether its value speaks is told by a property that is another string.
			if (isLoose(data.set) && typeof data.set.property === 'string')
				data.set = { ...data.set, value: declared(data.set.property, data.set.value, tools) };
			else
				Object.assign(
					data,
					replaceStrings(data, (text) => scrubCss(text, tools.secrets.profile))
				);
	}
}

const declared = (property: string, value: unknown, { secrets }: Tools): unknown =>
	typeof value === 'string'
		? scrubCss(`${property}:${value}`, secrets.profile).slice(property.length + 1)
		: value;

function sanitizeInput(data: Loose, { secrets, findNode, note }: Tools): void {
	const field = findNode(data.id as number) as Element | null;
	const value = String(data.text ?? '');
	const secrecy = field ? secrets.secrecyOfValue(value, field) : 'secret';
	if (secrecy === 'personal') note(data.id as number, 'v', value);
	data.text = scrubText(maskText(value, secrecy));
	// Which of several was chosen is what a box or a button would have said.
	if (secrecy !== 'shown') data.isChecked = false;
}

/** Places in a masked text do not exist in what is shown, and would tell lengths. */
const isShownRange = ({ start, end }: Loose, { secrets, findNode }: Tools): boolean =>
	[start, end].every((id) => {
		const node = findNode(id as number);
		return node !== null && secrets.secrecyOf(node) === 'shown';
	});

function sanitizeMutation(data: Loose, tools: Tools): void {
	const { secrets, findNode } = tools;
	for (const add of list(data.adds)) {
		const parent = findNode(add.parentId as number);
		sanitizeTree(add.node, parent ? secrets.secrecyOf(parent) : 'secret', tools, parent?.nodeName);
	}
	for (const change of list(data.texts)) {
		const node = findNode(change.id as number);
		const value = typeof change.value === 'string' ? change.value : '';
		const secrecy = node ? secrets.secrecyOf(node) : 'secret';
		const isText = node?.nodeType === TEXT;
		change.value = isText
			? textOf(change.id, value, { secrecy, parentName: node.parentNode?.nodeName }, tools)
			: '';
	}
	for (const change of list(data.attributes)) {
		const node = findNode(change.id as number) as Element | null;
		if (!isLoose(change.attributes)) continue;
		const secrecy = node ? secrets.secrecyOf(node) : 'secret';
		change.attributes = attributesOf(change.id, change.attributes, { element: node, secrecy }, tools);
	}
}

/** Elements whose text is never on the screen, but may hold state with tokens in it. */
const UNSEEN = /^(?:noscript|script|template)$/i;

type Place = { secrecy: Secrecy; parentName: string | undefined };

function textOf(id: unknown, text: string, { secrecy, parentName = '' }: Place, tools: Tools): string {
	if (UNSEEN.test(parentName)) return '';
	if (/^style$/i.test(parentName)) return secrecy === 'secret' ? '' : scrubCss(text, tools.secrets.profile);
	if (secrecy === 'personal' && text.trim() !== '') tools.note(id as number, 't', text);
	return scrubText(maskText(text, secrecy));
}

function sanitizeTree(root: unknown, secrecy: Secrecy, tools: Tools, parentName?: string): void {
	const stack: (Place & { node: unknown })[] = [{ node: root, secrecy, parentName }];
	for (let next = stack.pop(); next; next = stack.pop()) {
		const { node } = next;
		if (!isLoose(node)) continue;
		if (node.type === TEXT) sanitizeText(node, next, tools);
		const inside = node.type === ELEMENT ? sanitizeElement(node, next.secrecy, tools) : next.secrecy;
		const name = typeof node.tagName === 'string' ? node.tagName : undefined;
		if (name && UNSEEN.test(name)) node.childNodes = [];
		// Taken from the end: pushed the other way round, elements are met in the order of the document.
		for (const child of list(node.childNodes).toReversed())
			stack.push({ node: child, secrecy: inside, parentName: name });
	}
}

function sanitizeText(node: Loose, place: Place, tools: Tools): void {
	const found = tools.findNode(node.id as number);
	// A text that left a secret area is known by memory alone.
	const secrecy = found ? tools.secrets.secrecyIn(found, place.secrecy) : place.secrecy;
	node.textContent = textOf(node.id, String(node.textContent ?? ''), { ...place, secrecy }, tools);
}

/** Cleans one element's attributes; returns the secrecy of what stands in it. */
function sanitizeElement(node: Loose, around: Secrecy, tools: Tools): Secrecy {
	const { secrets, findNode } = tools;
	const attributes = isLoose(node.attributes) ? node.attributes : {};
	const element = findNode(node.id as number);
	// Asked for every element, so that an empty password field is remembered before somebody types into it.
	let secrecy = element ? secrets.secrecyIn(element, around) : around;
	if (Object.hasOwn(attributes, 'data-secret')) secrecy = 'secret';
	if (attributes.popover !== undefined && element && isOpenPopover(element as Element))
		attributes[POPOVER_MARK] = 'open';
	if (element?.nodeName === 'IMG') chooseSource(attributes, element as HTMLImageElement);
	node.attributes = attributesOf(node.id, attributes, { element, secrecy, around, tag: node.tagName }, tools);
	return secrecy;
}

/** Of several files for one picture only that counts which the browser chose: whoever looks at it later has another screen. */
function chooseSource(attributes: Loose, { currentSrc, parentNode }: HTMLImageElement): void {
	if (!currentSrc || (attributes.srcset === undefined && parentNode?.nodeName !== 'PICTURE')) return;
	attributes.src = currentSrc;
	delete attributes.srcset;
	delete attributes.sizes;
}

type Whose = { element: Node | null; secrecy: Secrecy; around?: Secrecy; tag?: unknown };

function attributesOf(id: unknown, attributes: Loose, whose: Whose, tools: Tools): Loose {
	const { secrets, note } = tools;
	const { element, secrecy } = whose;
	const isElement = element?.nodeType === Node.ELEMENT_NODE;
	const isField = isElement && secrets.isSecretField(element as Element);
	const around = whose.around ?? (isField ? secrets.secrecyOf(element.parentNode) : secrecy);
	const { value } = attributes;
	// The value may give a field away, see `secrecyOfValue`.
	const valued =
		isElement && typeof value === 'string' ? secrets.secrecyOfValue(value, element as Element) : secrecy;
	return sanitizeAttributes({
		attributes,
		tag: String(whose.tag ?? element?.nodeName ?? '').toLowerCase(),
		secrecy: valued === 'secret' ? valued : secrecy,
		isLoneField: isField && around !== 'secret' && around !== 'personal' && !isMarked(element),
		profile: secrets.profile,
		note: (name, words) => note(id as number, name, words)
	});
}

/** The area itself may be a field: then its words are part of the area and go. */
const isMarked = (element: Node | null): boolean =>
	(element as Element | null)?.matches('[data-secret],[data-personal]') === true;

/** A copy with every string changed; keys, numbers and shape stay. Depth is that of a document. */
function replaceStrings<T>(value: T, change: (text: string) => string): T {
	if (typeof value === 'string') return change(value) as T;
	if (Array.isArray(value)) return value.map((item: unknown) => replaceStrings(item, change)) as T;
	if (!isLoose(value)) return value;
	const copy: Loose = {};
	for (const [name, item] of Object.entries(value)) copy[name] = replaceStrings(item, change);
	return copy as T;
}

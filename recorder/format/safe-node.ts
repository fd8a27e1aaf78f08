// One serialized node out of a recording, rebuilt from known fields only. Nothing that runs, frames, submits or fetches
// survives; what is left keeps its id, so that later events still find it.
import { isLoose, type Loose } from './events.ts';
import { LEFT_OUT_ADDRESS } from './left-out-picture.ts';
import { NO_ASSET, safeAsset, safeCss, type AssetLookup } from './safe-css.ts';
import { safeTag, type SafeTag } from './safe-tags.ts';

/** rrweb's node types. */
export const NODE = { document: 0, doctype: 1, element: 2, text: 3, cdata: 4, comment: 5 } as const;

/** Attributes that are never needed to see a page. */
const DROPPED =
	/^(?:on.*|srcdoc|formaction|action|ping|manifest|codebase|code|classid|archive|data|nonce|integrity|autofocus|autoplay|preload|target|download|is|http-equiv|imagesrcset|longdesc|cite|profile|attributionsrc|lowsrc|dynsrc|rel|csp|xml:base|allow|sandbox|rr_dataurl|rr_src|rr_media.*)$/i;
const PICTURE_ADDRESS = /^(?:src|poster|background)$/i;
const LINK_ADDRESS = /^(?:href|xlink:href)$/i;

/** What all the rewriting needs to know. */
export type Safety = {
	allowedAssets: AssetLookup;
	/** Ids of `style` elements seen on this page: text that a later event puts into them is CSS. */
	styles: Set<number>;
};

export const safeId = (value: unknown): number =>
	typeof value === 'number' && Number.isSafeInteger(value) ? value : -1;

/** `srcset` keeps only the candidates that are ours. */
function safeSrcset(value: string, allowedAssets: AssetLookup): string | null {
	const kept = value.split(/,\s+|,(?=\S+\s)/).flatMap((candidate) => {
		const [url = '', descriptor = ''] = candidate.trim().split(/\s+/, 2);
		const ours = url.startsWith('data:') ? null : safeAsset(url, allowedAssets);
		return ours ? [`${ours} ${/^[\d.]+[wx]$/.test(descriptor) ? descriptor : ''}`.trim()] : [];
	});
	return kept.length > 0 ? kept.join(', ') : null;
}

type NameKind = 'dropped' | 'srcset' | 'picture' | 'link' | 'css' | 'plain';

/** Pages use a few hundred names over and over; the limit keeps a hostile recording from filling the memory. */
const MAX_KNOWN_NAMES = 2_000;
const knownNames = new Map<string, NameKind>();

function kindOf(name: string): NameKind {
	const known = knownNames.get(name);
	if (known) return known;
	const kind = findKind(name);
	if (knownNames.size < MAX_KNOWN_NAMES && name.length < 50) knownNames.set(name, kind);
	return kind;
}

function findKind(name: string): NameKind {
	// Names as the browser's own parser makes them; others make setAttribute throw or are an attempt at something.
	if (!/^[a-z_][\w:.-]*$/i.test(name) || DROPPED.test(name)) return 'dropped';
	if (/^srcset$/i.test(name)) return 'srcset';
	if (PICTURE_ADDRESS.test(name)) return 'picture';
	if (LINK_ADDRESS.test(name)) return 'link';
	return /^(?:style|_csstext)$/i.test(name) ? 'css' : 'plain';
}

/** One attribute's new value; null leaves it out. The tag is null where only an id is known (attribute mutations). */
export function safeAttribute(
	{ tag, name, value }: { tag: string | null; name: string; value: string },
	{ allowedAssets }: Safety
): string | null {
	const kind = kindOf(name);
	if (kind === 'dropped' || (tag === 'meta' && name.toLowerCase() === 'content')) return null;
	if (kind === 'srcset') return safeSrcset(value, allowedAssets);
	if (kind === 'picture') return safePicture({ tag, value, allowedAssets });
	if (kind === 'link') return safeLink({ tag, value, allowedAssets });
	if (value.includes(':') && /^(?:javascript|vbscript):/i.test(value.replace(/[^\w:]+/g, ''))) return null;
	// Every other attribute may hold CSS, too: SVG's fill, mask, filter, cursor…
	return kind === 'css' || value.includes('(') || value.includes('\\')
		? safeCss(value, allowedAssets)
		: value;
}

type Link = { tag: string | null; value: string; allowedAssets: AssetLookup };

/** An empty address or a mere fragment would fetch the frame's own page as a picture. */
function safePicture({ tag, value, allowedAssets }: Link): string | null {
	const ours = value.trim().startsWith('#') ? null : safeAsset(value, allowedAssets);
	return ours || (tag === 'img' || !tag ? LEFT_OUT_ADDRESS : null);
}

/** Links keep looking like links and lead nowhere; `use` keeps its fragment, SVG pictures become assets or nothing. */
function safeLink({ tag, value, allowedAssets }: Link): string | null {
	if (tag === 'link') return null;
	if (value.startsWith('#')) return value;
	if (tag === 'image' || tag === 'feimage') return safeAsset(value, allowedAssets);
	return tag === 'a' || tag === 'area' || tag === null ? NO_ASSET : null;
}

function safeAttributes(tag: string, from: unknown, safety: Safety): Loose {
	const attributes: Loose = {};
	if (!isLoose(from)) return attributes;
	for (const name of Object.keys(from)) {
		if (name === '__proto__') continue;
		const value = from[name];
		if (typeof value === 'string') {
			const safe = safeAttribute({ tag, name, value }, safety);
			if (safe !== null) attributes[name] = safe;
		} else if ((typeof value === 'number' || typeof value === 'boolean') && kindOf(name) !== 'dropped')
			attributes[name] = value;
	}
	return attributes;
}

function boxOf(from: unknown): Loose {
	const box: Loose = { 'data-recorder-left-out': '' };
	if (!isLoose(from)) return box;
	for (const side of ['width', 'height']) {
		const length = from[`rr_${side}`] ?? from[side];
		if (/^\d{1,5}(?:\.\d+)?(?:px)?$/.test(String(length)))
			box[`rr_${side}`] = `${Number.parseFloat(String(length))}px`;
	}
	return box;
}

/** An element without its children; `isEmptied` says that they must not follow. */
export function safeElement(node: Loose, safety: Safety): { safe: Loose; isEmptied: boolean } {
	const { tag, name, becomes, isStyle } = safeTag(node.tagName);
	const id = safeId(node.id);
	const safe: Loose = { type: NODE.element, id, childNodes: [] };
	if (node.isSVG === true) safe.isSVG = true;
	if (node.isShadowHost === true) safe.isShadowHost = true;
	if (node.isShadow === true) safe.isShadow = true;
	if (typeof node.rootId === 'number') safe.rootId = safeId(node.rootId);
	if (becomes !== 'itself') return { safe: standIn(safe, becomes, node.attributes), isEmptied: true };
	if (isStyle) safety.styles.add(id);
	const attributes = safeAttributes(name, node.attributes, safety);
	if (name === 'img') giveSource(attributes);
	safe.tagName = tag;
	safe.attributes = attributes;
	return { safe, isEmptied: false };
}

function standIn(safe: Loose, becomes: SafeTag['becomes'], attributes: unknown): Loose {
	if (becomes === 'group') return Object.assign(safe, { tagName: 'g', isSVG: true, attributes: {} });
	if (becomes === 'box') return Object.assign(safe, { tagName: 'div', attributes: boxOf(attributes) });
	return Object.assign(safe, {
		tagName: 'noscript',
		attributes: { hidden: '', style: 'display:none' }
	});
}

function giveSource(attributes: Loose): void {
	if (attributes.src === undefined && attributes.srcset === undefined) attributes.src = LEFT_OUT_ADDRESS;
}

/**
 * CSS in one of several text nodes of a `style`. Attack: "@im" and "port 'x'" in two nodes are harmless apart and fetch
 * together; a comment and line ends between them keep every token, string and comment from running on.
 */
export const fencedCss = (css: string, { allowedAssets }: Safety): string =>
	css.trim() === '' ? css : `/**/\n${safeCss(css, allowedAssets)}\n\n/**/\n`;

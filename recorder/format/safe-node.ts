// One serialized node out of a recording, rebuilt from known fields only. Nothing that runs, frames, submits or fetches
// survives; what is left keeps its id, so that later events still find it.
import { isLoose, type Loose } from './events.ts';
import { LEFT_OUT_ADDRESS } from './left-out-picture.ts';
import { NO_ASSET, safeAsset, safeCss, type AssetLookup } from './safe-css.ts';

/** rrweb's node types. */
export const NODE = { document: 0, doctype: 1, element: 2, text: 3, cdata: 4, comment: 5 } as const;

/** Elements that load or run something by their mere presence: a box of the same size stands in. */
const REPLACED = new Set(
	(
		'script base object embed applet iframe frame frameset portal fencedframe ' +
		'audio video track source template'
	).split(' ')
);
/** Their content must not show: with scripts off a browser renders what stands in `noscript`. */
const EMPTIED = new Set(['noscript', 'noembed', 'noframes', ...REPLACED]);
/** SVG animations may set any attribute later, `href` too. */
const ANIMATIONS = new Set([
	'animate',
	'set',
	'animatetransform',
	'animatemotion',
	'animatecolor',
	'discard',
	'mpath'
]);

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

const safeTag = (value: unknown): string =>
	typeof value === 'string' && /^[a-z][\w:.-]{0,63}$/i.test(value) ? value : 'div';

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
	for (const [name, value] of Object.entries(from)) {
		if (name === '__proto__') continue;
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
	const tag = safeTag(node.tagName);
	const lower = tag.toLowerCase().replace(/^.*:/, '');
	const safe: Loose = { type: NODE.element, id: safeId(node.id), childNodes: [] };
	for (const flag of ['isSVG', 'isShadowHost', 'isShadow']) if (node[flag] === true) safe[flag] = true;
	if (typeof node.rootId === 'number') safe.rootId = safeId(node.rootId);
	if (EMPTIED.has(lower)) {
		const isBox = REPLACED.has(lower) && lower !== 'script' && lower !== 'base' && lower !== 'template';
		Object.assign(safe, { tagName: isBox ? 'div' : 'noscript', attributes: boxOf(node.attributes) });
		if (!isBox) safe.attributes = { hidden: '', style: 'display:none' };
		return { safe, isEmptied: true };
	}
	if (ANIMATIONS.has(lower)) {
		Object.assign(safe, { tagName: 'g', isSVG: true, attributes: {} });
		return { safe, isEmptied: true };
	}
	if (lower === 'style' || lower === 'link') safety.styles.add(safeId(node.id));
	Object.assign(safe, { tagName: tag, attributes: safeAttributes(lower, node.attributes, safety) });
	if (lower === 'img') giveSource(safe.attributes as Loose);
	return { safe, isEmptied: false };
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

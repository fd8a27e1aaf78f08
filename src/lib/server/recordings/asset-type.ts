// What a picture or font is, told by its own bytes; what the page says of it is not looked at. Everything else is refused:
// what is kept here is handed to a browser again.
import type { AssetType } from '#recorder/format/asset-header.ts';

type Sign = { type: AssetType; at: number; bytes: readonly number[] };

const ascii = (text: string): number[] => [...text].map((char) => char.charCodeAt(0));

const SIGNS: readonly Sign[] = [
	{ type: 'image/png', at: 0, bytes: [0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a] },
	{ type: 'image/jpeg', at: 0, bytes: [0xff, 0xd8, 0xff] },
	{ type: 'image/gif', at: 0, bytes: ascii('GIF87a') },
	{ type: 'image/gif', at: 0, bytes: ascii('GIF89a') },
	{ type: 'image/avif', at: 4, bytes: ascii('ftypavif') },
	{ type: 'image/avif', at: 4, bytes: ascii('ftypavis') },
	{ type: 'font/woff2', at: 0, bytes: ascii('wOF2') },
	{ type: 'font/woff', at: 0, bytes: ascii('wOFF') },
	{ type: 'font/otf', at: 0, bytes: ascii('OTTO') },
	{ type: 'font/ttf', at: 0, bytes: [0, 1, 0, 0] }
];

const has = (bytes: Uint8Array, at: number, sign: readonly number[]): boolean =>
	sign.every((byte, index) => bytes[at + index] === byte);

/** The type, or null for what is none of these. */
export function assetTypeOf(bytes: Uint8Array): AssetType | null {
	const sign = SIGNS.find((known) => has(bytes, known.at, known.bytes));
	if (sign) return sign.type;
	if (has(bytes, 0, ascii('RIFF')) && has(bytes, 8, ascii('WEBP'))) return 'image/webp';
	return isStillDrawing(bytes) ? 'image/svg+xml' : null;
}

/** Before the root of a drawing: its declaration, comments, a doctype without entities of its own. */
const PROLOGUE = /^(?:\s|<\?xml\s[^>]*\?>|<!--[\s\S]*?-->|<!doctype\s+svg[^[>]*>)*/i;

/** Whatever runs, embeds a page, or comes from elsewhere. */
const ACTIVE =
	/<(?:\w{1,20}:)?(?:script|foreignobject|iframe|frame|object|embed|audio|video|handler|listener)\b|[\s"'/]on[a-z]+\s*=|<!doctype|<!entity|<\?|@import|data:text|data:application\/(?:x?html|xml)|www\.w3\.org\/1999\/xhtml/i;
/**
 * Attack: a declared encoding in which other signs are meant than those that are looked at here, or signs that begin one. It is
 * read as UTF-8, and has to be.
 */
const OTHER_ENCODING = /^[^<]*<\?xml[^>]*encoding\s*=\s*["'](?!utf-?8["'])/i;
// eslint-disable-next-line no-control-regex -- these are what is looked for
const CONTROL = /[\0-\x08\x0B\x0C\x0E-\x1F]/;
/** Browsers drop spaces inside an address. */
const spaced = (word: string): string => [...word].join(String.raw`[\s\0]*`);
const RUNS = new RegExp(`(?:${spaced('javascript:')}|${spaced('vbscript:')})`, 'i');

/**
 * A drawing in SVG that only shows. Attack: a picture that is a page. As a picture browsers run none of it, but the address may be
 * opened by itself; so it is refused here, and served under a policy that runs nothing besides.
 */
function isStillDrawing(bytes: Uint8Array): boolean {
	let text: string;
	try {
		text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		// No text: no drawing.
		return false;
	}
	if (OTHER_ENCODING.test(text) || CONTROL.test(text)) return false;
	const drawing = text.replace(PROLOGUE, '');
	if (!/^<svg[\s>]/i.test(drawing)) return false;
	// Signs may be written as numbers (`&#106;avascript:`), which is another word for the same.
	const plain = drawing.replace(
		/&#(?:x([\da-f]{1,6})|(\d{1,7}));?/gi,
		(_all, hex?: string, decimal?: string) =>
			signOf(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
	);
	return !ACTIVE.test(plain) && !RUNS.test(plain);
}

const signOf = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '');

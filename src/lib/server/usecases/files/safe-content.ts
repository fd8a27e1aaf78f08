// What is not taken at all: programs, and documents that run when they are opened. Told by the first bytes, and by the
// few endings at which a desktop runs a file whatever is in it.
import { AppError } from '#domain/errors.ts';

const PROGRAMS: ReadonlySet<string> = new Set([
	'application/x-msdownload',
	'application/vnd.microsoft.portable-executable',
	'application/x-elf',
	'application/x-mach-binary',
	'application/x-ms-shortcut',
	'application/java-vm',
	'application/x-apple-diskimage',
	'application/x-rpm',
	'application/x-deb',
	'application/wasm',
	'application/x-nintendo-nes-rom',
	'application/vnd.android.package-archive',
	'application/vnd.microsoft.shell-link',
	'application/x-shockwave-flash'
]);

const RUNS =
	/\.(exe|com|scr|pif|cpl|msi|msp|bat|cmd|ps1|vbs|vbe|jse?|wsf|wsh|hta|lnk|url|jar|app|apk|html?|xhtml|shtml|mht|mhtml)$/iu;

/** How the bytes of programs begin that file-type may not name: DOS and PE, ELF, Mach-O, Java classes, scripts. */
const BEGINNINGS = ['MZ', '\x7fELF', '\xcf\xfa\xed\xfe', '\xce\xfa\xed\xfe', '\xca\xfe\xba\xbe', '#!'];

/** Marks of a page that runs in whatever opens it. Only looked for in markup: a note about HTML is a note. */
const ACTIVE =
	/<!doctype\s+html|<html|<script|<iframe|<object|<embed|<foreignobject|<meta[^>]+http-equiv|javascript:|\son[a-z]+\s*=|www\.w3\.org\/1999\/xhtml/;

const refuse = (what: string) =>
	new AppError(
		'invalid',
		`${what} cannot be uploaded, since they run when somebody opens them. Send a picture, a document, or a ZIP archive instead.`,
		{ field: 'file' }
	);

/** @throws AppError `invalid` for a name at which desktops run the file; asked again when a file is renamed */
export function requireSafeName(name: string): void {
	// Windows drops dots and spaces at the end, and "a.exe." is a program again.
	if (RUNS.test(name.replace(/[.\s]+$/u, ''))) throw refuse(`Files like “${name}”`);
}

/** UTF-16 with its mark is what an editor may have made of a page, and browsers read it as one. */
function textOf(head: Uint8Array): string {
	if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le').decode(head);
	if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be').decode(head);
	return Buffer.from(head).toString('latin1');
}

function isActiveMarkup(head: Uint8Array): boolean {
	const text = textOf(head)
		.replace(/^(\ufeff|ï»¿)/u, '')
		.trimStart()
		.toLowerCase();
	return text.startsWith('<') && ACTIVE.test(text);
}

/** @throws AppError `invalid` for programs and for pages with script */
export function requireSafeContent(head: Uint8Array, mediaType: string): void {
	const start = Buffer.from(head.subarray(0, 4)).toString('latin1');
	if (PROGRAMS.has(mediaType) || BEGINNINGS.some((sign) => start.startsWith(sign)))
		throw refuse('Programs and scripts');
	if (isActiveMarkup(head)) throw refuse('Web pages and pictures with script in them');
}

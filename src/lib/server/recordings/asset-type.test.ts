import { describe, expect, it } from 'vitest';
import { growth } from '#support/growth.ts';
import { assetTypeOf } from './asset-type.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const svg = (inside: string, before = ''): Uint8Array =>
	Buffer.from(`${before}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">${inside}</svg>`);

describe('what a picture or font is', () => {
	it.each([
		['\x89PNG\r\n\x1a\n....', 'image/png'],
		['\xff\xd8\xff\xe0', 'image/jpeg'],
		['GIF89a', 'image/gif'],
		['RIFF\0\0\0\0WEBPVP8 ', 'image/webp'],
		['\0\0\0\x1cftypavif', 'image/avif'],
		['wOF2\0\x01', 'font/woff2'],
		['\0\x01\0\0\0', 'font/ttf'],
		['OTTO', 'font/otf']
	])('is told by the bytes %j', (text, type) => {
		expect(assetTypeOf(bytes(text))).toBe(type);
	});

	it('knows a drawing that only shows', () => {
		expect(assetTypeOf(svg('<path d="M0 0h8v8z" fill="#fff"/>'))).toBe('image/svg+xml');
		expect(assetTypeOf(svg('<g/>', '<?xml version="1.0" encoding="UTF-8"?>\n<!-- made by hand -->\n'))).toBe(
			'image/svg+xml'
		);
		expect(assetTypeOf(svg('<style>.onion{fill:red}</style>'))).toBe('image/svg+xml');
	});

	it.each([
		['script', svg('<script>alert(1)</script>')],
		['script with a prefix', svg('<s:script>alert(1)</s:script>')],
		['a handler', svg('<path onload="alert(1)"/>')],
		['a handler behind a slash', svg('<path/onload=alert(1) />')],
		['a page in it', svg('<foreignObject><body/></foreignObject>')],
		['a link that runs', svg('<a href="javascript:alert(1)"><path/></a>')],
		['a link that runs, in numbers', svg('<a href="&#106;avascript&#x3a;alert(1)"><path/></a>')],
		['a link that runs, with a break', svg('<a href="java\nscript:alert(1)"><path/></a>')],
		['entities', svg('&a;', '<!DOCTYPE svg [<!ENTITY a "aaaa">]>')],
		['a style sheet from elsewhere', svg('', '<?xml-stylesheet href="https://x.test/a.css"?>')],
		['another encoding', svg('<path/>', '<?xml version="1.0" encoding="ISO-2022-JP"?>')],
		['signs that begin another encoding', svg('<scr\x1b(Jipt>alert(1)</scr\x1b(Jipt>')],
		['a page', bytes('<!doctype html><svg></svg>')],
		['a page that begins as a picture would not', bytes('<html><body>GIF89a')],
		['a program', bytes('MZ\x90\0')],
		['words', bytes('just words')],
		['nothing', bytes('')]
	])('refuses %s', (_what, hostile) => {
		expect(assetTypeOf(hostile)).toBeNull();
	});
});

it.each(['<!-- ', '<!doctype ', 'j \n'])(
	'looks at a hostile drawing of %j in time that grows with its length',
	(piece) => {
		const look = (size: number): unknown => assetTypeOf(Buffer.from(`<svg>${piece.repeat(size)}`));
		expect(growth(look, 2_000, 8)).toBeLessThan(24);
	}
);

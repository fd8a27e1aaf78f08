import { describe, expect, it } from 'vitest';
import { requireSafeContent, requireSafeName } from './safe-content.ts';

const check = (bytes: string | Buffer, mediaType = 'text/plain') =>
	requireSafeContent(Buffer.from(bytes as string), mediaType);

describe('content that runs when it is opened', () => {
	it.each([
		['a page', '<!doctype html><p>hi'],
		['a page behind a byte order mark', '\ufeff  <HTML><body>'],
		['a page in UTF-16', Buffer.from('\ufeff<html><script>1</script>', 'utf16le')],
		['a picture with a handler', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
		['a feed that is a page', '<?xml version="1.0"?><x xmlns="http://www.w3.org/1999/xhtml"><script/></x>'],
		['a shell script', '#!/bin/sh\nrm -rf /'],
		['a Windows program', Buffer.from([0x4d, 0x5a, 0x90, 0])],
		['a Linux program', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2])]
	])('refuses %s', (_what, bytes) => {
		expect(() => check(bytes)).toThrow(expect.objectContaining({ code: 'invalid' }));
	});

	it('refuses what was recognised as a program', () => {
		expect(() => check(Buffer.from([0, 0]), 'application/x-msdownload')).toThrow(/Programs/);
	});

	it.each([
		['a note about HTML', 'Use <script> only with care; <!doctype html> comes first.'],
		['a plain drawing', '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'],
		['an invoice in XML', '<?xml version="1.0"?><Invoice><Total>12</Total></Invoice>'],
		['a table', 'name;price\nbread;3']
	])('takes %s', (_what, bytes) => {
		expect(() => check(bytes)).not.toThrow();
	});
});

describe('names at which desktops run a file', () => {
	it.each(['offer.pdf.exe', 'a.EXE', 'run.bat', 'page.html', 'trick.exe. .', 'x.lnk', 'invoice.js', 'a.JSE'])(
		'refuses %s',
		(name) => {
			expect(() => requireSafeName(name)).toThrow(expect.objectContaining({ code: 'invalid' }));
		}
	);

	it.each(['offer.pdf', 'photo.jpeg', 'notes', 'html', 'archive.zip', 'style.css', 'data.json'])(
		'takes %s',
		(name) => {
			expect(() => requireSafeName(name)).not.toThrow();
		}
	);
});

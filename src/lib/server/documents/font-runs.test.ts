import { describe, expect, it } from 'vitest';
import { readFont, splitRuns } from './font-runs.ts';
import { unpackWoff } from './unpack-woff.ts';

const texts = (text: string) => splitRuns(text).map((run) => `${run.subset}:${run.text}`);

describe('letters and their font files', () => {
	it('keeps latin whole and cuts where another file is needed', () => {
		expect(texts('Übergröße, 12,50 €')).toEqual(['latin:Übergröße, 12,50 €']);
		expect(texts('Łódź')).toEqual(['latin-ext:Ł', 'latin:ód', 'latin-ext:ź']);
		expect(texts('Ω Omega Ж')).toEqual(['greek:Ω ', 'latin:Omega ', 'cyrillic:Ж']);
	});

	it('makes composed letters whole and drops what has no shape', () => {
		expect(texts('u\u0308')).toEqual(['latin:ü']);
		expect(texts('a\u200Bb\u0007c')).toEqual(['latin:abc']);
	});

	it('marks a letter that no file has instead of leaving it out', () => {
		expect(texts('a日b')).toEqual(['latin:a?b']);
	});

	it('reads a font as the plain one that is packed in its file', () => {
		const font = readFont('latin', 'bold');
		expect(font.readUInt32BE(0)).toBe(0x0001_0000);
		const tags = Array.from({ length: font.readUInt16BE(4) }, (_, n) =>
			font.toString('latin1', 12 + n * 16, 16 + n * 16)
		);
		expect(tags).toEqual(expect.arrayContaining(['cmap', 'glyf', 'head', 'hmtx', 'name']));
		const head = 12 + tags.indexOf('head') * 16;
		// The mark that every font carries at this place of its head.
		expect(font.readUInt32BE(font.readUInt32BE(head + 8) + 12)).toBe(0x5f0f_3cf5);
		expect(() => unpackWoff(Buffer.from('no font at all'))).toThrow('no WOFF');
	});
});

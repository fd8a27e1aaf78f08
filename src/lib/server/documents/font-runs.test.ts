import { describe, expect, it } from 'vitest';
import { readFont, splitRuns } from './font-runs.ts';

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

	it('reads a font file that begins as WOFF does', () => {
		expect(readFont('latin', 'bold').subarray(0, 4).toString()).toBe('wOFF');
	});
});

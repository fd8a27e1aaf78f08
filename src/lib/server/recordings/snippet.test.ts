import { expect, it } from 'vitest';
import { readTerms } from './search-words.ts';
import { snippetsOf } from './snippet.ts';

const shown = (lines: string[], typed: string): string[] =>
	snippetsOf(lines, readTerms(typed)).map(({ parts }) =>
		parts.map(({ text, isHit }) => (isHit ? `[${text}]` : text)).join('')
	);

it('shows the one line with all of the words', () => {
	expect(shown(['Home', 'Invoice', 'Invoice 1042 is due', '1042'], 'invoice 1042')).toEqual([
		'[Invoice] [1042] is due'
	]);
});
it('shows two lines where the words stand apart, in their order', () => {
	expect(shown(['1042', 'Home', 'Invoice'], 'invoice 1042')).toEqual(['[1042]', '[Invoice]']);
});
it('cuts a long line around the first hit, at words', () => {
	const [text] = shown([`${'before '.repeat(50)}Invoice ${'after '.repeat(50)}`], 'invoice');
	expect(text).toMatch(/^… before .*\[Invoice\] after .* …$/);
	expect(text!.length).toBeLessThan(240);
});
it('keeps what looks like HTML as the text it was', () => {
	expect(shown(['<img src=x onerror=alert(1)> Invoice </mark>'], 'invoice')).toEqual([
		'<img src=x onerror=alert(1)> [Invoice] </mark>'
	]);
});
it('shows the beginning where no line has any of them', () => {
	expect(shown(['Home', 'Tasks'], 'invoice')).toEqual(['Home']);
});

import { describe, expect, it } from 'vitest';
import { renderMail } from './mail-page.ts';

const words = {
	agency: 'Northwind <Studio>',
	accent: '#ffee00',
	subject: 'A "subject"',
	body: 'First.\n\nSecond <script>alert(1)</script>.',
	link: { href: 'https://portal.example/tasks/1?a=1&b=2', label: 'Open the task' }
};

describe('a mail', () => {
	it('says the same in text and in HTML, with the link in both', () => {
		const { text, html } = renderMail(words);
		expect(text).toBe(
			'First.\n\nSecond <script>alert(1)</script>.\n\nOpen the task: https://portal.example/tasks/1?a=1&b=2\n\n-- \nNorthwind <Studio>\n'
		);
		expect(html).toContain('https://portal.example/tasks/1?a=1&#38;b=2');
		expect(html).toContain('First.');
	});

	it('runs nothing that was typed, and loads nothing from anywhere', () => {
		const { html } = renderMail(words);
		expect(html).not.toContain('<script');
		expect(html).not.toContain('Northwind <Studio>');
		expect(html).not.toMatch(/<img|src=|url\(/);
	});

	it('writes dark on a light accent, light on a dark one, and takes no accent that is no colour', () => {
		expect(renderMail(words).html).toContain('background:#ffee00;color:#000000');
		expect(renderMail({ ...words, accent: '#112233' }).html).toContain('background:#112233;color:#ffffff');
		expect(renderMail({ ...words, accent: 'red;}' }).html).not.toContain('red;}');
	});
});

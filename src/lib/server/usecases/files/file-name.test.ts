import { expect, it } from 'vitest';
import { attachmentHeader, safeFileName } from './file-name.ts';

it.each([
	['menu.pdf', 'menu.pdf'],
	['../../etc/passwd', 'passwd'],
	['C:\\Windows\\win.ini', 'win.ini'],
	['..', 'file'],
	['', 'file'],
	['a\r\nSet-Cookie: x=1.txt', 'aSet-Cookie: x=1.txt'],
	['invoice\u202Egpj.exe', 'invoicegpj.exe'],
	['nul\0byte.png', 'nulbyte.png'],
	['Frühling 🌷.png', 'Frühling 🌷.png']
])('keeps of %j only %j', (given, name) => expect(safeFileName(given)).toBe(name));

it('shortens a long name and keeps its ending', () => {
	const name = safeFileName(`${'ä'.repeat(400)}.pdf`);
	expect([...name]).toHaveLength(180);
	expect(name.endsWith('ä.pdf')).toBe(true);
});

it('lets no quote, line end or foreign letter of a name out of the header', () => {
	const header = attachmentHeader('a"b\r\nX-Evil: 1;\\ü\'*.pdf');
	expect(header).toBe(
		`attachment; filename="a_b__X-Evil: 1___'*.pdf"; filename*=UTF-8''a%22b%0D%0AX-Evil%3A%201%3B%5C%C3%BC%27%2A.pdf`
	);
	expect(header).not.toMatch(/[^\x20-\x7e]/);
});

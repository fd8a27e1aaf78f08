// Real small files, made in code: an image that a viewer draws, a PDF that a reader opens, a text.
import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type: string, data: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(data.length);
	const check = Buffer.alloc(4);
	check.writeUInt32BE(crc32(body));
	return Buffer.concat([length, body, check]);
}

/** A PNG of soft stripes around one hue (0–359). */
export function samplePng(hue: number, width = 480, height = 300): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([8, 2, 0, 0, 0], 8);
	const waves = [0, 120, 240].map((turn) => 0.5 + 0.5 * Math.cos(((hue - turn) * Math.PI) / 180));
	const pixels = Buffer.alloc(height * (1 + width * 3));
	for (let y = 0; y < height; y += 1) {
		const row = y * (1 + width * 3);
		for (let x = 0; x < width; x += 1) {
			const band = Math.floor((x + y) / 48) % 2 === 0 ? 0.12 : 0;
			const fade = 0.45 + 0.4 * (y / height) + band;
			for (const [part, wave] of waves.entries())
				pixels[row + 1 + x * 3 + part] = Math.min(255, Math.round(255 * (0.35 * wave + 0.65 * fade)));
		}
	}
	const image = chunk('IDAT', deflateSync(pixels, { level: 6 }));
	return Buffer.concat([SIGNATURE, chunk('IHDR', header), image, chunk('IEND', Buffer.alloc(0))]);
}

const escapePdf = (text: string): string => text.replaceAll(/[\\()]/g, (sign) => `\\${sign}`);

/** A one-page PDF 1.4 with a heading and lines of Latin-1 text. */
export function samplePdf(title: string, lines: readonly string[]): Buffer {
	const shown = [`BT /F1 20 Tf 72 760 Td (${escapePdf(title)}) Tj ET`];
	for (const [index, text] of lines.entries())
		shown.push(`BT /F1 11 Tf 72 ${720 - index * 18} Td (${escapePdf(text)}) Tj ET`);
	const content = shown.join('\n');
	const objects = [
		'<< /Type /Catalog /Pages 2 0 R >>',
		'<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
		'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
		`<< /Length ${Buffer.byteLength(content, 'latin1')} >>\nstream\n${content}\nendstream`,
		'<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>'
	];
	let text = '%PDF-1.4\n';
	const offsets = objects.map((object, index) => {
		const at = Buffer.byteLength(text, 'latin1');
		text += `${index + 1} 0 obj\n${object}\nendobj\n`;
		return at;
	});
	const start = Buffer.byteLength(text, 'latin1');
	const rows = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
	text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`;
	text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
	return Buffer.from(text, 'latin1');
}

/** UTF-8 text with a heading. */
export const sampleText = (title: string, lines: readonly string[]): Buffer =>
	Buffer.from(`${title}\n${'='.repeat(title.length)}\n\n${lines.join('\n')}\n`);

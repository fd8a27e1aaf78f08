// How a mail reads and looks: plain text and simple HTML from the same words. No pictures, no counting of openings.
export type MailWords = {
	agency: string;
	/** `#rrggbb` or null for our own. */
	accent: string | null;
	subject: string;
	/** Paragraphs with an empty line between them. */
	body: string;
	link: { href: string; label: string } | null;
};

const OWN_ACCENT = '#3b5bdb';

const escape = (text: string): string =>
	text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`).replaceAll('\n', '<br>');

/** Black or white, whichever is read better on the colour (WCAG 2 relative luminance). */
function inkOn(colour: string): string {
	const part = (at: number): number => {
		const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
		return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
	};
	const luminance = 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
	return luminance > 0.179 ? '#000000' : '#ffffff';
}

function htmlOf({ agency, accent, subject, body, link }: MailWords): string {
	const colour = accent && /^#[0-9a-f]{6}$/i.test(accent) ? accent : OWN_ACCENT;
	const paragraphs = body
		.split(/\n{2,}/)
		.map((text) => `<p style="margin:0 0 16px">${escape(text)}</p>`)
		.join('');
	const button = link
		? `<p style="margin:24px 0"><a href="${escape(link.href)}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:${colour};color:${inkOn(colour)};text-decoration:none;font-weight:600">${escape(link.label)}</a></p>
<p style="margin:0;color:#5c6270;font-size:13px;word-break:break-all">${escape(link.href)}</p>`
		: '';
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(subject)}</title></head>
<body style="margin:0;padding:24px;background:#f4f5f7;color:#1a1d24;font:15px/1.5 system-ui,sans-serif">
<div style="max-width:560px;margin:0 auto;padding:28px;border:1px solid #dfe2e8;border-top:4px solid ${colour};border-radius:8px;background:#ffffff">
<p style="margin:0 0 20px;font-weight:600">${escape(agency)}</p>${paragraphs}${button}</div>
<p style="max-width:560px;margin:16px auto 0;color:#5c6270;font-size:12px">Sent for ${escape(agency)}. You choose what reaches you by mail under Account, Notifications.</p></body></html>`;
}

/** Both halves of one mail. */
export function renderMail(words: MailWords): { text: string; html: string } {
	const { agency, body, link } = words;
	const text = [body, link ? `${link.label}: ${link.href}` : '', `-- \n${agency}`]
		.filter(Boolean)
		.join('\n\n');
	return { text: `${text}\n`, html: htmlOf(words) };
}

// What every mailer does, whatever carries the mail. Read back as a receiver would read it.
import { describe, expect, it } from 'vitest';
import type { Mailer, OutgoingMail } from '#server/ports/mailer.ts';

export type MailerWorld = {
	mailer: Mailer;
	/** The raw messages that arrived, and for each the addresses it was handed to. */
	arrived(): Promise<{ raw: string; to: string[] }[]>;
	close(): Promise<void>;
};

export const sampleMail = (more: Partial<OutgoingMail> = {}): OutgoingMail => ({
	messageId: 'a1@portal.example',
	fromName: 'Northwind, Studio',
	to: 'bea@bluebird.test',
	subject: 'Grüße of “Northwind”',
	text: 'In plain words: schön.\n',
	html: '<p>In plain words: sch&ouml;n.</p>',
	...more
});

const headersOf = (raw: string): string => raw.slice(0, raw.indexOf('\r\n\r\n'));

export function mailerContract(name: string, open: () => Promise<MailerWorld>): void {
	const using = async (work: (world: MailerWorld) => Promise<void>): Promise<void> => {
		const world = await open();
		try {
			await work(world);
		} finally {
			await world.close();
		}
	};

	describe(name, () => {
		it('forgets a mail, also one it does not know, and others not', () =>
			using(async ({ mailer, arrived }) => {
				await mailer.send(sampleMail());
				await mailer.forget('nobody@portal.example');
				expect(await arrived()).toHaveLength(1);
				await mailer.forget(sampleMail().messageId);
				await mailer.forget(sampleMail().messageId);
			}));
		it('delivers one whole message, with both halves, to one address', () =>
			using(async ({ mailer, arrived }) => {
				await mailer.send(sampleMail());
				const [mail, ...others] = await arrived();
				expect(others).toEqual([]);
				const headers = headersOf(mail!.raw);
				expect(headers).toMatch(/^Message-ID: <a1@portal\.example>$/im);
				expect(headers).toMatch(/^To: .*bea@bluebird\.test/im);
				expect(headers).toMatch(/^From: "Northwind, Studio" <portal@sender\.test>$/im);
				expect(headers).toMatch(/^Auto-Submitted: auto-generated$/im);
				expect(mail!.raw).toMatch(/text\/plain[\s\S]*text\/html/);
				expect(mail!.to).toEqual(['bea@bluebird.test']);
			}));

		it('lets nothing that was typed become a header or a second receiver', () =>
			using(async ({ mailer, arrived }) => {
				await mailer.send(
					sampleMail({
						subject: 'Hello\r\nBcc: eve@evil.test',
						fromName: 'Eve" <eve@evil.test>\r\nX-Evil: 1, "',
						to: 'bea@bluebird.test'
					})
				);
				const [mail] = await arrived();
				const headers = headersOf(mail!.raw);
				expect(headers).not.toMatch(/^Bcc:/im);
				expect(headers).not.toMatch(/^X-Evil:/im);
				expect(mail!.to).toEqual(['bea@bluebird.test']);
			}));

		it('sends to nobody when the address is a list', () =>
			using(async ({ mailer, arrived }) => {
				await mailer.send(sampleMail({ to: 'bea@bluebird.test, eve@evil.test' })).catch(() => undefined);
				for (const { to } of await arrived()) expect(to).not.toContain('eve@evil.test');
			}));

		it('reads no file and no address that a text names', () =>
			using(async ({ mailer, arrived }) => {
				const text = 'file:///etc/passwd and http://127.0.0.1/\n';
				await mailer.send(sampleMail({ text, html: `<p>${text}</p>` }));
				const [mail] = await arrived();
				expect(mail!.raw).not.toContain('root:');
				expect(mail!.raw).toContain('file:///etc/passwd');
			}));
	});
}

import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SMTPServer } from 'smtp-server';
import { describe, expect, it } from 'vitest';
import { FileMailer } from '#server/adapters/files/file-mailer.ts';
import { SmtpMailer } from '#server/adapters/smtp/smtp-mailer.ts';
import { mailerContract, sampleMail, type MailerWorld } from './mailer.contract.ts';

const FROM = 'portal@sender.test';

async function openFiles(): Promise<MailerWorld> {
	const folder = await mkdtemp(path.join(tmpdir(), 'switchback-mail-'));
	const mailer = new FileMailer(folder, FROM);
	return {
		mailer,
		arrived: async () => {
			const names = (await readdir(folder)).filter((name) => name.endsWith('.eml'));
			const raws = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
			// A file has no envelope: its receivers are those its headers name.
			return raws.map((raw) => ({
				raw,
				to: [...(/^To: (.*)$/im.exec(raw)?.[1] ?? '').matchAll(/[\w.]+@[\w.]+/g)].map(([found]) => found)
			}));
		},
		close: () => rm(folder, { recursive: true, force: true })
	};
}

type Received = { raw: string; to: string[] };

async function openServer(refuses = false) {
	const received: Received[] = [];
	const server = new SMTPServer({
		authOptional: true,
		disabledCommands: ['STARTTLS'],
		onAuth: ({ username, password }, _session, done) =>
			username === 'me@x' && password === 'p:w' ? done(null, { user: 'me' }) : done(new Error('no')),
		onRcptTo: (_address, _session, done) => done(refuses ? new Error('no such mailbox') : undefined),
		onData: (stream, session, done) => {
			const chunks: Buffer[] = [];
			stream.on('data', (chunk: Buffer) => chunks.push(chunk));
			stream.on('end', () => {
				const to = session.envelope.rcptTo.map(({ address }) => address);
				received.push({ raw: Buffer.concat(chunks).toString(), to });
				done();
			});
		}
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.server.address() as AddressInfo;
	return { port, received, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

async function openSmtp(): Promise<MailerWorld> {
	const { port, received, close } = await openServer();
	const mailer = new SmtpMailer(`smtp://127.0.0.1:${port}?from=${FROM}`, 'unused@x.test');
	return {
		mailer,
		arrived: () => Promise.resolve(received),
		close: async () => {
			await mailer.close();
			await close();
		}
	};
}

mailerContract('mails as files', openFiles);
mailerContract('mails over SMTP', openSmtp);

describe('mails as files', () => {
	it('keeps one file for a mail that is sent twice, readable by its owner alone', async () => {
		const folder = await mkdtemp(path.join(tmpdir(), 'switchback-mail-'));
		const mailer = new FileMailer(folder, FROM);
		await mailer.send(sampleMail({ messageId: '../../up@x' }));
		await mailer.send(sampleMail({ messageId: '../../up@x' }));
		const names = await readdir(folder);
		expect(names).toEqual(['.._.._up@x.eml']);
		expect((await stat(path.join(folder, names[0]!))).mode & 0o077).toBe(0);
		await mailer.forget('../../up@x');
		expect(await readdir(folder)).toEqual([]);
		await rm(folder, { recursive: true });
	});
});

describe('mails over SMTP', () => {
	it('signs in with the name and password of the address', async () => {
		const { port, received, close } = await openServer();
		const mailer = new SmtpMailer(`smtp://me%40x:p%3Aw@127.0.0.1:${port}`, FROM);
		await mailer.send(sampleMail());
		expect(received).toHaveLength(1);
		await mailer.close();
		await close();
	});

	it('says what the relay said when it refuses', async () => {
		const { port, close } = await openServer(true);
		const mailer = new SmtpMailer(`smtp://127.0.0.1:${port}`, FROM);
		await expect(mailer.send(sampleMail())).rejects.toThrow(/no such mailbox/);
		await mailer.close();
		await close();
	});

	it('fails where nobody listens', async () => {
		const { port, close } = await openServer();
		await close();
		await expect(new SmtpMailer(`smtp://127.0.0.1:${port}`, FROM).send(sampleMail())).rejects.toThrow();
	});
});

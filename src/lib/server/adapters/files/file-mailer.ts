// Mails as files under DATA_DIR/mail, whole RFC 5322 messages that any mail program opens. For demos and trials: what
// would be sent can be read, and nothing leaves the machine.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createTransport } from 'nodemailer';
import type { Mailer, OutgoingMail } from '#server/ports/mailer.ts';
import { composeMail } from '../smtp/compose-mail.ts';

/** A file's name is made of nothing else, whatever the id holds. */
const UNSAFE = /[^\w.@-]+/g;

const nameOf = (messageId: string): string => `${messageId.replaceAll(UNSAFE, '_')}.eml`;

export class FileMailer implements Mailer {
	readonly #folder: string;
	readonly #from: string;
	readonly #transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

	constructor(folder: string, from: string) {
		this.#folder = folder;
		this.#from = from;
	}

	async send(mail: OutgoingMail): Promise<void> {
		const { message } = await this.#transport.sendMail(composeMail(mail, this.#from));
		await mkdir(this.#folder, { recursive: true, mode: 0o700 });
		const name = nameOf(mail.messageId);
		const partial = path.join(this.#folder, `.${name}.part`);
		// Only its owner may read it: it may hold a one-time link.
		await writeFile(partial, message as Buffer, { mode: 0o600 });
		await rename(partial, path.join(this.#folder, name));
	}

	async forget(messageId: string): Promise<void> {
		const name = nameOf(messageId);
		for (const file of [name, `.${name}.part`]) await rm(path.join(this.#folder, file), { force: true });
	}

	close(): Promise<void> {
		return Promise.resolve();
	}
}

// Mails over SMTP, by SMTP_URL: smtps://user:password@host:465 or smtp://host:587, with `?from=` for the sender's
// address. Encrypted, but on loopback or where `?tls=off` says that the way to the relay is safe.
import { createTransport } from 'nodemailer';
import type { Mailer, OutgoingMail } from '#server/ports/mailer.ts';
import { composeMail } from './compose-mail.ts';

/** A relay that says nothing for so long is not going to; the job tries again. */
const CONNECT_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 30_000;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const DEFAULT_PORTS = { 'smtp:': 587, 'smtps:': 465 } as const;

export class SmtpMailer implements Mailer {
	readonly #transport;
	readonly #from: string;

	constructor(address: string, defaultFrom: string) {
		const url = new URL(address);
		const isSecure = url.protocol === 'smtps:';
		const isLocal = LOOPBACK.test(url.hostname) || url.searchParams.get('tls') === 'off';
		this.#from = url.searchParams.get('from') ?? defaultFrom;
		this.#transport = createTransport({
			host: url.hostname.replaceAll(/^\[|\]$/g, ''),
			port: Number(url.port) || DEFAULT_PORTS[isSecure ? 'smtps:' : 'smtp:'],
			secure: isSecure,
			// Attack: whoever sits between could take STARTTLS out of the relay's answer and read password and mails.
			requireTLS: !isSecure && !isLocal,
			...(url.username && {
				auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
			}),
			connectionTimeout: CONNECT_TIMEOUT_MS,
			greetingTimeout: CONNECT_TIMEOUT_MS,
			socketTimeout: SILENCE_TIMEOUT_MS
		});
	}

	async send(mail: OutgoingMail): Promise<void> {
		await this.#transport.sendMail(composeMail(mail, this.#from));
	}

	/** Nothing is kept: the relay took it. */
	forget(): Promise<void> {
		return Promise.resolve();
	}

	close(): Promise<void> {
		this.#transport.close();
		return Promise.resolve();
	}
}

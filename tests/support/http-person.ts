// A browser's manners without a browser: cookies by host, Origin on posts. What it sends can be bent, which a real
// browser would not let an attack test do.
import { request } from 'node:http';

export type Answer = {
	status: number;
	headers: Record<string, string | string[] | undefined>;
	text: string;
	refusal: string | null;
	location: string | null;
};

export type Ask = {
	method?: string;
	headers?: Record<string, string | undefined>;
	form?: Record<string, string>;
	body?: string;
	/** Overrides the Origin a browser would send; null sends none. */
	origin?: string | null;
	/** Replaces the jar's cookies for this request. */
	cookie?: string;
};

export class HttpPerson {
	readonly #jar = new Map<string, Map<string, string>>();
	readonly #port: number;

	constructor(port: number) {
		this.#port = port;
	}

	/** The Cookie header this person would send to a host. */
	cookies(origin: string): string {
		const jar = this.#jar.get(new URL(origin).host) ?? new Map<string, string>();
		return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
	}

	setCookie(origin: string, name: string, value: string): void {
		const { host } = new URL(origin);
		this.#jar.set(host, (this.#jar.get(host) ?? new Map()).set(name, value));
	}

	ask(address: string, options: Ask = {}): Promise<Answer> {
		const url = new URL(address);
		const body = options.form ? new URLSearchParams(options.form).toString() : options.body;
		const method = options.method ?? (body === undefined ? 'GET' : 'POST');
		const origin = options.origin === undefined ? (method === 'GET' ? null : url.origin) : options.origin;
		const headers: Record<string, string | undefined> = {
			host: url.host,
			accept: 'text/html',
			cookie: options.cookie ?? this.cookies(url.origin),
			...(origin !== null && { origin }),
			...(options.form && { 'content-type': 'application/x-www-form-urlencoded' }),
			...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
			...options.headers
		};
		const sent = Object.fromEntries(Object.entries(headers).filter((entry) => entry[1]));
		return new Promise((resolve, reject) => {
			const call = request(
				{ host: '127.0.0.1', port: this.#port, path: url.pathname + url.search, method, headers: sent },
				(response) => {
					const chunks: Buffer[] = [];
					response.on('data', (chunk: Buffer) => chunks.push(chunk));
					response.on('end', () => {
						this.#keep(url.host, response.headers['set-cookie'] ?? []);
						resolve({
							status: response.statusCode ?? 0,
							headers: response.headers,
							text: Buffer.concat(chunks).toString(),
							refusal: (response.headers['x-switchback-refusal'] as string | undefined) ?? null,
							location: response.headers.location ?? null
						});
					});
				}
			);
			call.on('error', reject);
			call.end(body);
		});
	}

	#keep(host: string, lines: readonly string[]): void {
		for (const line of lines) {
			const [pair = '', ...attributes] = line.split(';');
			const at = pair.indexOf('=');
			const jar = this.#jar.get(host) ?? new Map<string, string>();
			const isGone = attributes.some((a) => /^\s*(max-age=0|expires=thu, 01 jan 1970)/i.test(a));
			if (isGone) jar.delete(pair.slice(0, at));
			else jar.set(pair.slice(0, at), pair.slice(at + 1));
			this.#jar.set(host, jar);
		}
	}
}

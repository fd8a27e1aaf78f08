// Reads a form with a file as it arrives. Nothing is ever held whole: a file goes on as a stream, and what a refused or
// broken request still sends is let go, up to a limit.
import { Readable } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { AppError } from '#domain/errors.ts';

/** One file of 100 MB, its form around it, and some air. */
const MAX_BODY_BYTES = 105 * 1024 * 1024;

const LIMITS = { fieldNameSize: 100, fieldSize: 64 * 1024, fields: 20, files: 1, parts: 24, headerPairs: 20 };

export type ReceivedForm<T> = { fields: Record<string, string>; file: T | null };

type FileReader<T> = {
	/** Takes the stream to its end, or rejects. */
	receive(name: string, stream: Readable): Promise<T>;
	/** Undoes `receive` when the form turns out broken after it. */
	discard(file: T): Promise<void>;
};

const broken = () =>
	new AppError('invalid', 'The form did not arrive whole, so nothing was changed. Try again.');
const tooLarge = () =>
	new AppError('too_large', 'This file is larger than 100 MB. Share a smaller one.', { field: 'file' });

function openBody(request: Request): Readable {
	if (!request.body) throw broken();
	if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw tooLarge();
	return Readable.fromWeb(request.body as Parameters<typeof Readable.fromWeb>[0]);
}

function parserFor(request: Request): BusboyInstance {
	try {
		return new Busboy({
			headers: { 'content-type': request.headers.get('content-type') ?? '' },
			limits: LIMITS
		});
	} catch {
		// Busboy throws on a type it does not read or a missing boundary: both are a form that cannot be read.
		throw broken();
	}
}

/**
 * `fields` is filled as they arrive: a file that is refused must not lose what was typed before it.
 * @returns text fields and what `receive` made of the file; null when none was chosen
 * @throws AppError `invalid`, `too_large`, or what `receive` threw
 */
export async function receiveForm<T>(
	request: Request,
	reader: FileReader<T>,
	fields: Record<string, string> = {}
): Promise<ReceivedForm<T>> {
	const parser = parserFor(request);
	const body = openBody(request);
	let receiving: Promise<T> | null = null;
	let incoming: Readable | null = null;
	const finished = new Promise<void>((resolve, reject) => {
		let bytes = 0;
		body.on('data', (chunk: Buffer) => {
			bytes += chunk.length;
			// A body without a length could go on for ever.
			if (bytes > MAX_BODY_BYTES) body.destroy(tooLarge());
		});
		parser.on('field', (name, value) => {
			// Defined, not assigned: a field called __proto__ must stay a field.
			const text = value.replaceAll('\0', '');
			Object.defineProperty(fields, name, {
				value: text,
				enumerable: true,
				configurable: true,
				writable: true
			});
		});
		parser.on('file', (_field, stream, name) => {
			if (!name || receiving) return void stream.resume();
			incoming = stream;
			receiving = reader.receive(name, stream);
			receiving.catch(reject);
		});
		parser.on('finish', resolve);
		parser.on('error', () => reject(broken()));
		body.on('error', (error) => {
			parser.destroy();
			reject(error instanceof AppError ? error : broken());
		});
		body.pipe(parser);
	});
	try {
		await finished;
		return { fields, file: await (receiving as Promise<T> | null) };
	} catch (caught) {
		// The browser reads no answer before it has sent everything: what is left is let go, within the limit above.
		body.unpipe(parser);
		body.resume();
		// The parser leaves a half-read file open for ever, and whoever receives it would wait as long.
		(incoming as Readable | null)?.destroy(broken());
		const late = await Promise.allSettled([receiving as Promise<T> | null]);
		if (late[0].status === 'fulfilled' && late[0].value !== null) await reader.discard(late[0].value);
		throw caught;
	}
}

/** Reads the text fields and lets the file go: a refused form still gives back what was typed. */
export async function receiveFields(request: Request): Promise<Record<string, string>> {
	const nothing = {
		receive: async (_name: string, stream: Readable) => void stream.resume(),
		discard: async () => {}
	};
	return (await receiveForm(request, nothing)).fields;
}

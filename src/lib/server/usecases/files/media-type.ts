// What a file is, told by its own first bytes. What the browser claims is not looked at: a page called image.png stays text.
import { Transform } from 'node:stream';
import { fileTypeFromBuffer } from 'file-type';

/** file-type's own sample size: signatures of nested formats lie within it. */
const HEAD_BYTES = 4_100;

/** Formats a browser would run as a document of our origin, were they ever served as themselves. */
const RUNNABLE = /html|xml|svg|script|pdf-forms|flash/;

/** Images that are shown inline; every one is a raster format without scripts. */
const IMAGE_TYPES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif']);

/** How a file is shown on its page: as an image, as text, drawn from a PDF, or not at all. */
export type PreviewKind = 'image' | 'text' | 'pdf';

/** Null: it can only be downloaded. */
export function previewKind(mediaType: string): PreviewKind | null {
	if (IMAGE_TYPES.has(mediaType)) return 'image';
	if (mediaType === 'text/plain') return 'text';
	return mediaType === 'application/pdf' ? 'pdf' : null;
}

/** `application/octet-stream` and `text/plain` where the bytes name nothing harmless. */
export async function mediaTypeOf(head: Uint8Array): Promise<string> {
	const found = await fileTypeFromBuffer(head);
	if (found && !RUNNABLE.test(found.mime)) return found.mime;
	return isText(head) ? 'text/plain' : 'application/octet-stream';
}

function isText(head: Uint8Array): boolean {
	if (head.includes(0)) return false;
	// The sample may end inside a letter of several bytes, which `stream` forgives and nothing else.
	try {
		new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
		return true;
	} catch {
		// Not UTF-8: then it is bytes, and that is the answer.
		return false;
	}
}

/** Passes a stream through and keeps its first bytes, so that nothing is ever held whole. */
export class HeadSample extends Transform {
	private kept: Buffer = Buffer.alloc(0);

	override _transform(
		chunk: Buffer,
		_encoding: string,
		done: (error?: Error | null, data?: Buffer) => void
	): void {
		if (this.kept.length < HEAD_BYTES)
			this.kept = Buffer.concat([this.kept, chunk.subarray(0, HEAD_BYTES - this.kept.length)]);
		done(null, chunk);
	}

	/** The first bytes so far. */
	head(): Uint8Array {
		return this.kept;
	}
}

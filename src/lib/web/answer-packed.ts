// Recorded bytes as an answer: packed as the reader's browser likes best, and never as a document of our origin.
import { promisify } from 'node:util';
import { constants, gzip, zstdCompress } from 'node:zlib';

const zstd = promisify(zstdCompress);
const zip = promisify(gzip);

/** Packed anew for each reader: the least that is much smaller than nothing, since somebody waits. */
const ZSTD_LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };
const GZIP_LEVEL = { level: 4 };

async function pack(bytes: Uint8Array, accepted: string): Promise<[string | null, Uint8Array<ArrayBuffer>]> {
	if (/\bzstd\b/.test(accepted)) return ['zstd', new Uint8Array(await zstd(bytes, ZSTD_LEVEL))];
	if (/\bgzip\b/.test(accepted)) return ['gzip', new Uint8Array(await zip(bytes, GZIP_LEVEL))];
	return [null, new Uint8Array(bytes)];
}

/** `more` are headers to add. */
export async function answerPacked(
	request: Request,
	bytes: Uint8Array,
	more: Record<string, string> = {}
): Promise<Response> {
	const [encoding, body] = await pack(bytes, request.headers.get('accept-encoding') ?? '');
	const headers = new Headers({
		'content-type': 'application/octet-stream',
		// Opened, it must lie on no disk: whoever has this browser next, signed out or of lesser rights, would read it there.
		'cache-control': 'no-store',
		// Never shown as a document, should somebody open the address: what is inside was recorded.
		'content-disposition': 'attachment',
		vary: 'accept-encoding, cookie',
		...more
	});
	if (encoding) headers.set('content-encoding', encoding);
	return new Response(body, { headers });
}

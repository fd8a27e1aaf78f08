import type { Readable } from 'node:stream';

/**
 * A Node stream as the body of an answer. Not `Readable.toWeb`: when a browser breaks a download off, that may push into
 * the closed body and end the whole process with an uncaught error.
 */
export function streamBody(source: Readable): ReadableStream<Uint8Array> {
	const chunks: AsyncIterator<Uint8Array> = source[Symbol.asyncIterator]();
	return new ReadableStream({
		async pull(controller) {
			const { done, value } = await chunks.next();
			if (done) controller.close();
			else controller.enqueue(value);
		},
		async cancel() {
			// Ends the loop, which destroys the source and closes its file.
			await chunks.return?.();
		}
	});
}

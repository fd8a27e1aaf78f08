// The player's page of a pack: the built template with the recording put into it, so that a double click plays it, even from inside a
// zip that nobody unpacked. One that would make the page too heavy is left out; the page then asks for the pack.
import type { FileHandle } from 'node:fs/promises';
import { escaped, jsonForScript } from './html.ts';

/** Base64 of this is what a browser still reads at once without a thought. */
const MAX_INLINE_BYTES = 48 * 1024 * 1024;

/** Where the recording goes; the build requires that it is there once. */
const MARK = '<!--switchback:recording-->';

/** A member as it lies packed in the file. */
export type Lying = { name: string; at: number; packed: number; bytes: number };

async function base64Of(file: FileHandle, { at, packed }: Lying): Promise<string> {
	const bytes = Buffer.alloc(packed);
	const { bytesRead } = await file.read(bytes, 0, packed, at);
	if (bytesRead !== packed) throw new Error('A member of the pack could not be read back.');
	return bytes.toString('base64');
}

/** @yields the page, piece by piece */
export async function* playerHtml(
	template: string,
	index: { title: string },
	{ file, parts }: { file: FileHandle; parts: readonly Lying[] }
): AsyncGenerator<Buffer> {
	const [before, after, ...more] = template.split(MARK);
	if (before === undefined || after === undefined || more.length > 0)
		throw new Error('The built player has no place for a recording.');
	// As a function: a title with a $ in it would be taken for a pattern.
	yield Buffer.from(before.replace('%title%', () => escaped(index.title)));
	yield Buffer.from(`<script type="application/json" id="index">${jsonForScript(index)}</script>\n`);
	const isLight = parts.reduce((sum, { packed }) => sum + packed, 0) <= MAX_INLINE_BYTES;
	for (const part of isLight ? parts : [])
		yield Buffer.from(
			`<script type="application/octet-stream" id="${part.name}" data-bytes="${part.bytes}">${await base64Of(file, part)}</script>\n`
		);
	yield Buffer.from(after);
}

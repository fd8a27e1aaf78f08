// Which file of the build is the recorder: the one that knows the event only a recorder sends.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SERVED = fileURLToPath(new URL('../../build/client', import.meta.url));

/** Only the recorder says this; minifying keeps the names of events. */
export const RECORDER_MARK = 'record:append';

/** Paths, as a browser asks for them, of the scripts that hold the recorder. */
export function recorderChunks(): string[] {
	const names = readdirSync(SERVED, { recursive: true, encoding: 'utf8' }).filter((name) =>
		name.endsWith('.js')
	);
	return names
		.filter((name) => readFileSync(path.join(SERVED, name), 'utf8').includes(RECORDER_MARK))
		.map((name) => `/${name.split(path.sep).join('/')}`);
}

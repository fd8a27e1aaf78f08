// A process of its own that appends to a live log and tells of each number that was acknowledged, until it is killed
// or the disk refuses; then it appends a small batch to show that the log works again.
import { writeSync } from 'node:fs';
import { isAppError } from '#domain/errors.ts';
import { FileLiveLog } from '#server/adapters/files/file-live-log.ts';

const SMALL_BYTES = 20;
const LARGE_BYTES = 1500;
const IN_FLIGHT = 4;

const say = (line: string | number) => writeSync(1, `${line}\n`);
const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));

const log = await FileLiveLog.open(process.argv[2] ?? '');
let seq = 0;

async function append(bytes: number): Promise<boolean> {
	const number = seq;
	seq += 1;
	const batch = { impersonationId: 'imp-1', pageId: 'page-1', seq: number, receivedAt: 1, offsetMs: 0 };
	try {
		await log.append({ ...batch, bytes: random(bytes) });
		say(number);
		return true;
	} catch (error) {
		say(`refused ${isAppError(error) ? error.code : String(error)}`);
		return false;
	}
}

for (let goesOn = true; goesOn;) {
	const results = await Promise.all(Array.from({ length: IN_FLIGHT }, () => append(LARGE_BYTES)));
	goesOn = results.every(Boolean);
}
await append(SMALL_BYTES);
await log.close();

// What recoveries had to cut, kept as lines of JSON: after the cut the files themselves no longer show it.
import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { LogDamage } from '#server/ports/live-log.ts';

const FILE = 'damage.jsonl';

const damage = z.object({ file: z.string(), at: z.number(), lostBytes: z.number(), foundAt: z.number() });

export function addDamage(folder: string, found: LogDamage): void {
	appendFileSync(path.join(folder, FILE), `${JSON.stringify(found)}\n`, { mode: 0o600 });
}

/** Oldest first. A line that a kill has torn is left out. */
export function readDamage(folder: string): LogDamage[] {
	let text: string;
	try {
		text = readFileSync(path.join(folder, FILE), 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		throw error;
	}
	return text.split('\n').flatMap((line) => {
		const parsed = damage.safeParse(parseJson(line));
		return parsed.success ? [parsed.data] : [];
	});
}

function parseJson(line: string): unknown {
	try {
		return JSON.parse(line);
	} catch {
		return null; // torn or empty: the schema refuses it
	}
}

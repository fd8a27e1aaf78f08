// The writing process itself. A process and not a thread, since a heap that is full while JSON is parsed ends the whole process,
// whatever limits a thread was given.
import type { RecordedEvent } from '#recorder/format/events.ts';
import { makeSafe } from '#recorder/format/make-safe.ts';
import { cpuMs } from './cpu-ms.ts';
import { MAX_NAMES, type ScribeAnswer, type ScribeAsk } from './scribe-messages.ts';
import { readContent, writeBatch } from './write-batch.ts';

/** The batch that waits for its addresses: there is one at a time. */
let waiting: { id: number; raw: RecordedEvent[]; styles: number[]; names: string[]; from: number } | null =
	null;

const say = (answer: ScribeAnswer): void => void process.send?.(answer);

/** All addresses that making it safe would ask for. */
function namesIn(raw: RecordedEvent[], styles: readonly number[]): string[] {
	const names = new Set<string>();
	const allowedAssets = (name: string): null => {
		if (names.size < MAX_NAMES) names.add(name);
		return null;
	};
	makeSafe(raw, { allowedAssets, styles: new Set(styles) });
	return [...names];
}

function read({ id, content, styles }: ScribeAsk & { say: 'write' }): void {
	const from = cpuMs();
	const raw = readContent(content);
	if (!raw) return say({ say: 'written', id, batch: null, styles, cpuMs: cpuMs() - from });
	waiting = { id, raw, styles, names: namesIn(raw, styles), from };
	say({ say: 'names', id, names: waiting.names });
}

function write({ id, addresses }: ScribeAsk & { say: 'addresses' }): void {
	if (waiting?.id !== id) return;
	const { raw, styles, names, from } = waiting;
	waiting = null;
	const known = new Map(names.map((name, n) => [name, addresses[n] ?? null]));
	const kept = new Set(styles);
	const batch = writeBatch(raw, { allowedAssets: (name) => known.get(name) ?? null, styles: kept });
	say({ say: 'written', id, batch, styles: [...kept], cpuMs: cpuMs() - from });
}

process.on('message', (ask: ScribeAsk) => (ask.say === 'write' ? read(ask) : write(ask)));
// The hub is gone, also by kill -9: nobody needs us any more.
process.on('disconnect', () => process.exit(0));
// A stop of the whole is the hub's to make: it lets us finish what it waits for.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

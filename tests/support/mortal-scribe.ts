// A writing process that dies of batches that say so: always, or once (where the file that one names is not there yet), and
// never answers others.
import { existsSync, writeFileSync } from 'node:fs';
import type { ScribeAsk } from '#realtime/scribe/scribe-messages.ts';

process.on('message', (ask: ScribeAsk) => {
	if (ask.say !== 'write') return;
	const { id, styles } = ask;
	const text = Buffer.from(ask.content as Uint8Array).toString();
	if (text.includes('deadly')) process.exit(1);
	if (text.includes('endless')) return;
	const once = /once (\S+)/.exec(text)?.[1];
	if (once && !existsSync(once)) {
		writeFileSync(once, '');
		process.exit(1);
	}
	const batch = {
		bytes: new Uint8Array(Buffer.from(text)),
		times: [],
		hasSnapshot: false,
		interaction: false
	};
	process.send?.({ say: 'written', id, batch, styles, cpuMs: 1 });
});
process.on('disconnect', () => process.exit(0));

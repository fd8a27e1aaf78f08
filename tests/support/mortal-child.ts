// A sealing process that dies of every batch that says so.
import { Forgotten } from '#server/recordings/seal-desk.ts';
import type { Question } from '#server/recordings/seal-messages.ts';
import { DeskProcess } from './desk-process.ts';

const desk = new DeskProcess();

process.on('message', ({ id, name, ask }: Question) => {
	if (name === 'seal' && ask.batches.some(({ bytes }) => Buffer.from(bytes).includes('deadly')))
		process.exit(1);
	void desk.ask(name, ask).then(
		(answer) => process.send?.({ id, answer }),
		(error: Error) => process.send?.({ id, fault: error.message, isForgotten: error instanceof Forgotten })
	);
});
process.on('disconnect', () => process.exit(0));

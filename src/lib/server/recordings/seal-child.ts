// The sealing process itself: reads questions, answers them. A process and not a thread, since a heap that is full while
// JSON is parsed ends the whole process, whatever limits a thread was given (tried on Node 24).
import { ShadowDocument } from '#recorder/format/shadow-document.ts';
import { createSealDesk, Forgotten } from './seal-desk.ts';
import { SHADOW_LIMITS } from './seal-limits.ts';
import type { Answer, Question, SealCall, SealCalls } from './seal-messages.ts';

const desk = createSealDesk(() => new ShadowDocument(SHADOW_LIMITS));

async function answer({ id, name, ask }: Question): Promise<Answer> {
	try {
		const work = desk[name] as (ask: SealCalls[SealCall]['ask']) => Promise<unknown>;
		return { id, answer: await work(ask) };
	} catch (error) {
		// Never more than the sentence: what was recorded must not reach the log [G4].
		const fault = error instanceof Error ? error.message : 'something that is no error';
		return { id, fault, isForgotten: error instanceof Forgotten };
	}
}

process.on('message', (question: Question) => {
	void answer(question).then((reply) => process.send?.(reply));
});
// The asker is gone, also by kill -9: nobody needs us any more.
process.on('disconnect', () => process.exit(0));
// A stop of the whole is the asker's to make: it lets us finish what it waits for.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

// The sealing thread itself: reads questions, answers them. Whatever goes wrong with one page is an answer; what ends the
// thread (its heap is bounded) fails what it was asked, never the process.
import { parentPort } from 'node:worker_threads';
import { ShadowDocument } from '#recorder/format/shadow-document.ts';
import { createSealDesk } from './seal-desk.ts';
import { SHADOW_LIMITS } from './seal-limits.ts';
import type { Answer, Question, SealCall, SealCalls } from './seal-messages.ts';

const desk = createSealDesk(() => new ShadowDocument(SHADOW_LIMITS));

async function answer({ id, name, ask }: Question): Promise<Answer> {
	try {
		const work = desk[name] as (ask: SealCalls[SealCall]['ask']) => Promise<unknown>;
		return { id, answer: await work(ask) };
	} catch (error) {
		// Never more than the sentence: what was recorded must not reach the log [G4].
		return { id, fault: error instanceof Error ? error.message : 'something that is no error' };
	}
}

parentPort?.on('message', (question: Question) => {
	void answer(question).then((reply) => parentPort?.postMessage(reply, []));
});

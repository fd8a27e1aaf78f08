// The sealing process's work without the process, so that many processes can be played in one second.
import { ShadowDocument } from '#recorder/format/shadow-document.ts';
import { createSealDesk } from '#server/recordings/seal-desk.ts';
import { SHADOW_LIMITS } from '#server/recordings/seal-limits.ts';
import type { SealCall, SealCalls } from '#server/recordings/seal-messages.ts';
import { SealProcess } from '#server/recordings/seal-process.ts';

export class DeskProcess extends SealProcess {
	private readonly desk = createSealDesk(() => new ShadowDocument(SHADOW_LIMITS));

	override ask<N extends SealCall>(name: N, ask: SealCalls[N]['ask']): Promise<SealCalls[N]['answer']> {
		// Copied as on the way to a process: nothing is shared with the asker.
		return this.desk[name](structuredClone(ask)) as Promise<SealCalls[N]['answer']>;
	}

	override async forget(pageId: string): Promise<void> {
		await this.ask('forget', { pageId });
	}
}

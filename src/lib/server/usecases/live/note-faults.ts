// What went wrong in a recorded page, noted as its batch comes, so that who watches sees it at once and a replay has it on its timeline.
// What is lost here the index over sealed blocks brings later (index-page.ts).
import type { NotedFault } from '#recorder/format/page-fault.ts';
import type { Db } from '#server/db/types.ts';
import type { Signal } from '#server/ports/signals.ts';
import { insertFaults } from '#server/recordings/fault-rows.ts';

export type NotedPage = { agencyId: string; impersonationId: string; pageId: string };

/** Adds the rows and says so. Twice is once. */
export const noteFaults =
	({ db, publish }: { db: Db; publish(signal: Signal): Promise<void> }) =>
	async (page: NotedPage, rows: readonly NotedFault[]): Promise<void> => {
		const { agencyId, impersonationId } = page;
		for (const faultId of await insertFaults(db, page, rows))
			await publish({ topic: 'fault.noted', agencyId, impersonationId, faultId });
	};

// The intakes of a hub's pages, and what the pages of one impersonation share. Forgotten with its room, so that a long day of reloads
// leaves nothing behind; until then a page that is gone has spent of what the next one gets.
import { SessionBudget } from '#realtime/scribe/page-budget.ts';
import type { RecorderIdentity } from '#server/usecases/live/resolve-recorder.ts';
import type { PageIntake } from './page-intake.ts';

export class Intakes {
	private readonly byPage = new Map<string, { impersonationId: string; intake: PageIntake }>();
	private readonly budgets = new Map<string, SessionBudget>();
	private readonly now: () => number;

	constructor(now: () => number) {
		this.now = now;
	}

	of(
		{ pageId, impersonationId }: Pick<RecorderIdentity, 'pageId' | 'impersonationId'>,
		make: (session: SessionBudget) => PageIntake
	): PageIntake {
		const known = this.byPage.get(pageId);
		if (known) return known.intake;
		const session = this.budgets.get(impersonationId) ?? new SessionBudget(this.now);
		this.budgets.set(impersonationId, session);
		const intake = make(session);
		this.byPage.set(pageId, { impersonationId, intake });
		return intake;
	}

	forget(impersonationId: string): string[] {
		const gone = [...this.byPage].filter(([, page]) => page.impersonationId === impersonationId);
		for (const [pageId] of gone) this.byPage.delete(pageId);
		this.budgets.delete(impersonationId);
		return gone.map(([pageId]) => pageId);
	}

	async idle(): Promise<void> {
		await Promise.all([...this.byPage.values()].map(({ intake }) => intake.idle()));
	}
}

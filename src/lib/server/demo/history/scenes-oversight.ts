// What the demo's supervisors did: looked at what was recorded, and judged it.
import { sql } from 'drizzle-orm';
import { asStaff, type Stage } from './stage.ts';

/** Where in the recording Maya opens the task that the client asked about. */
const AT_THE_TASK_MS = 14_500;

/** Somebody else's look at Maya's visit because of ticket NW-1987: the reviews have one behind them. */
export async function sofiaReviews({ app, db, ...stage }: Stage): Promise<void> {
	const { origin } = stage;
	// The job that works out what asks for a look has not run at a first start.
	await app.review.assessEnded();
	const [found] = await db.execute<{ id: string }>(
		sql`SELECT id FROM impersonation WHERE ticket = 'NW-1987' AND state = 'ended'`
	);
	if (!found) throw new Error('The demo has no visit because of ticket NW-1987.');
	const impersonationId = found.id;
	await asStaff({ app, db, ...stage }, 'sofia@northwind.test', async (me) => {
		await app.recordings.openReplay(me, { impersonationId, origin });
		const body = 'Found by its name in one search: this is how it should look.';
		await app.review.addComment(me, { impersonationId, at: AT_THE_TASK_MS, parent: '', body }, origin);
		const verdict = {
			verdict: 'fine',
			checks: ['reason', 'needed', 'personal'],
			seen: '',
			note: 'What the ticket asks for was found and shown. Nothing else was opened.'
		} as const;
		await app.review.decide(me, { impersonationId, ...verdict, checks: [...verdict.checks] }, origin);
	});
}

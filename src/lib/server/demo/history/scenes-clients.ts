// What the demo's clients did by themselves.
import { sql } from 'drizzle-orm';
import { dueInvoices, oldFiles, openTasks, ownerOf } from './find.ts';
import { asContact, type Stage } from './stage.ts';

/** The owner works through her list. */
export async function beaTidiesUp(stage: Stage): Promise<void> {
	const { app, db, origin } = stage;
	await asContact(stage, 'bea@bluebird.test', async (me) => {
		const [first, second, third, fourth] = await openTasks(db, me.clientId, 4);
		const [, invoice] = await dueInvoices(db, me.clientId, 2);
		if (first) {
			await app.tasks.comment(
				me,
				{ id: first.id, body: 'Looked at it with Ben: all right like this.' },
				origin
			);
			await app.tasks.complete(me, { id: first.id }, origin);
		}
		if (second) await app.tasks.complete(me, { id: second.id }, origin);
		if (third) {
			const body = 'Can this wait until after the market on Saturday?';
			await app.tasks.comment(me, { id: third.id, body }, origin);
		}
		if (fourth) await app.tasks.delete(me, { id: fourth.id }, origin);
		const title = 'Put the rye loaf on the home page';
		await app.tasks.create(me, { title, description: 'It is back from Thursday on.' }, origin);
		if (invoice) await app.billing.claimPaid(me, { id: invoice.id, reference: 'Paid by transfer' }, origin);
	});
}

/** The shop manager keeps files in order. */
export async function benSortsFiles(stage: Stage): Promise<void> {
	const { app, db, origin } = stage;
	await asContact(stage, 'ben@bluebird.test', async (me) => {
		const [first, second, third] = await oldFiles(db, me.clientId, 3);
		if (first) await app.files.delete(me, { id: first.id }, origin);
		if (second) {
			await app.files.delete(me, { id: second.id }, origin);
			await app.files.restore(me, { id: second.id }, origin);
		}
		if (third) await app.files.delete(me, { id: third.id }, origin);
		await app.files.createFolder(me, { name: 'Market stall', parentId: null }, origin);
	});
}

/** A clinic asks, and gets on. */
export async function coraAsks(stage: Stage): Promise<void> {
	const { app, db, origin } = stage;
	await asContact(stage, 'cora@cedar.test', async (me) => {
		const [, done, asked] = await openTasks(db, me.clientId, 3);
		if (done) await app.tasks.complete(me, { id: done.id }, origin);
		if (asked) {
			const body = 'Our new doctor starts on the first. Can her portrait be in by then?';
			await app.tasks.comment(me, { id: asked.id, body }, origin);
		}
		const [file] = await oldFiles(db, me.clientId, 1);
		if (file) await app.files.delete(me, { id: file.id }, origin);
		const thread = {
			subject: 'Vaccination days in the calendar',
			body: 'We offer walk-in days in December. Where would they stand best?',
			clientId: ''
		};
		await app.messages.start(me, thread, null, origin);
	});
}

/** Let in for a day, and taken back once it was done. */
export async function ownerLetsIn(stage: Stage): Promise<void> {
	const { app, db, origin } = stage;
	await asContact(stage, await ownerOf(db, 'Amber Roastery'), async (me) => {
		await app.consent.grant(me, { lasts: 'day', until: null }, origin);
		const [grant] = await db.execute<{ id: string }>(
			sql`SELECT id FROM consent_grant WHERE client_id = ${me.clientId} AND withdrawn_at IS NULL`
		);
		if (grant) await app.consent.withdraw(me, grant.id, origin);
	});
}

/** Wants to be asked each time, and was asked for this week. */
export async function ownerWantsToBeAsked(stage: Stage): Promise<void> {
	const { app, db, origin } = stage;
	await asContact(stage, await ownerOf(db, 'Finch Florists'), async (me) => {
		await app.consent.change(me, { who: 'asked' }, origin);
		await app.consent.grant(me, { lasts: 'week', until: null }, origin);
		const [task] = await openTasks(db, me.clientId, 1);
		if (task) await app.tasks.comment(me, { id: task.id, body: 'The peonies are in, please hurry!' }, origin);
	});
}

// What the demo's staff did: looked into portals, answered, moved work on.
import { sql } from 'drizzle-orm';
import { isAppError } from '#domain/errors.ts';
import { decimalText } from '#domain/money.ts';
import type { ClientId } from '#domain/ids.ts';
import { dueInvoices, idOfClient, lastThread, oldFiles, openTasks, ownerOf, pick } from './find.ts';
import { asStaff, tryStart, visiting, type Stage } from './stage.ts';

/** The Super Admin checks a set-up, and hands out work. */
export async function oliviaChecks(stage: Stage): Promise<void> {
	const { app, db, origin } = stage;
	const clientId = await idOfClient(db, 'Saltwater Fish Bar');
	await asStaff(stage, 'olivia@northwind.test', async (me) => {
		const visit = { client: 'Bluebird Bakery', contact: 'ben@bluebird.test', mode: 'view' } as const;
		const why = {
			reason: 'verify',
			details: 'Ben should not see billing: checked after the change.'
		} as const;
		await visiting(stage, me, { ...visit, ...why }, async ({ see }) => {
			await see('/');
			await see('/tasks');
			await see('/files');
		});
		const task = {
			clientId,
			title: 'Collect the photos of the new menu',
			description: 'The chef has them on her phone. A dozen in good light are enough.',
			waitingOn: 'client',
			clientVisible: true
		} as const;
		await app.tasks.create(me, task, origin);
		const news = {
			title: 'A new way to reach us',
			body: 'Write to us under Messages: whoever looks after you sees it at once, and nothing gets lost in an inbox.',
			client: '',
			from: null,
			until: null
		};
		await app.settings.createAnnouncement(me, news, origin);
	});
}

/** A ticket about what a client sees, answered from where they see it. */
export async function mayaHelpsCedar(stage: Stage): Promise<void> {
	const { app, db, origin } = stage;
	const cedar = await idOfClient(db, 'Cedar Clinic');
	const task = pick(await openTasks(db, cedar, 1));
	const thread = await lastThread(db, cedar);
	await asStaff(stage, 'maya@northwind.test', async (me) => {
		const visit = { client: 'Cedar Clinic', contact: 'cora@cedar.test', mode: 'view' } as const;
		const why = { reason: 'support', ticket: 'NW-2041', details: 'Cora does not find her request.' } as const;
		await visiting(stage, me, { ...visit, ...why }, async ({ see, switchTo, actor }) => {
			await see('/');
			await see('/tasks');
			await see(`/tasks/${task.id}`, { type: 'task', ...task });
			await switchTo('act');
			// Told rather than done: no page of hers is recorded here, so the gate refuses it.
			const tried = app.tasks.comment(actor, { id: task.id, body: 'Found it, it stood under Done.' }, origin);
			await tried.catch((caught: unknown) => {
				if (!isAppError(caught)) throw caught;
			});
		});
		const said = 'Found it: the list showed what is done. I put a word on how to filter into the request.';
		await app.tasks.comment(
			me,
			{ id: task.id, body: 'Choose “Open” above the list, then this comes first.' },
			origin
		);
		await app.messages.send(me, { threadId: thread.id, body: said }, null, origin);
	});
}

/** A question about an invoice, looked at as the client sees it. */
export async function adamLooksAtBilling(stage: Stage): Promise<void> {
	const { app, db, origin } = stage;
	const bluebird = await idOfClient(db, 'Bluebird Bakery');
	const invoice = pick(await dueInvoices(db, bluebird, 1));
	const thread = await lastThread(db, bluebird);
	await asStaff(stage, 'adam@northwind.test', async (me) => {
		const visit = { client: 'Bluebird Bakery', contact: 'bea@bluebird.test', mode: 'view' } as const;
		const why = { reason: 'billing', ticket: 'NW-2057' } as const;
		await visiting(stage, me, { ...visit, ...why }, async ({ see }) => {
			await see('/');
			await see('/invoices');
			await see(`/invoices/${invoice.id}`, { type: 'invoice', id: invoice.id, label: invoice.label });
			await see('/subscriptions');
		});
		const said =
			'I looked at the invoice as you see it. The care plan is the second line; the first are the photos.';
		await app.messages.send(me, { threadId: thread.id, body: said }, null, origin);
		await bookMoney(stage, me);
		await moveOrder(stage, me);
	});
}

type Adam = Parameters<Parameters<typeof asStaff>[2]>[0];

async function bookMoney({ app, db, origin }: Stage, me: Adam): Promise<void> {
	const [invoice] = await dueInvoices(db, await idOfClient(db, 'Harbour Hearing'), 1);
	if (!invoice) return;
	const { id, due, currency } = invoice;
	const today = new Date().toISOString().slice(0, 10);
	const amount = decimalText({ minor: due, currency });
	const payment = { id, amount, paidOn: today, method: 'transfer', reference: 'Statement 47' } as const;
	await app.billing.recordPayment(me, payment, origin);
}

async function moveOrder({ app, db, origin }: Stage, me: Adam): Promise<void> {
	const [order] = await db.execute<{ id: string }>(sql`SELECT o.id FROM client_order o
		JOIN client c ON c.id = o.client_id WHERE o.status = 'pending' AND c.name <> 'Bluebird Bakery'
		AND c.name <> 'Cedar Clinic' ORDER BY o.created_at LIMIT 1`);
	if (!order) return;
	const note = 'We begin on Monday; you get the first draft by the end of that week.';
	await app.orders.move(me, { orderId: order.id, to: 'in_progress', note }, origin);
}

/** Refused at the door, and in the log for it: the client wants nobody inside. */
export async function mayaIsRefused(stage: Stage): Promise<void> {
	const { db } = stage;
	const bluebird = await idOfClient(db, 'Bluebird Bakery');
	const [file] = await oldFiles(db, bluebird, 1);
	await asStaff(stage, 'maya@northwind.test', async (me) => {
		const visit = {
			client: 'Delta Dental',
			contact: await ownerOf(db, 'Delta Dental'),
			mode: 'view'
		} as const;
		const tried = tryStart(stage, me, { ...visit, reason: 'support', ticket: 'NW-2063' });
		await tried.catch((caught: unknown) => {
			if (!isAppError(caught) || caught.code !== 'start_refused') throw caught;
		});
		const why = { reason: 'onboarding', details: 'Shows Bea where proofs are.' } as const;
		const inside = { client: 'Bluebird Bakery', contact: 'bea@bluebird.test', mode: 'view' } as const;
		await visiting(stage, me, { ...inside, ...why }, async ({ see }) => {
			await see('/files');
			if (file) await see(`/files/${file.id}`, { type: 'file', ...file });
			await see('/messages');
		});
	});
}

/** As often as it takes until overseers are alerted, and twice more. */
const INSISTS = 12;

/** Ticks off one task after the other in View only: each is refused, and together they stand out. */
export async function adamInsists(stage: Stage): Promise<void> {
	const { app, db, origin } = stage;
	const client = 'Harbour Hearing';
	const tasks = await openTasks(db, await idOfClient(db, client), INSISTS);
	await asStaff(stage, 'adam@northwind.test', async (me) => {
		const visit = { client, contact: await ownerOf(db, client), mode: 'view' } as const;
		const why = { reason: 'support', ticket: 'NW-2066', details: 'Their list is too long to read.' } as const;
		await visiting(stage, me, { ...visit, ...why }, async ({ see, actor }) => {
			await see('/tasks');
			for (let n = 0; n < INSISTS; n += 1) {
				const { id } = tasks[n % tasks.length] ?? pick(tasks);
				const tried = app.tasks.complete(actor, { id }, origin);
				await tried.catch((caught: unknown) => {
					if (!isAppError(caught)) throw caught;
				});
			}
		});
	});
}

/** An assignee at work, without ever going inside. */
export async function samWorks(stage: Stage): Promise<void> {
	const { app, db, origin } = stage;
	const [client] = await db.execute<{ id: ClientId }>(sql`SELECT c.id FROM client c
		JOIN client_assignment x ON x.client_id = c.id JOIN staff s ON s.id = x.staff_id
		WHERE s.email = 'sam@northwind.test' AND c.status = 'active' AND c.name !~ '^(Bluebird|Cedar)'
		ORDER BY c.name LIMIT 1`);
	if (!client) return;
	const [first, second] = await openTasks(db, client.id, 2);
	await asStaff(stage, 'sam@northwind.test', async (me) => {
		const greeting = { subject: 'Your new contact here', clientId: client.id };
		const body = 'From this month on I look after you. Write to me here, I read it the same day.';
		await app.messages.start(me, { ...greeting, body }, null, origin);
		if (first) await app.tasks.complete(me, { id: first.id }, origin);
		if (second)
			await app.tasks.comment(me, { id: second.id, body: 'A first version is ready tomorrow.' }, origin);
	});
}

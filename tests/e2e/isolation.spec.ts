// Three hosts that share nothing: no cookie crosses over, and what a client plants runs on none of them.
import { expect, test, type BrowserContext, type Page, type Request } from '@playwright/test';
import {
	AGENCY,
	PORT,
	PORTAL,
	banner,
	impersonate,
	newPerson,
	openClient,
	recording,
	screenOf,
	signInContact,
	signInStaff
} from './people.ts';

const REPLAY = `http://replay.localhost:${PORT}`;

type Sent = { origin: string; cookies: string[] };

/** Which cookies really left for which host: read from what went over the wire, not from the jar. */
function listen(context: BrowserContext): () => Promise<Sent[]> {
	const sent: Promise<Sent | null>[] = [];
	context.on('request', (request: Request) => {
		const { origin } = new URL(request.url());
		if (!origin.startsWith('http')) return;
		const headers = request.allHeaders().catch(() => null);
		sent.push(
			headers.then(
				(found) =>
					found && {
						origin,
						cookies: (found['cookie'] ?? '')
							.split('; ')
							.filter(Boolean)
							.map((pair) => pair.split('=')[0]!)
					}
			)
		);
	});
	return async () => (await Promise.all(sent)).filter((one) => one !== null);
}

const cookiesAt = (sent: Sent[], origin: string): string[] => [
	...new Set(sent.filter((one) => one.origin === origin).flatMap((one) => one.cookies))
];

test('no cookie of one host is ever sent to another', async ({ browser }) => {
	const { page, context } = await newPerson(browser);
	const read = listen(context);
	// A contact's session beside a staff session in the same browser: the worst case.
	await signInContact(page, 'cora@cedar.test');
	const ofContact = (await context.cookies(PORTAL)).map(({ name }) => name);
	await signInStaff(page, 'olivia@northwind.test');
	const ofStaff = (await context.cookies(AGENCY)).map(({ name }) => name);
	await openClient(page, 'blue', 'Bluebird Bakery');
	await impersonate(page);
	await recording(page);
	const ofPortal = (await context.cookies(PORTAL)).map(({ name }) => name);
	expect(ofPortal).toContain('__Host-impersonation');
	await page.getByRole('link', { name: 'Tasks', exact: true }).first().click();
	await expect(page.getByRole('heading', { level: 1, name: 'Tasks' })).toBeVisible();
	const watching = await context.newPage();
	await watching.goto(`${AGENCY}/live`);
	await watching.getByRole('link', { name: /Bluebird Bakery, Olivia/ }).click();
	await expect(screenOf(watching, 'Live screen').getByRole('heading', { name: 'Tasks' })).toBeVisible();
	await banner(page).getByRole('button', { name: 'Switch Back' }).click();
	await expect(page.getByRole('heading', { name: 'Bluebird Bakery' })).toBeVisible();

	const sent = await read();
	const [agency, portal, replay] = [AGENCY, PORTAL, REPLAY].map((origin) => cookiesAt(sent, origin));
	expect(agency).toEqual(expect.arrayContaining(ofStaff));
	expect(portal).toEqual(expect.arrayContaining(['__Host-impersonation', ...ofContact]));
	expect(agency!.filter((name) => ofPortal.includes(name))).toEqual([]);
	expect(portal!.filter((name) => ofStaff.includes(name))).toEqual([]);
	expect(sent.some(({ origin }) => origin === REPLAY)).toBe(true);
	expect(replay).toEqual([]);
	expect((await context.cookies(REPLAY)).map(({ name }) => name)).toEqual([]);
	await context.close();
});

const SIGN = 'planted';
const OUTSIDE = 'http://outside.localhost:9';
const SCRIPT = [
	`<img src=x onerror="window.${SIGN}=1">`,
	`<script>window.${SIGN}=1;alert(1)</script>`,
	`<svg onload="top.${SIGN}=1">`,
	`<a href="javascript:window.${SIGN}=1">press</a>`,
	`<iframe srcdoc="<script>parent.${SIGN}=1</script>"></iframe>`,
	`<img src="${OUTSIDE}/leak">`
].join(' ');

/** Watches a whole browser for a planted script: a dialog, a request to the outside, and later the flag itself. */
function guard(context: BrowserContext): { faults: string[] } {
	const faults: string[] = [];
	context.on('dialog', (dialog) => {
		faults.push(`dialog ${dialog.message()}`);
		void dialog.dismiss();
	});
	context.on('request', (request) => {
		if (request.url().startsWith(OUTSIDE)) faults.push(`request ${request.url()}`);
	});
	return { faults };
}

async function expectNothingRan(page: Page, where: string): Promise<void> {
	// What would run has run once the page is quiet.
	await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
	for (const frame of page.frames()) {
		const flag = await frame
			.evaluate((sign) => typeof (window as never)[sign], SIGN)
			.catch(() => 'undefined');
		expect(flag, `${where}: ${frame.url()}`).toBe('undefined');
	}
}

test('a script planted in a client’s content runs nowhere', async ({ browser }) => {
	const { page: client, context: clients } = await newPerson(browser);
	const { page: inside, context: staff } = await newPerson(browser);
	const { page: outside, context: watcher } = await newPerson(browser);
	const guards = [clients, staff, watcher].map(guard);
	const title = `Planted ${Date.now()} ${SCRIPT}`.slice(0, 190);
	const fileName = `<img src=x onerror=${SIGN}=1>.txt`;
	let task = '';

	await test.step('by the client, who sees words', async () => {
		await signInContact(client, 'ben@bluebird.test');
		await client.goto(`${PORTAL}/tasks/new`);
		await client.getByLabel('Title', { exact: true }).fill(title);
		await client.getByLabel('Description').fill(SCRIPT);
		await client
			.locator('input[type=file]')
			.first()
			.setInputFiles({ name: fileName, mimeType: 'text/html', buffer: Buffer.from(`A note: ${SCRIPT}`) });
		await client.getByRole('button', { name: 'Create task' }).click();
		await expect(client.getByRole('heading', { name: title })).toBeVisible();
		task = client.url();
		await client.getByRole('textbox', { name: /comment/i }).fill(`First ${SCRIPT}`);
		await client.getByRole('button', { name: /comment/i }).click();
		await expect(client.locator('p, div').filter({ hasText: 'First <img' }).last()).toBeVisible();
		await expectNothingRan(client, 'the client’s task');
		await client.goto(`${PORTAL}/files`);
		await client
			.getByLabel('File', { exact: true })
			.setInputFiles({ name: fileName, mimeType: 'text/html', buffer: Buffer.from(`A note: ${SCRIPT}`) });
		await client.getByRole('button', { name: 'Upload', exact: true }).click();
		await expect(client.getByRole('row').filter({ hasText: 'onerror=' }).first()).toBeVisible();
		await expectNothingRan(client, 'the client’s files');
	});

	await test.step('seen by staff inside, and live from outside', async () => {
		await signInStaff(inside, 'adam@northwind.test');
		await openClient(inside, 'blue', 'Bluebird Bakery');
		await impersonate(inside, { ticket: SCRIPT.slice(0, 60) });
		await inside.goto(task);
		await recording(inside);
		await expect(inside.getByRole('heading', { name: title })).toBeVisible();
		await expectNothingRan(inside, 'the task while impersonating');
		await inside.goto(`${PORTAL}/files`);
		await recording(inside);
		await expectNothingRan(inside, 'files while impersonating');
		await inside.goto(task);
		await recording(inside);
		await signInStaff(outside, 'olivia@northwind.test');
		await outside.goto(`${AGENCY}/live`);
		await expectNothingRan(outside, 'the live list');
		await outside.getByRole('link', { name: /Bluebird Bakery, Adam/ }).click();
		const screen = screenOf(outside, 'Live screen');
		await expect(screen.getByRole('heading', { name: title })).toBeVisible();
		await inside.getByRole('textbox', { name: /comment/i }).fill(`Second ${SCRIPT}`);
		await inside.getByRole('button', { name: /comment/i }).click();
		await expect(screen.locator('p, div').filter({ hasText: 'Second <img' }).last()).toBeVisible();
		await expectNothingRan(outside, 'the live page');
		await banner(inside).getByRole('button', { name: 'Switch Back' }).click();
		await expect(inside.getByRole('heading', { name: 'Bluebird Bakery' })).toBeVisible();
	});

	await test.step('read afterwards on the agency’s pages', async () => {
		await outside.goto(`${AGENCY}/clients`);
		await openClient(outside, 'blue', 'Bluebird Bakery');
		const details = outside.url().replace(/\?.*/, '');
		for (const tab of ['overview', 'tasks', 'files', 'impersonations', 'activity']) {
			await outside.goto(`${details}?tab=${tab}`);
			await expectNothingRan(outside, `client details, ${tab}`);
		}
		await outside.goto(`${AGENCY}/actions`);
		const row = outside.getByRole('row').filter({ hasText: title }).first();
		await expect(row).toBeVisible();
		await row.locator('a[href*="row="]').click();
		await expect(outside).toHaveURL(/[?&]row=/);
		await expectNothingRan(outside, 'the action log');
		await outside.goto(`${AGENCY}/recordings`);
		await outside
			.getByRole('link', { name: /Bluebird Bakery, Adam/ })
			.first()
			.click();
		const screen = screenOf(outside, 'Replay');
		await expect(screen.locator('body')).toBeVisible();
		const actions = outside.getByRole('list', { name: 'Actions' });
		await actions
			.getByRole('button', { name: /Commented/ })
			.first()
			.click();
		await expect(screen.getByRole('heading', { name: title })).toBeVisible();
		await expectNothingRan(outside, 'the replay');
	});
	expect(guards.flatMap(({ faults }) => faults)).toEqual([]);
	for (const context of [clients, staff, watcher]) await context.close();
});

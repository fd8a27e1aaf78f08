// A client's own visit loads not one byte of the recorder [L6]; an impersonation does.
import { expect, test, type Page } from '@playwright/test';
import {
	PORTAL,
	banner,
	impersonate,
	newPerson,
	openClient,
	recording,
	signInContact,
	signInStaff
} from './people.ts';
import { RECORDER_MARK, recorderChunks } from './recorder-chunk.ts';

type Loaded = { path: string; isRecorder: boolean };

/** Every answer of the portal host that a script could be in. @returns what has come so far, read to its end */
function listen(page: Page): () => Promise<Loaded[]> {
	const answers: Promise<Loaded>[] = [];
	page.on('response', (response) => {
		const path = new URL(response.url()).pathname;
		const text = response.text().catch(() => '');
		answers.push(text.then((body) => ({ path, isRecorder: body.includes(RECORDER_MARK) })));
	});
	return () => Promise.all(answers);
}

test('a client who walks through the whole portal loads nothing of the recorder', async ({ browser }) => {
	const { page, context } = await newPerson(browser);
	const sockets: string[] = [];
	page.on('websocket', (socket) => sockets.push(socket.url()));
	const loaded = listen(page);
	await signInContact(page, 'bea@bluebird.test');
	for (const area of [
		'Tasks',
		'Files',
		'Services',
		'Orders',
		'Invoices',
		'Subscriptions',
		'Account',
		'Access history',
		'Home'
	]) {
		await page.getByRole('link', { name: area, exact: true }).first().click();
		if (area !== 'Home') await expect(page.getByRole('heading', { level: 1, name: area })).toBeVisible();
	}
	await page.goto(`${PORTAL}/tasks`);
	await page.locator('td a[href^="/tasks/"]').first().click();
	await expect(page).toHaveURL(/\/tasks\/[0-9a-f-]{36}/);
	await page.goto(`${PORTAL}/invoices`);
	await page.locator('td a[href^="/invoices/"]').first().click();
	await expect(page).toHaveURL(/\/invoices\/[0-9a-f-]{36}/);
	await page.goto(`${PORTAL}/tasks/new`);
	await page.getByLabel('Title', { exact: true }).fill('Typed by the client alone');
	await page.waitForLoadState('networkidle');
	const all = await loaded();
	expect(all.filter(({ path }) => path.endsWith('.js')).length).toBeGreaterThan(10);
	expect(all.filter(({ isRecorder }) => isRecorder)).toEqual([]);
	const chunks = recorderChunks();
	expect(chunks.length).toBeGreaterThan(0);
	expect(all.filter(({ path }) => chunks.includes(path))).toEqual([]);
	// Nor is it fetched ahead of time, where no answer of this page would show it.
	const hinted = await page.evaluate(() =>
		[...document.querySelectorAll('link[href]')].map((link) => link.getAttribute('href') ?? '')
	);
	expect(hinted.filter((href) => chunks.some((chunk) => href.endsWith(chunk.split('/').at(-1)!)))).toEqual(
		[]
	);
	expect(sockets).toEqual([]);
	await context.close();
});

test('an impersonation loads it', async ({ browser }) => {
	const { page, context } = await newPerson(browser);
	const loaded = listen(page);
	await signInStaff(page, 'adam@northwind.test');
	await openClient(page, 'blue', 'Bluebird Bakery');
	await impersonate(page);
	await recording(page);
	const chunks = recorderChunks();
	const found = (await loaded()).filter(({ isRecorder }) => isRecorder).map(({ path }) => path);
	expect(found.length).toBeGreaterThan(0);
	expect(chunks).toEqual(expect.arrayContaining(found));
	await banner(page).getByRole('button', { name: 'Switch Back' }).click();
	await expect(page.getByRole('heading', { name: 'Bluebird Bakery' })).toBeVisible();
	await context.close();
});

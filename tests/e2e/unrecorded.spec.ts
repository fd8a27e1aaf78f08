// Fail closed: what is not recorded may be looked at and cannot be changed; a client needs neither recorder nor script.
import { expect, test, type Page } from '@playwright/test';
import {
	AGENCY,
	PORTAL,
	banner,
	impersonate,
	newPerson,
	openClient,
	recording,
	signInContact,
	signInStaff,
	type Person
} from './people.ts';
import { recorderChunks } from './recorder-chunk.ts';

const NOT_RECORDED = 'Not recorded: view only';
const SENTENCE = /not being recorded/i;

async function tryToCreate(page: Page, title: string) {
	await page.getByLabel('Title', { exact: true }).fill(title);
	const answer = page.waitForResponse((r) => r.request().method() === 'POST' && /\/tasks/.test(r.url()));
	await page.getByRole('button', { name: 'Create task' }).click();
	return answer;
}

async function expectRefused(page: Page, title: string): Promise<void> {
	const answer = await tryToCreate(page, title);
	expect(answer.headers()['x-switchback-refusal']).toBe('no_recorder');
	await expect(page.getByRole('alert')).toContainText(SENTENCE);
	await expect(page.getByLabel('Title', { exact: true })).toHaveValue(title);
}

async function expectCreated(page: Page, title: string): Promise<void> {
	await tryToCreate(page, title);
	await expect(page.getByRole('heading', { name: title })).toBeVisible();
}

test.describe('tabs of one impersonation', () => {
	let manager: Person;

	test.describe.configure({ mode: 'serial' });

	test.beforeAll(async ({ browser }) => {
		manager = await newPerson(browser);
		await signInStaff(manager.page, 'adam@northwind.test');
		await openClient(manager.page, 'blue', 'Bluebird Bakery');
		await impersonate(manager.page);
		await recording(manager.page);
	});

	test.afterAll(async () => {
		await manager.page.goto(`${PORTAL}/`);
		await banner(manager.page).getByRole('button', { name: 'Switch Back' }).click();
		await manager.page.waitForURL(`${AGENCY}/**`);
		await manager.context.close();
	});

	const blocks = {
		'whose recorder is blocked': async (page: Page) => {
			const chunks = recorderChunks();
			await page.route(
				(url) => chunks.includes(url.pathname),
				(route) => route.abort()
			);
			return () => page.unrouteAll();
		},
		'whose connection to the hub is blocked': async (page: Page) => {
			let isBlocked = true;
			await page.routeWebSocket(/\/hub\//, (socket) =>
				isBlocked ? void socket.close({ code: 1011 }) : void socket.connectToServer()
			);
			return () => Promise.resolve(void (isBlocked = false));
		}
	};

	for (const [which, block] of Object.entries(blocks))
		test(`a tab ${which} says so, may look and cannot act, while another one may`, async () => {
			const tab = await manager.context.newPage();
			const unblock = await block(tab);
			await tab.goto(`${PORTAL}/tasks`);
			// A lost connection is called so once the lease is over (15 s).
			await expect(banner(tab).getByText(NOT_RECORDED).first()).toBeVisible({ timeout: 60_000 });
			await expect(tab.getByRole('table').getByRole('link').first()).toBeVisible();
			await tab
				.getByRole('link', { name: 'New task' })
				.or(tab.getByRole('button', { name: 'New task' }))
				.click();
			await expectRefused(tab, `Unrecorded, ${which}`);
			await expect(banner(tab)).toContainText(NOT_RECORDED);

			await manager.page.goto(`${PORTAL}/tasks/new`);
			await recording(manager.page);
			await expectCreated(manager.page, `Recorded, beside one ${which}`);

			await unblock();
			await tab.goto(`${PORTAL}/tasks/new`);
			await recording(tab);
			await expectCreated(tab, `Recorded again, after one ${which}`);
			await tab.goto(`${PORTAL}/tasks`);
			await expect(tab.getByText(`Unrecorded, ${which}`)).toHaveCount(0);
			await tab.close();
		});
});

test('without script an impersonation may look, cannot act, and Switch Back works', async ({ browser }) => {
	const context = await browser.newContext({ javaScriptEnabled: false });
	const page = await context.newPage();
	await signInStaff(page, 'adam@northwind.test');
	await page.goto(`${AGENCY}/clients?q=blue`);
	await page.getByRole('link', { name: 'Bluebird Bakery', exact: true }).click();
	await page.getByRole('button', { name: 'Impersonate', exact: true }).first().click();
	await page.getByLabel('Reason').selectOption({ label: 'Support' });
	await page.getByRole('radio', { name: 'Act' }).check();
	await page.getByRole('button', { name: 'Start impersonation' }).click();
	// Without script the one-time code is carried over by a press more.
	await page.getByRole('button', { name: 'Continue to the portal' }).click();
	await page.waitForURL(`${PORTAL}/**`);
	await expect(banner(page).locator('noscript span').first()).toBeVisible();
	await expect(banner(page).locator('noscript span').first()).toHaveText(NOT_RECORDED);
	await page.goto(`${PORTAL}/tasks`);
	await expect(page.getByRole('table').getByRole('link').first()).toBeVisible();
	await page.goto(`${PORTAL}/tasks/new`);
	await page.getByLabel('Title', { exact: true }).fill('Without script');
	const answer = page.waitForResponse((response) => response.request().method() === 'POST');
	await page.getByRole('button', { name: 'Create task' }).click();
	expect((await answer).status()).toBe(403);
	expect((await answer).headers()['x-switchback-refusal']).toBe('no_recorder');
	await expect(page.getByRole('alert')).toContainText(SENTENCE);
	await expect(page.getByLabel('Title', { exact: true })).toHaveValue('Without script');
	await banner(page).getByRole('button', { name: 'Switch Back' }).click();
	await expect(page).toHaveURL(new RegExp(`^${AGENCY}/clients/`));
	await context.close();
});

test('a client without script creates a task and uploads a file', async ({ browser }) => {
	const context = await browser.newContext({ javaScriptEnabled: false });
	const page = await context.newPage();
	const title = `By hand ${Date.now()}`;
	await signInContact(page, 'ben@bluebird.test');
	await page.goto(`${PORTAL}/tasks`);
	await page
		.getByRole('link', { name: 'New task' })
		.or(page.getByRole('button', { name: 'New task' }))
		.click();
	await page.getByLabel('Title', { exact: true }).fill(title);
	await page.getByRole('button', { name: 'Create task' }).click();
	await expect(page.getByRole('heading', { name: title })).toBeVisible();
	await page.goto(`${PORTAL}/files`);
	const name = `by-hand-${Date.now()}.txt`;
	await page
		.getByLabel('File', { exact: true })
		.setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from('no script was needed') });
	await page.getByRole('button', { name: 'Upload', exact: true }).click();
	await expect(page.getByText(name).first()).toBeVisible();
	await context.close();
});

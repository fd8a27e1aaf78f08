// The limits end an impersonation while nobody clicks; before that they warn, and Restart goes on where it stood.
import { expect, test, type Page } from '@playwright/test';
import { latestImpersonation, sql } from './database.ts';
import {
	AGENCY,
	PORTAL,
	banner,
	impersonate,
	newPerson,
	openClient,
	recording,
	signInStaff,
	type Person
} from './people.ts';

const EMAIL = 'olivia@northwind.test';

test.describe.configure({ mode: 'serial' });

let manager: Person;

test.beforeAll(async ({ browser }) => {
	manager = await newPerson(browser);
	await signInStaff(manager.page, EMAIL);
});

test.afterAll(async () => {
	await manager.context.close();
});

/** Two tabs inside, both recorded. */
async function twoTabs(): Promise<[Page, Page]> {
	const { page, context } = manager;
	await page.goto(`${AGENCY}/clients`);
	await openClient(page, 'blue', 'Bluebird Bakery');
	await impersonate(page);
	await recording(page);
	const tab = await context.newPage();
	await tab.goto(`${PORTAL}/tasks`);
	await recording(tab);
	return [page, tab];
}

const ended = (tab: Page) => tab.getByRole('heading', { name: 'Impersonation ended' });

async function expectEnded(tabs: Page[], sentence: RegExp, endReason: string): Promise<void> {
	// Nobody clicks or reloads: the hub tells each tab.
	for (const tab of tabs) {
		await expect(ended(tab)).toBeVisible({ timeout: 60_000 });
		await expect(tab.getByText(sentence).first()).toBeVisible();
	}
	const id = latestImpersonation(EMAIL);
	expect(sql(`SELECT state, end_reason FROM impersonation WHERE id = '${id}'`)).toEqual([
		['ended', endReason]
	]);
}

test('the time limit ends it on every tab while nobody clicks', async () => {
	const tabs = await twoTabs();
	sql(`UPDATE impersonation SET expires_at = clock_timestamp() WHERE id = '${latestImpersonation(EMAIL)}'`);
	await expectEnded(tabs, /time/i, 'limit');
	await tabs[1].close();
});

test('the idle limit ends it on every tab', async () => {
	const tabs = await twoTabs();
	const id = latestImpersonation(EMAIL);
	// A tab that was busy a moment ago may still tell so, and would make it later again.
	await expect(async () => {
		sql(`UPDATE impersonation_pulse SET last_activity_at = clock_timestamp() - interval '11 minutes'
			WHERE impersonation_id = '${id}'`);
		await expect(ended(tabs[0])).toBeVisible({ timeout: 8_000 });
	}).toPass();
	await expectEnded(tabs, /pointer|idle|nobody|nothing|activity/i, 'idle');
	await tabs[1].close();
});

test('in the last five minutes Restart opens a new one, linked to the old, same reason and address', async () => {
	const { page } = manager;
	await page.goto(`${AGENCY}/clients`);
	await openClient(page, 'blue', 'Bluebird Bakery');
	await impersonate(page, { reason: 'Billing', ticket: '4711', mode: 'Act' });
	await page.goto(`${PORTAL}/invoices`);
	await recording(page);
	await expect(banner(page).getByRole('link', { name: 'Restart' })).toHaveCount(0);
	const old = latestImpersonation(EMAIL);
	sql(`UPDATE impersonation SET expires_at = clock_timestamp() + interval '4 minutes' WHERE id = '${old}'`);
	await page.reload();
	await expect(banner(page)).toContainText(/\b0?3:\d\d/);
	await banner(page).getByRole('link', { name: 'Restart' }).click();
	const dialog = page.getByRole('dialog');
	await expect(dialog).toBeVisible();
	await expect(dialog.getByLabel('Contact').locator('option:checked')).toHaveText(/Bea Morgan/);
	await expect(dialog.getByLabel('Reason').locator('option:checked')).toHaveText('Billing');
	await expect(dialog.getByLabel('Ticket')).toHaveValue('4711');
	await expect(dialog.getByRole('radio', { name: 'Act' })).toBeChecked();
	await dialog.getByRole('button', { name: /start/i }).click();
	await page.waitForURL(`${PORTAL}/invoices`);
	await expect(banner(page)).toContainText(/\b(29|30):\d\d/);
	const fresh = latestImpersonation(EMAIL);
	expect(fresh).not.toBe(old);
	expect(sql(`SELECT restarted_from, reason, ticket FROM impersonation WHERE id = '${fresh}'`)).toEqual([
		[old, 'billing', '4711']
	]);
	expect(sql(`SELECT state FROM impersonation WHERE id = '${old}'`)).toEqual([['ended']]);
	await banner(page).getByRole('button', { name: 'Switch Back' }).click();
	await expect(page.getByRole('heading', { name: 'Bluebird Bakery' })).toBeVisible();
});

test('in view a change is refused in words, and Switch to Act keeps what was typed', async () => {
	const { page } = manager;
	const title = `Kept while switching ${Date.now()}`;
	await page.goto(`${AGENCY}/clients`);
	await openClient(page, 'blue', 'Bluebird Bakery');
	await impersonate(page, { mode: 'View only' });
	await page.goto(`${PORTAL}/tasks/new`);
	await recording(page);
	await page.getByLabel('Title', { exact: true }).fill(title);
	await page.getByLabel('Description').fill('Not to be typed twice.');
	const answer = page.waitForResponse((response) => response.request().method() === 'POST');
	await page.getByRole('button', { name: 'Create task' }).click();
	expect((await answer).headers()['x-switchback-refusal']).toBe('view_only');
	const note = page.getByRole('alert');
	await expect(note).toContainText(/view/i);
	await note.getByRole('button', { name: 'Switch to Act' }).click();
	await expect(banner(page).getByRole('button', { name: 'Switch to View' })).toBeVisible();
	await expect(page.getByLabel('Title', { exact: true })).toHaveValue(title);
	await expect(page.getByLabel('Description')).toHaveValue('Not to be typed twice.');
	await page.getByRole('button', { name: 'Create task' }).click();
	await expect(page.getByRole('heading', { name: title })).toBeVisible();
	await expect(page.getByText('Not to be typed twice.')).toBeVisible();
	await banner(page).getByRole('button', { name: 'Switch Back' }).click();
	await expect(page.getByRole('heading', { name: 'Bluebird Bakery' })).toBeVisible();
});

// The agency's own work: a client from its making to its archive, the team, the roles, and what leaves as CSV.
import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { AGENCY, newPerson, openClient, PASSWORD, signInStaff, type Person } from './people.ts';

test.describe.configure({ mode: 'serial' });

let adam: Person;

test.beforeAll(async ({ browser }) => {
	adam = await newPerson(browser);
	await signInStaff(adam.page, 'adam@northwind.test');
});
test.afterAll(() => adam.context.close());

async function downloaded(page: Page, press: () => Promise<void>): Promise<string> {
	const [download] = await Promise.all([page.waitForEvent('download'), press()]);
	return readFile(await download.path(), 'utf8');
}

test('the dashboard shows what runs, what waits and what is owed, with words beside every drawing', async () => {
	const { page } = adam;
	await page.goto(`${AGENCY}/`);
	await expect(page.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeVisible();
	await expect(page.getByRole('region', { name: 'Impersonations' })).toContainText('in the last 30 days');
	await expect(page.getByRole('list', { name: 'Orders in work by status' })).toContainText('Pending');
	await expect(page.getByRole('heading', { name: 'Unpaid' })).toBeVisible();
	await expect(page.getByRole('link', { name: 'Open the action log' })).toBeVisible();
});

test('a client is made with its owner, edited, archived, and the archive undone', async () => {
	const { page } = adam;
	await page.goto(`${AGENCY}/clients`);
	await page.getByRole('link', { name: 'New client' }).click();
	await page.getByLabel('Name', { exact: true }).fill('Fjord & Fern');
	await page.getByLabel('Owner’s name').fill('Freya Fjord');
	await page.getByLabel('Owner’s email').fill('bea@bluebird.test');
	await page.getByLabel('Maya Lindgren').check();
	await page.getByRole('button', { name: 'Create client' }).click();
	await expect(page.getByRole('alert')).toContainText('Nobody can be invited at this address');
	await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Fjord & Fern');
	await page.getByLabel('Owner’s email').fill('freya@fjord.test');
	await page.getByRole('button', { name: 'Create client' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'Fjord & Fern' })).toBeVisible();
	await expect(page.getByText('Its owner was invited by mail.')).toBeVisible();
	await expect(page.getByRole('row', { name: /Freya Fjord/ })).toContainText('Invited');

	await page.getByRole('button', { name: 'More' }).click();
	await page.getByRole('menuitem', { name: 'Edit client' }).click();
	await page.getByLabel('Internal note').fill('Prefers calls before noon.');
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await expect(page.getByText('Prefers calls before noon.')).toBeVisible();

	await page.getByRole('button', { name: 'More' }).click();
	await page.getByRole('menuitem', { name: 'Archive' }).click();
	await expect(page.getByText('is archived. Its portal is closed')).toBeVisible();
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect(page.getByText('is restored.')).toBeVisible();
	await expect(page.getByRole('region', { name: 'Profile' })).toContainText('Active');
});

test('ticked clients are archived together without script, and brought back', async ({ browser }) => {
	const context = await browser.newContext({ javaScriptEnabled: false });
	const page = await context.newPage();
	await page.goto(`${AGENCY}/login`);
	await page.getByLabel('Email').fill('olivia@northwind.test');
	await page.getByLabel('Password').fill(PASSWORD);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.goto(`${AGENCY}/clients?status=inactive`);
	const names = await page.locator('tbody a.row-link').allTextContents();
	expect(names.length).toBeGreaterThan(1);
	for (const name of names.slice(0, 2)) await page.getByRole('checkbox', { name: `Choose ${name}` }).check();
	await page.getByRole('button', { name: 'Archive' }).click();
	await expect(page.getByText('2 clients archived.')).toBeVisible();
	expect(await page.locator('tbody a.row-link').count()).toBe(names.length - 2);
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect(page.getByText('2 clients restored.')).toBeVisible();
	// Inactive they were, inactive they are again.
	expect(await page.locator('tbody a.row-link').allTextContents()).toEqual(names);
	await context.close();
});

test('lists leave as CSV, and that they left stands in the log', async () => {
	const { page } = adam;
	await page.goto(`${AGENCY}/clients?q=fjord`);
	const clients = await downloaded(page, () => page.getByRole('button', { name: 'Export' }).click());
	expect(clients.trim().split('\r\n')).toHaveLength(2);
	expect(clients).toContain('Fjord & Fern');
	await page.goto(`${AGENCY}/actions?action=clients.exported`);
	await expect(page.getByRole('table', { name: 'Action log' })).toContainText('Exported clients');
	const actions = await downloaded(page, () => page.getByRole('button', { name: 'Export' }).click());
	expect(actions).toContain('Exported clients');
});

test('a colleague is invited; a role is made, given, seen in the matrix and its holder deactivated', async () => {
	const { page } = adam;
	await page.goto(`${AGENCY}/team/roles/new`);
	await page.getByLabel('Name', { exact: true }).fill('Bookkeeper');
	await page.getByLabel('See clients and their details').check();
	await page.getByLabel('Invoices, payments and subscriptions').check();
	await page.getByRole('button', { name: 'Create role' }).click();
	await expect(page.getByRole('table', { name: 'Roles' })).toContainText('Bookkeeper');

	await page.getByRole('navigation', { name: 'Team' }).getByRole('link', { name: 'People' }).click();
	await page.getByRole('link', { name: 'Invite colleague' }).click();
	await page.getByLabel('Name', { exact: true }).fill('Nora Nye');
	await page.getByLabel('Email').fill('nora@northwind.test');
	await page.getByLabel('Role').selectOption({ label: 'Bookkeeper' });
	await page.getByRole('button', { name: 'Send invitation' }).click();
	await expect(page.getByRole('row', { name: /Nora Nye/ })).toContainText('Invited');

	await page.getByRole('link', { name: 'Sam Porter' }).click();
	await page.getByLabel('Replay recordings').selectOption({ label: 'Granted' });
	await page.getByRole('button', { name: 'Save permissions' }).click();
	await expect(page.getByText('The permissions were changed.')).toBeVisible();
	await page.goto(`${AGENCY}/team/roles`);
	const row = page
		.getByRole('table', { name: 'Who may do what' })
		.getByRole('row', { name: /Replay recordings/ });
	await expect(row).toContainText('granted');

	await page.goto(`${AGENCY}/team`);
	await page.getByRole('link', { name: 'Sam Porter' }).click();
	await page.getByRole('button', { name: 'Deactivate' }).click();
	await expect(page.getByText('was signed out everywhere')).toBeVisible();
	await page.getByRole('button', { name: 'Activate' }).click();
	await expect(page.getByText('may sign in again.', { exact: false }).first()).toBeVisible();
	await page.getByLabel('Replay recordings').selectOption({ index: 0 });
	await page.getByRole('button', { name: 'Save permissions' }).click();
});

test('an Assignee sees the clients and none of the ways to change them', async ({ browser }) => {
	const sam = await newPerson(browser);
	await signInStaff(sam.page, 'sam@northwind.test');
	await openClient(sam.page, 'blue', 'Bluebird Bakery');
	await expect(sam.page.getByRole('button', { name: 'Impersonate' })).toHaveCount(0);
	await sam.page.getByRole('button', { name: 'More' }).click();
	await expect(sam.page.getByRole('menuitem', { name: 'Archive' })).toHaveCount(0);
	await sam.page.goto(`${AGENCY}/team`);
	await expect(sam.page.getByText('Your role does not include this page.')).toBeVisible();
	await sam.context.close();
});

// No page keeps anybody out: axe finds nothing serious on any page with content, in light and dark, at two widths.
import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { agencyPages } from './agency-pages.ts';
import {
	AGENCY,
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
import { portalPages } from './portal-pages.ts';

test.describe.configure({ mode: 'parallel', timeout: 400_000 });

async function look(page: Page, address: string, heading: string | RegExp = /./): Promise<void> {
	await page.goto(address);
	await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
	await expectAccessible(page, address.replace(/:\d+/, ''));
}

test('the agency’s pages as somebody opens them', async ({ browser }) => {
	const { page, context } = await newPerson(browser);
	await signInStaff(page, 'olivia@northwind.test');
	await look(page, `${AGENCY}/clients`, 'Clients');
	await look(page, `${AGENCY}/clients?q=nobody-has-this-name`, 'Clients');
	await openClient(page, 'blue', 'Bluebird Bakery');
	const links = page.getByRole('navigation', { name: 'Client', exact: true }).getByRole('link');
	const tabs = await links.evaluateAll((found) => found.map((link) => (link as HTMLAnchorElement).href));
	expect(tabs.length).toBeGreaterThanOrEqual(12);
	for (const tab of tabs) await look(page, tab, 'Bluebird Bakery');
	await page.getByRole('button', { name: 'Impersonate', exact: true }).first().click();
	await expect(page.getByRole('dialog')).toBeVisible();
	await page.getByRole('dialog').getByLabel('Reason').selectOption({ label: 'Other' });
	await expectAccessible(page, 'the Impersonate dialog');
	await look(page, `${AGENCY}/no-such-page`);
	await context.close();
});

/** Pages of somebody who is not signed in yet; a link that nobody sent says so. */
const BEFORE_SIGN_IN = ['/login', '/forgot', '/forgot/x', '/invitation/x', '/confirm-email/x'];

test('the pages before signing in', async ({ browser }) => {
	const { page, context } = await newPerson(browser);
	for (const address of [...BEFORE_SIGN_IN, '/setup']) await look(page, AGENCY + address);
	for (const address of BEFORE_SIGN_IN) await look(page, PORTAL + address);
	await context.close();
});

/** Every second of the pages that a walk of the routes found, so that two workers share the way. */
const HALVES = [0, 1] as const;
const half = (addresses: readonly string[], which: number): string[] =>
	addresses.filter((_address, index) => index % HALVES.length === which);

for (const which of HALVES) {
	test(`every other page of the agency, found by walking its routes, half ${which + 1}`, async ({
		browser
	}) => {
		const { page, context } = await newPerson(browser);
		await signInStaff(page, 'olivia@northwind.test');
		const addresses = agencyPages();
		expect(addresses.length).toBeGreaterThan(25);
		for (const address of half(addresses, which)) await look(page, AGENCY + address);
		await context.close();
	});

	test(`every page of the portal, as the client sees it, half ${which + 1}`, async ({ browser }) => {
		const { page, context } = await newPerson(browser);
		await signInContact(page, 'bea@bluebird.test');
		const { addresses } = portalPages();
		expect(addresses.length).toBeGreaterThan(20);
		for (const address of half(addresses, which)) await look(page, PORTAL + address);
		await context.close();
	});
}

test('an impersonation from its first banner to its replay and its log', async ({ browser }) => {
	const { page: inside, context: staff } = await newPerson(browser);
	const { page: outside, context: watcher } = await newPerson(browser);

	await test.step('inside, in both modes, with a refusal', async () => {
		await signInStaff(inside, 'adam@northwind.test');
		await openClient(inside, 'blue', 'Bluebird Bakery');
		await impersonate(inside, { mode: 'View only', ticket: '77' });
		await recording(inside);
		await expectAccessible(inside, 'portal home in view');
		await inside.goto(`${PORTAL}/tasks/new`);
		await inside.getByLabel('Title', { exact: true }).fill('Not to be made');
		await inside.getByRole('button', { name: 'Create task' }).click();
		await expect(inside.getByRole('alert')).toBeVisible();
		await expectAccessible(inside, 'a refusal in view');
		await banner(inside).getByRole('button', { name: 'Switch to Act' }).click();
		await expect(banner(inside).getByRole('button', { name: 'Switch to View' })).toBeVisible();
		await inside.goto(`${PORTAL}/tasks`);
		await recording(inside);
		await expectAccessible(inside, 'portal tasks in act');
	});

	await test.step('watched, frozen and ended', async () => {
		await signInStaff(outside, 'olivia@northwind.test');
		await outside.goto(`${AGENCY}/live`);
		const link = outside.getByRole('link', { name: /Bluebird Bakery, Adam/ });
		await expect(link).toBeVisible();
		await expectAccessible(outside, 'the live list');
		await link.click();
		const screen = screenOf(outside, 'Live screen');
		await expect(screen.getByRole('heading', { name: 'Tasks' })).toBeVisible();
		await expectAccessible(outside, 'a live page');
		await outside.getByRole('button', { name: 'Freeze' }).click();
		await outside.getByRole('dialog').getByRole('textbox').fill('Wait for me.');
		await expectAccessible(outside, 'the Freeze dialog');
		await outside.getByRole('dialog').getByRole('button', { name: 'Freeze' }).click();
		await expect(outside.getByRole('button', { name: 'Release' })).toBeVisible();
		await expectAccessible(outside, 'a frozen live page');
		await expect(banner(inside)).toContainText('Wait for me.');
		await expectAccessible(inside, 'a frozen portal');
		await outside.getByRole('button', { name: 'End session' }).click();
		await expectAccessible(outside, 'the End dialog');
		await outside.getByRole('dialog').getByRole('button', { name: /End/ }).click();
		await expect(inside.getByRole('heading', { name: 'Impersonation ended' })).toBeVisible();
		await expectAccessible(inside, 'the end page');
		await expectAccessible(outside, 'an ended live page');
	});

	await test.step('found again, replayed and read in the log', async () => {
		await outside.goto(`${AGENCY}/recordings`);
		const row = outside.getByRole('link', { name: /Bluebird Bakery, Adam/ }).first();
		await expect(row).toBeVisible();
		await expectAccessible(outside, 'recordings');
		await row.click();
		await expect(screenOf(outside, 'Replay').locator('body')).toBeVisible();
		await expect(outside.getByRole('list', { name: 'Actions' }).getByRole('button').first()).toBeVisible();
		await expectAccessible(outside, 'a replay');
		await outside.goto(`${AGENCY}/actions`);
		await outside.getByRole('table', { name: 'Action log' }).locator('a[href*="row="]').first().click();
		await expect(outside).toHaveURL(/[?&]row=/);
		await expect(outside.getByRole('link', { name: 'Close' })).toBeVisible();
		await expectAccessible(outside, 'the action log with a row open');
	});
	await staff.close();
	await watcher.close();
});

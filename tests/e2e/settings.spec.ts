// What an agency sets up, in a real browser: it shows at the next click of those it is for, with and without script.
import { expect, test, type Browser } from '@playwright/test';
import { AGENCY, newPerson, PORTAL, signInContact, signInStaff } from './people.ts';

test.describe.configure({ mode: 'serial' });

const menuOf = (page: import('@playwright/test').Page, name: string) =>
	page.getByRole('navigation', { name, exact: true }).getByRole('link');

async function admin(browser: Browser) {
	const person = await newPerson(browser);
	await signInStaff(person.page, 'olivia@northwind.test');
	return person;
}

test('a menu entry is renamed and moved for every client, seen by one, and put back', async ({ browser }) => {
	const { context, page } = await admin(browser);
	const client = await newPerson(browser);
	await signInContact(client.page, 'bea@bluebird.test');
	await page.goto(`${AGENCY}/settings/sidebar`);
	await page.getByLabel('Name of Tasks', { exact: true }).fill('To do');
	await page.getByRole('button', { name: 'Move Tasks up', exact: true }).click();
	await expect(page.getByRole('button', { name: 'Move Tasks up', exact: true })).toBeDisabled();
	await expect(
		page.getByRole('list', { name: 'Preview of the menu' }).getByRole('listitem').first()
	).toHaveText('To do');
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await expect(page.getByText('Saved.')).toBeVisible();
	await client.page.reload();
	await expect(menuOf(client.page, 'Portal').first()).toHaveText('To do');
	await page.getByRole('button', { name: 'Reset all to default' }).click();
	await expect(page.getByText('Back to the default.')).toBeVisible();
	await client.page.reload();
	await expect(menuOf(client.page, 'Portal').first()).toHaveText('Home');
	await context.close();
	await client.context.close();
});

test('one client’s override hides an area, says whose it is, and works without script', async ({
	browser
}) => {
	const { context: withScript, page: first } = await admin(browser);
	await first.goto(`${AGENCY}/clients?q=bluebird`);
	const href = await first.getByRole('link', { name: 'Bluebird Bakery', exact: true }).getAttribute('href');
	const cookies = await withScript.cookies();
	const context = await browser.newContext({ javaScriptEnabled: false });
	await context.addCookies(cookies);
	const page = await context.newPage();
	await page.goto(`${AGENCY}${href}?tab=portal`);
	await page.getByLabel('Files: shown or hidden', { exact: true }).selectOption('hide');
	await page.getByRole('button', { name: 'Save visibility' }).click();
	await expect(page.getByText('hidden by this client’s override', { exact: true })).toBeVisible();
	const client = await newPerson(browser);
	await signInContact(client.page, 'bea@bluebird.test');
	await expect(menuOf(client.page, 'Portal').filter({ hasText: 'Files' })).toHaveCount(0);
	expect((await client.page.goto(`${PORTAL}/files`))?.status()).toBe(404);
	await page.getByRole('button', { name: 'Reset everything' }).click();
	await expect(page.getByText('hidden by this client’s override', { exact: true })).toHaveCount(0);
	for (const one of [withScript, context, client.context]) await one.close();
});

test('a colour that cannot be seen is refused, the nearest is offered and worn at once', async ({
	browser
}) => {
	const { context, page } = await admin(browser);
	await page.goto(`${AGENCY}/settings/appearance`);
	await page.getByLabel('Accent colour', { exact: true }).fill('#ffe14d');
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await page.getByRole('button', { name: /^Use #[0-9a-f]{6} instead$/ }).click();
	await expect(page.locator('html')).toHaveAttribute('style', /--accent:#/);
	await page.getByRole('button', { name: 'Use the shipped colour' }).click();
	await expect(page.locator('html')).toHaveAttribute('style', '');
	await context.close();
});

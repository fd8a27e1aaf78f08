// Money in two browsers: staff send an invoice, the client takes the PDF and says it is paid, staff book it.
import { expect, test } from '@playwright/test';
import { AGENCY, newPerson, PORTAL, signInContact, signInStaff, type Person } from './people.ts';

let admin: Person;
let client: Person;
let address: string;
const what = `Shop window ${Date.now()}`;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
	admin = await newPerson(browser);
	client = await newPerson(browser);
	await signInStaff(admin.page, 'adam@northwind.test');
	await signInContact(client.page, 'bea@bluebird.test');
});

test.afterAll(async () => {
	for (const person of [admin, client]) await person.context.close();
});

test('staff make a draft, and send it', async () => {
	const { page } = admin;
	await page.goto(`${AGENCY}/invoices/new?q=bluebird`);
	await page.getByRole('link', { name: /Bluebird Bakery/ }).click();
	await page.getByLabel('Description of line 1').fill(what);
	await page.getByLabel('Price each').first().fill('1,250');
	await page.getByRole('button', { name: 'Save draft' }).click();
	await expect(page.getByText('An amount like 1250.00.')).toBeVisible();
	await page.getByLabel('Price each').first().fill('125.50');
	await page.getByRole('button', { name: 'Save draft' }).click();
	await expect(page.getByRole('heading', { name: 'Draft invoice' })).toBeVisible();
	address = new URL(page.url()).pathname;
	expect((await client.page.goto(PORTAL + address))?.status()).toBe(404);
	await page.getByRole('button', { name: 'Send', exact: true }).click();
	await expect(page.getByRole('heading', { name: /^Invoice INV-\d{5}$/ })).toBeVisible();
});

test('the client reads it, takes the PDF and says it is paid', async () => {
	const { page } = client;
	await page.goto(PORTAL + address);
	await expect(page.getByRole('cell', { name: what }).first()).toBeVisible();
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('link', { name: 'Download PDF' }).click()
	]);
	expect(download.suggestedFilename()).toMatch(/^INV-\d{5}\.pdf$/);
	await page.getByLabel('Reference').fill('Paid from the savings account');
	await page.getByRole('button', { name: 'I have paid' }).click();
	await expect(page.getByText('You said it was paid')).toBeVisible();
});

test('staff find the claim and book the payment', async () => {
	const { page } = admin;
	await page.goto(`${AGENCY}/invoices?status=claimed`);
	await page.locator(`a[href="${address}"]`).click();
	await expect(page.getByText('Bea Morgan said it was paid')).toBeVisible();
	await page.getByRole('button', { name: 'Record payment' }).click();
	await expect(page.getByRole('table', { name: 'Payments' })).toContainText('Adam Reed');
	await client.page.reload();
	await expect(client.page.getByText('Paid', { exact: true }).first()).toBeVisible();
	await expect(client.page.getByRole('button', { name: 'I have paid' })).toHaveCount(0);
});

test('the client changes the plan of a subscription after seeing what it means, and takes it back', async () => {
	const { page } = client;
	await page.goto(`${PORTAL}/subscriptions?status=active&sort=renewal`);
	await page.getByRole('link', { name: /by the year/ }).click();
	await page.getByRole('radio', { name: 'Light' }).check();
	await page.getByRole('button', { name: 'Look at the change' }).click();
	await expect(page.getByText('€79.00 a month').first()).toBeVisible();
	await page.getByRole('button', { name: 'Change to Light' }).click();
	await expect(page.getByText('Another plan comes')).toBeVisible();
	await page.getByRole('radio', { name: 'Standard, by the year' }).check();
	await page.getByRole('button', { name: 'Look at the change' }).click();
	await page.getByRole('button', { name: 'Change to Standard, by the year' }).click();
	await expect(page.getByText('Another plan comes')).toHaveCount(0);
	await expect(page.getByText('Changed plan of subscription').first()).toBeVisible();
});

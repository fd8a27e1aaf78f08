// What a client allows, what staff prepare for it, and what it does not see: each decided by one side, felt by the other.
import { expect, test } from '@playwright/test';
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
	unclaimed,
	type Person
} from './people.ts';

test.describe.configure({ mode: 'serial' });

let staff: Person;
let client: Person;

test.beforeAll(async ({ browser }) => {
	staff = await newPerson(browser);
	client = await newPerson(browser);
});
test.afterAll(async () => {
	await staff.context.close();
	await client.context.close();
});

async function choose(who: string): Promise<void> {
	const { page } = client;
	await page.goto(`${PORTAL}/access-history`);
	await page.getByRole('radio', { name: who }).check();
	await page.getByRole('button', { name: 'Save' }).click();
}

test('a client who wants to be asked is not entered without a permission', async () => {
	await signInContact(client.page, 'cora@cedar.test');
	await choose('Only when I allow it');
	await expect(client.page.getByText('only while a permission of yours runs')).toBeVisible();
	const { page } = staff;
	await signInStaff(page, 'maya@northwind.test');
	await openClient(page, 'cedar', 'Cedar Clinic');
	await expect(page.getByRole('button', { name: 'Impersonate', exact: true }).first()).toBeDisabled();
	await expect(page.getByText('has not allowed it for now').first()).toBeVisible();
});

test('inside, a hidden page says to staff alone which setting hides it', async () => {
	await client.page.getByRole('button', { name: 'Allow', exact: true }).click();
	await expect(client.page.getByRole('button', { name: /^Withdraw/ })).toBeVisible();
	const { page } = staff;
	await page.reload();
	await impersonate(page, { mode: 'View only', ticket: '900' });
	await page.goto(`${PORTAL}/invoices`);
	await expect(page.getByRole('heading', { name: 'Invoices' })).toHaveCount(0);
	await banner(page).getByRole('button', { name: 'Why can’t they see it?' }).click();
	const lens = page.getByRole('dialog', { name: 'Why can’t they see it?' });
	await expect(lens).toContainText('Invoices');
	await expect(lens).toContainText('Cedar Clinic');
	// Maya may not change a set-up: she is told whom to ask, not sent to a page that is closed to her.
	await expect(lens).toContainText('Ask an admin');
	await expect(lens.getByRole('link')).toHaveCount(0);
	await lens.getByRole('button', { name: 'Close' }).click();
});

test('the permission withdrawn, whoever is inside is out', async () => {
	await client.page.getByRole('button', { name: /^Withdraw/ }).click();
	await expect(staff.page.getByRole('heading', { name: 'Impersonation ended' })).toBeVisible();
	await choose('Whenever there is a reason');
	await expect(client.page.getByText('whenever there is a reason').first()).toBeVisible();
	await client.page.goto(`${PORTAL}/access-history`);
	await expect(client.page.getByRole('table', { name: 'Access history' })).toContainText('ticket 900');
});

test('what staff prepare waits for the client, and both names are in the log', async ({ browser }) => {
	const admin = await newPerson(browser);
	const { page } = admin;
	await signInStaff(page, 'adam@northwind.test');
	const rule = page.getByRole('switch', { name: 'Sensitive actions wait for approval' });
	const set = async (isOn: boolean) => {
		await page.goto(`${AGENCY}/settings/policy`);
		await rule.setChecked(isOn, { force: true });
		await page.getByRole('button', { name: 'Save policy' }).click();
		await expect(page.getByText('saved').first()).toBeVisible();
	};
	await set(true);
	await page.goto(`${AGENCY}/clients`);
	await openClient(page, 'blue', 'Bluebird Bakery');
	await impersonate(page);
	await page.goto(`${PORTAL}/invoices?status=open`);
	await unclaimed(page).click();
	await expect(page.getByRole('button', { name: 'I have paid' })).toBeVisible();
	await recording(page);
	const address = page.url();
	await page.getByLabel('Reference').fill('Transfer of Monday');
	await page.getByRole('button', { name: 'I have paid' }).click();
	await expect(page.getByRole('main').getByRole('link', { name: 'Approvals' })).toBeVisible();
	await expect(page.getByText('You said it was paid')).toHaveCount(0);

	const bea = await newPerson(browser);
	await signInContact(bea.page, 'bea@bluebird.test');
	await expect(bea.page.getByText('One thing waits for your approval')).toBeVisible();
	await bea.page.getByRole('link', { name: 'Look at it' }).click();
	await expect(bea.page.getByText('Prepared by Adam Reed')).toBeVisible();
	await bea.page.getByRole('button', { name: 'Approve' }).click();
	await expect(bea.page.getByText(/^Done:/)).toBeVisible();
	await bea.page.goto(address);
	await expect(bea.page.getByText('You said it was paid')).toBeVisible();

	await banner(page).getByRole('button', { name: 'Switch Back' }).click();
	await page.goto(`${AGENCY}/actions`);
	await expect(page.getByRole('table', { name: 'Action log' })).toContainText(
		'Bea Morgan · prepared by Adam Reed'
	);
	await set(false);
	await admin.context.close();
	await bea.context.close();
});

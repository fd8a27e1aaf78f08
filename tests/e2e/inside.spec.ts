// Staff at work in a client's portal, and what the client hears of it: an order, a file and a payment under both names,
// each told at once; and the two settings that decide whether staff may act and what people are told.
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
	unclaimed,
	type Person
} from './people.ts';

test.describe.configure({ mode: 'serial' });

const stamp = Date.now().toString(36);
const topic = `Spring ${stamp}`;
const fileName = `recipe-${stamp}.txt`;

let staff: Person;
let client: Person;
let order: string;

test.beforeAll(async ({ browser }) => {
	staff = await newPerson(browser);
	client = await newPerson(browser);
	await signInStaff(staff.page, 'maya@northwind.test');
});

test.afterAll(async () => {
	await staff.context.close();
	await client.context.close();
});

/** A page of the portal on which a change is recorded. */
async function inside(page: Page, path: string): Promise<void> {
	await page.goto(PORTAL + path);
	await recording(page);
}

test('an order placed from inside stands under both names', async () => {
	const { page } = staff;
	await openClient(page, 'blue', 'Bluebird Bakery');
	await impersonate(page, { mode: 'Act', ticket: '912' });
	await inside(page, '/services');
	await page.getByRole('list', { name: 'Services' }).getByRole('link', { name: 'Newsletter' }).click();
	await page.getByRole('link', { name: 'Order Single issue' }).click();
	await page.getByLabel('Topic of the issue').fill(topic);
	await page.getByRole('button', { name: 'Continue' }).click();
	await expect(page.getByRole('heading', { name: 'Review your order' })).toBeVisible();
	await page.getByRole('button', { name: 'Place order' }).click();
	await page.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
	order = new URL(page.url()).pathname;
	await expect(page.getByRole('list', { name: 'History' })).toContainText(/Bea Morgan · by Maya/);
	await expect(page.getByText(topic)).toBeVisible();
});

test('a file uploaded from inside stands under both names', async () => {
	const { page } = staff;
	await inside(page, '/files');
	await page
		.getByLabel('File', { exact: true })
		.setInputFiles({ name: fileName, mimeType: 'text/plain', buffer: Buffer.from('flour, water, salt') });
	await page.getByRole('button', { name: 'Upload', exact: true }).click();
	const row = page.getByRole('row', { name: new RegExp(fileName) });
	await expect(row).toContainText(/Bea Morgan · by Maya/);
});

test('“I have paid” said from inside is said under both names', async () => {
	const { page } = staff;
	await inside(page, '/invoices?status=open');
	await unclaimed(page).click();
	await page.waitForURL(/\/invoices\/[0-9a-f-]{36}$/);
	await page.getByLabel('Reference').fill(`By phone ${stamp}`);
	await page.getByRole('button', { name: 'I have paid' }).click();
	await expect(page.getByText('You said it was paid')).toBeVisible();
	await banner(page).getByRole('button', { name: 'Switch Back' }).click();
	await page.waitForURL(/\/clients\//);
});

test('the client is told of what was sensitive at once, by both names, and marks it as read', async () => {
	const { page } = client;
	await signInContact(page, 'bea@bluebird.test');
	const unread = `${PORTAL}/notifications?unread=1`;
	const told = page.getByRole('table', { name: 'Notifications' }).getByRole('row');
	// A job tells of it, and the page shows what there was when it was asked.
	await expect(async () => {
		await page.goto(unread);
		await expect(told.filter({ hasText: 'Maya' }).first()).toBeVisible({ timeout: 5_000 });
	}).toPass();
	await page.goto(PORTAL + order);
	await expect(page.getByRole('list', { name: 'History' })).toContainText(/Bea Morgan · by Maya/);
	// Of something else that Maya did it may be told between.
	await expect(async () => {
		await page.goto(unread);
		await page.getByRole('button', { name: 'Mark all as read' }).click({ timeout: 5_000 });
		await expect(page.getByText('Nothing new')).toBeVisible({ timeout: 5_000 });
	}).toPass();
});

test('the log has all three as Maya’s under Bea’s name', async ({ browser }) => {
	const admin = await newPerson(browser);
	await signInStaff(admin.page, 'adam@northwind.test');
	await admin.page.goto(`${AGENCY}/actions`);
	const table = admin.page.getByRole('table', { name: 'Action log' });
	for (const what of ['Placed order', 'Uploaded file', 'Said invoice was paid']) {
		const row = table.getByRole('row').filter({ hasText: what }).filter({ hasText: 'Maya' }).first();
		await expect(row).toContainText('Bea');
		await expect(row).toContainText('Bluebird Bakery');
	}
	await admin.context.close();
});

test('the policy takes Act mode away, from the dialog and from who is inside, and gives it back', async ({
	browser
}) => {
	const admin = await newPerson(browser);
	await signInStaff(admin.page, 'adam@northwind.test');
	const rule = admin.page.getByRole('switch', { name: 'Act mode', exact: true });
	const setAct = async (isOn: boolean) => {
		await admin.page.goto(`${AGENCY}/settings/policy`);
		await rule.setChecked(isOn, { force: true });
		const answer = admin.page.waitForResponse((response) => response.request().method() === 'POST');
		await admin.page.getByRole('button', { name: 'Save policy' }).click();
		expect((await answer).ok()).toBe(true);
		await admin.page.reload();
		await expect(rule).toBeChecked({ checked: isOn });
	};
	const { page } = staff;
	await page.goto(`${AGENCY}/clients`);
	await openClient(page, 'blue', 'Bluebird Bakery');
	await impersonate(page, { mode: 'Act' });
	await recording(page);
	await setAct(false);
	await page.goto(`${PORTAL}/tasks`);
	await expect(banner(page).getByRole('button', { name: 'Switch to Act' })).toHaveCount(0);
	await expect(banner(page).getByRole('button', { name: 'Switch to View' })).toHaveCount(0);
	await banner(page).getByRole('button', { name: 'Switch Back' }).click();
	await page.waitForURL(/\/clients\//);
	await page.getByRole('button', { name: 'Impersonate', exact: true }).first().click();
	const dialog = page.getByRole('dialog');
	await expect(dialog.getByRole('radio', { name: 'View only' })).toBeVisible();
	await expect(dialog.getByRole('radio', { name: 'Act' })).toHaveCount(0);
	await setAct(true);
	await page.reload();
	await page.getByRole('button', { name: 'Impersonate', exact: true }).first().click();
	await expect(page.getByRole('dialog').getByRole('radio', { name: 'Act' })).toBeVisible();
	await admin.context.close();
});

test('what people are told by default is the agency’s to set, and each person’s to change', async ({
	browser
}) => {
	const admin = await newPerson(browser);
	await signInStaff(admin.page, 'adam@northwind.test');
	const setMail = async (isOn: boolean) => {
		await admin.page.goto(`${AGENCY}/settings/notifications`);
		await admin.page.getByRole('checkbox', { name: 'Tasks: By mail' }).setChecked(isOn);
		await admin.page.getByRole('button', { name: 'Save', exact: true }).click();
		await expect(admin.page.getByText('Saved.')).toBeVisible();
	};
	const { page } = await newPerson(browser);
	await signInContact(page, 'ben@bluebird.test');
	const wish = page.getByLabel('Tasks', { exact: true });
	await setMail(true);
	await page.goto(`${PORTAL}/account/notifications`);
	await expect(wish).toHaveValue('both');
	await wish.selectOption('inApp');
	await page.getByRole('button', { name: 'Save notifications' }).click();
	await expect(page.getByText('Saved.')).toBeVisible();
	await page.reload();
	await expect(wish).toHaveValue('inApp');
	await setMail(false);
	await page.context().close();
	await admin.context.close();
});

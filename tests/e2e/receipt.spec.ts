// The client in the loop and the receipt: both sides of one visit, each in a browser of its own.
import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import {
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

test.describe.configure({ mode: 'serial' });

let staff: Person;
let client: Person;

test.beforeAll(async ({ browser }) => {
	staff = await newPerson(browser);
	client = await newPerson(browser);
	await signInStaff(staff.page, 'maya@northwind.test');
	await signInContact(client.page, 'cora@cedar.test');
});
test.afterAll(async () => {
	await staff.context.close();
	await client.context.close();
});

const chip = (page: Page) => page.getByRole('complementary', { name: 'In your portal now' });

test('the client is told who is inside without a reload, and ends it', async () => {
	const { page } = client;
	await expect(chip(page)).toHaveCount(0);
	await openClient(staff.page, 'cedar', 'Cedar Clinic');
	await impersonate(staff.page, { mode: 'View only', ticket: '812' });
	await recording(staff.page);
	await expect(chip(staff.page)).toHaveCount(0);

	await expect(chip(page)).toContainText('Northwind Studio is viewing your portal: Ticket 812', {
		timeout: 60_000
	});
	await chip(page).getByText('Northwind Studio is viewing').click();
	await expect(chip(page)).toContainText(/is in your portal now, because of ticket 812/);
	await expectAccessible(page, 'the chip, opened');
	await page.keyboard.press('Escape');
	await expect(chip(page).getByText('See all of it')).toBeHidden();
	await chip(page).getByRole('button', { name: 'End now' }).click();
	await expect(chip(page)).toHaveCount(0);
	await expect(staff.page.getByRole('heading', { name: 'Impersonation ended' })).toBeVisible();
	await expect(staff.page.getByText('The client ended it.')).toBeVisible();
	await staff.page.getByRole('link', { name: 'Back to the agency' }).click();
});

test('after Switch Back the receipt shows what was done, takes it back, and the client reads the note', async () => {
	const { page } = staff;
	await impersonate(page, { ticket: '813' });
	await recording(page);
	await page.goto(`${PORTAL}/tasks/new`);
	await recording(page);
	await page.getByLabel('Title').fill('Order new aprons');
	await page.getByRole('button', { name: 'Create task' }).click();
	await expect(page.getByText('Order new aprons').first()).toBeVisible();
	await banner(page).getByRole('button', { name: 'Switch Back' }).click();
	await page.getByRole('link', { name: 'Open receipt' }).click();
	await expect(page.getByText('because of ticket 813')).toBeVisible();
	await page.getByRole('button', { name: 'Undo: Created task: Order new aprons' }).click();
	await expect(page.getByText('Taken back')).toBeVisible();
	await page.getByLabel('What it came to').fill('Nothing to do: <b>all fine</b>.');
	await page.getByRole('switch', { name: 'Cedar Clinic may read it' }).check();
	await page.getByRole('button', { name: 'Add note' }).click();
	await expect(page.getByText('Saved.')).toBeVisible();

	await client.page.goto(`${PORTAL}/access-history`);
	const table = client.page.getByRole('table', { name: 'Access history' });
	await expect(table).toContainText('Nothing to do: <b>all fine</b>.');
	await expect(table).toContainText('made 1 change, because of ticket 813.');
});

// A client orders from the catalogue, with script and without; the agency works on it; the client follows.
import { expect, test } from '@playwright/test';
import { AGENCY, newPerson, PORTAL, signInContact, signInStaff } from './people.ts';

test('a client orders, the agency begins, both talk, and the client reads how far it is', async ({
	browser
}) => {
	const client = await newPerson(browser);
	const staff = await newPerson(browser);
	const { page } = client;
	await signInContact(page, 'bea@bluebird.test');
	await page.getByRole('link', { name: 'Services', exact: true }).first().click();
	await page.getByRole('list', { name: 'Services' }).getByRole('link', { name: 'Landing page' }).click();
	await expect(page.getByRole('heading', { name: 'Landing page' })).toBeVisible();
	await page.getByRole('link', { name: 'Order One language' }).click();
	await page.getByLabel('Quantity').fill('2');
	await page.getByRole('checkbox', { name: 'Newsletter form' }).check();
	await page
		.getByLabel('What is offered on the page?')
		.fill('Our Easter menu, to be ordered until Thursday.');
	await page.getByLabel('When does it have to be live?').fill('2027-03-01');
	await page.getByLabel('Where do answers go?').fill('hello@bluebird.test');
	await page.getByRole('button', { name: 'Continue' }).click();
	await expect(page.getByRole('heading', { name: 'Review your order' })).toBeVisible();
	// 2 × 980 + 95, and a fifth on top.
	await expect(page.getByRole('row', { name: /Total/ }).last()).toContainText('€2,466.00');
	await page.getByRole('button', { name: 'Change' }).click();
	await expect(page.getByLabel('Quantity')).toHaveValue('2');
	await page.getByRole('button', { name: 'Continue' }).click();
	await page.getByRole('button', { name: 'Place order' }).click();
	await page.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
	await expect(page.getByText('Pending').first()).toBeVisible();
	const address = new URL(page.url()).pathname;
	await page.getByRole('textbox', { name: 'Message' }).fill('When do you begin?');
	await page.getByRole('button', { name: 'Send message' }).click();
	await expect(page.getByRole('list', { name: 'Messages' })).toContainText('When do you begin?');

	await signInStaff(staff.page, 'maya@northwind.test');
	await staff.page.goto(`${AGENCY}${address}`);
	await staff.page.getByLabel('Note to the client').fill('We begin on Monday.');
	await staff.page.getByRole('button', { name: 'Move to In progress' }).click();
	await expect(staff.page.getByRole('button', { name: 'Move to Delivered' })).toBeVisible();

	await page.reload();
	await expect(page.getByRole('list', { name: 'History' })).toContainText('We begin on Monday.');
	await expect(page.getByText('Cancel this order')).toHaveCount(0);
	await client.context.close();
	await staff.context.close();
});

test('an order is placed without script, and what is missing is said where it is missing', async ({
	browser
}) => {
	const context = await browser.newContext({ javaScriptEnabled: false });
	const page = await context.newPage();
	await signInContact(page, 'bea@bluebird.test');
	await page.goto(`${PORTAL}/services`);
	await page.getByRole('list', { name: 'Services' }).getByRole('link', { name: 'Newsletter' }).click();
	await page.getByRole('link', { name: 'Order Single issue' }).click();
	await page.getByLabel('Topic of the issue').fill('   ');
	await page.getByRole('button', { name: 'Continue' }).click();
	await expect(page.getByText('Please fill this in.')).toBeVisible();
	await page.getByLabel('Topic of the issue').fill('Spring');
	await page.getByRole('button', { name: 'Continue' }).click();
	await page.getByRole('button', { name: 'Place order' }).click();
	await page.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
	await page.getByText('Cancel this order').first().click();
	await page.getByLabel('Reason').fill('Only a test.');
	await page.getByRole('button', { name: 'Cancel order' }).click();
	await expect(page.getByText('This order was cancelled.')).toBeVisible();
	await context.close();
});

test('a service is made, seen live while it is typed, and published', async ({ browser }) => {
	const { context, page } = await newPerson(browser);
	const name = `Workshop ${Date.now()}`;
	await signInStaff(page, 'olivia@northwind.test');
	await page.goto(`${AGENCY}/services/new`);
	await page.getByLabel('Name', { exact: true }).first().fill(name);
	await page.getByLabel('Name', { exact: true }).nth(1).fill('Half a day');
	await page.getByLabel('Price').fill('450');
	const preview = page.getByRole('region', { name: 'Preview' });
	await expect(preview).toContainText('€450.00');
	await page.getByRole('button', { name: 'Add question' }).click();
	await page
		.getByRole('list', { name: 'Order form' })
		.getByRole('textbox', { name: 'Question' })
		.fill('How many people?');
	await expect(preview).toContainText('How many people?');
	await page.getByRole('button', { name: 'Create service' }).click();
	await page.waitForURL(/\/services\/[0-9a-f-]{36}\?saved=created$/);
	await page.getByRole('button', { name: 'Publish' }).click();
	await expect(page.getByText('Published').first()).toBeVisible();
	await page.getByRole('button', { name: 'Archive' }).click();
	await expect(page.getByText('Archived').first()).toBeVisible();
	await context.close();
});

// A two-person zone, as four people meet it: who marks it, who needs a second person inside it, who is that, and the client, who
// is never touched.
import { expect, test, type Page } from '@playwright/test';
import { AGENCY, newPerson, PORTAL, signInContact, signInStaff } from './people.ts';
import { adamInside, sofiaOutside, switchBack, watchAdam } from './two-at-once.ts';

async function mark(page: Page, isMarked: boolean): Promise<void> {
	await page.goto(`${AGENCY}/settings/policy`);
	const form = page.getByRole('form', { name: 'Two-person zones' });
	await form.getByLabel('Invoices: the whole section').setChecked(isMarked);
	await form.getByRole('button', { name: 'Save zones' }).click();
	await expect(page.getByText(/Saved\. Two-person zones: /)).toBeVisible();
}

const closed = (page: Page) => page.getByText(/“Invoices” is a two-person zone: it opens only while/).first();
const open = (page: Page) => page.getByRole('main').getByRole('heading', { name: 'Invoices', level: 1 });

test('a zone opens by itself while a supervisor watches, closes when they leave, and is nothing to the client', async ({
	browser
}) => {
	const olivia = await newPerson(browser);
	await signInStaff(olivia.page, 'olivia@northwind.test');
	await mark(olivia.page, true);
	try {
		const bea = await newPerson(browser);
		await signInContact(bea.page, 'bea@bluebird.test');
		await bea.page.goto(`${PORTAL}/invoices`);
		await expect(open(bea.page)).toBeVisible();
		await bea.context.close();

		const inside = await adamInside(browser);
		await inside.page.getByRole('link', { name: 'Invoices' }).first().click();
		await expect(closed(inside.page)).toBeVisible();

		const second = await sofiaOutside(browser);
		await watchAdam(second.page);
		await expect(second.page.getByText('your watching unlocks Invoices')).toBeVisible();
		// Nobody inside did anything for it.
		await expect(open(inside.page)).toBeVisible();

		await second.context.close();
		await expect(async () => {
			await inside.page.goto(`${PORTAL}/invoices`);
			await expect(closed(inside.page)).toBeVisible({ timeout: 3_000 });
		}).toPass();
		await switchBack(inside);
	} finally {
		await mark(olivia.page, false);
		await olivia.context.close();
	}
});

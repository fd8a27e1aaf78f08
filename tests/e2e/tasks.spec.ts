import { expect, test } from '@playwright/test';
import { AGENCY, newPerson, openClient, PORTAL, signInContact, signInStaff } from './people.ts';

const stamp = Date.now().toString(36);

test('staff make a task for a client, who moves it on the board and takes it back', async ({ browser }) => {
	const staff = await newPerson(browser);
	const client = await newPerson(browser);
	const title = `Choose the oven ${stamp}`;

	await signInStaff(staff.page, 'maya@northwind.test');
	await openClient(staff.page, 'blue', 'Bluebird Bakery');
	await staff.page
		.getByRole('link', { name: /^Tasks/ })
		.last()
		.click();
	await staff.page.getByRole('link', { name: 'New task' }).click();
	await staff.page.getByLabel('Title', { exact: true }).fill(title);
	await staff.page.getByLabel('Description').fill('Two are short-listed.');
	await staff.page.getByLabel('Waits on').selectOption({ label: 'The client' });
	await staff.page.getByRole('button', { name: 'Create task' }).click();
	await expect(staff.page.getByRole('heading', { name: title })).toBeVisible();

	await signInContact(client.page, 'bea@bluebird.test');
	await client.page.goto(`${PORTAL}/tasks?view=board&q=${stamp}`);
	const column = (name: string) => client.page.getByRole('list', { name, exact: true });
	await expect(column('Waiting on you').getByRole('link', { name: title })).toBeVisible();
	await client.page.getByRole('button', { name: `Complete ${title}` }).press('Enter');
	await expect(column('Done').getByRole('link', { name: title })).toBeVisible();
	await client.page.getByRole('button', { name: 'Undo' }).click();
	await expect(column('Waiting on you').getByRole('link', { name: title })).toBeVisible();

	await client.page.getByRole('link', { name: title }).click();
	await client.page.getByRole('button', { name: 'Complete', exact: true }).click();
	await expect(client.page.getByText('Done', { exact: true })).toBeVisible();
	await expect(client.page.getByRole('list', { name: 'Activity' })).toContainText('Completed task');

	await staff.page.reload();
	await expect(staff.page.getByRole('list', { name: 'Activity' })).toContainText('Completed task');
	await staff.page.goto(`${AGENCY}/tasks?status=done&q=${stamp}`);
	await expect(staff.page.getByRole('link', { name: title })).toBeVisible();
	await Promise.all([staff.context.close(), client.context.close()]);
});

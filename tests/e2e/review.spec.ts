// A recording is judged by somebody else: found by its risk, looked at, written about, and its client can see that it was.
import { expect, test } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { latestImpersonation, sql } from './database.ts';
import {
	AGENCY,
	impersonate,
	newPerson,
	openClient,
	PORTAL,
	post,
	recording,
	screenOf,
	signInContact,
	signInStaff
} from './people.ts';

/** The job that looks what ended runs every 15 s. */
const ASSESSED_MS = 90_000;

test('a recording that asks for a look is judged by somebody else, with a comment at the moment', async ({
	browser
}) => {
	const [staff, reviewer, client] = [
		await newPerson(browser),
		await newPerson(browser),
		await newPerson(browser)
	];
	const { page } = reviewer;
	await signInStaff(staff.page, 'maya@northwind.test');
	await openClient(staff.page, 'bluebird', 'Bluebird Bakery');
	await impersonate(staff.page);
	await recording(staff.page);
	const tried = await post(staff.page, '/account/team?/invite', { name: 'Eve', email: 'eve@evil.test' });
	expect(tried.status).toBe(403);
	await staff.page.getByRole('button', { name: 'Switch Back' }).click();
	await staff.page.waitForURL(`${AGENCY}/clients/**`);
	const id = latestImpersonation('maya@northwind.test');
	// Nobody waits for what the hub may still hand in: that is what the tests of the queue are for.
	sql(`UPDATE impersonation SET ended_at = ended_at - interval '1 minute' WHERE id = '${id}'`);

	await signInStaff(page, 'sofia@northwind.test');
	const row = page.locator(`a[href^="/recordings/${id}"]`);
	await expect(async () => {
		await page.goto(`${AGENCY}/reviews`);
		await expect(row).toBeVisible({ timeout: 5_000 });
	}).toPass({ timeout: ASSESSED_MS, intervals: [1_000] });
	await expect(page.getByRole('row').filter({ has: row })).toContainText('Access');
	await row.click();
	await expect(screenOf(page, 'Replay').locator('body')).toBeVisible();
	await expectAccessible(page, 'the review of a recording');

	await page.getByRole('tab', { name: 'What happened' }).click();
	await page
		.getByRole('list', { name: 'Actions' })
		.getByRole('button', { name: /Tried: invited contact/ })
		.click();
	await page.getByRole('button', { name: /^Comment at/ }).click();
	await page.getByRole('textbox', { name: 'Comment' }).fill('<b>Why</b>, @oli');
	await page.keyboard.press('Enter');
	await page.getByRole('button', { name: 'Comment', exact: true }).click();
	await expect(page.getByText('<b>Why</b>, @Olivia Hart')).toBeVisible();

	await page.getByRole('tab', { name: /^Review/ }).click();
	await page.getByRole('radio', { name: /Breach/ }).check();
	await page.getByLabel('Note').fill('Nobody invites people to a client.');
	await page.getByRole('button', { name: 'Give verdict' }).click();
	await expect(page.getByRole('button', { name: /Verdict:\s*Breach/ })).toBeVisible();

	await signInContact(client.page, 'bea@bluebird.test');
	await client.page.goto(`${PORTAL}/access-history/${id}`);
	await expect(client.page.getByText('By somebody else of Northwind Studio')).toBeVisible();
	await expect(client.page.getByText('Breach')).toHaveCount(0);
	for (const { context } of [staff, reviewer, client]) await context.close();
});

// What people do now and then: a second step to sign in, a pause of a subscription, an attachment, news for all clients.
import { expect, test } from '@playwright/test';
import { AGENCY, newPerson, openClient, PASSWORD, PORTAL, signInContact, signInStaff } from './people.ts';
import { totp } from '#support/totp.ts';

const stamp = Date.now().toString(36);

test('a contact protects the sign-in with a second step, and changes the password', async ({ browser }) => {
	const { context, page } = await newPerson(browser);
	await signInContact(page, 'dina@delta.test');
	await page.goto(`${PORTAL}/account/security`);
	const setUp = page.getByRole('form', { name: 'Set up two-factor' });
	await setUp.getByLabel('Your password').fill(PASSWORD);
	await setUp.getByRole('button').click();
	await expect(page.getByRole('img', { name: 'QR code' })).toBeVisible();
	const secret = await page.locator('p[data-secret]').innerText();
	await page.getByLabel('Code', { exact: true }).fill(totp(secret));
	await page.getByRole('button', { name: 'Switch two-factor on' }).click();
	const codes = page.getByRole('list', { name: 'Backup codes' }).getByRole('listitem');
	await expect(codes.first()).toBeVisible();
	const code = await codes.first().innerText();

	await page.getByLabel('Current password').fill(PASSWORD);
	await page.getByLabel('New password').fill('a much longer password');
	await page.getByRole('button', { name: 'Change password' }).click();
	await expect(page.getByText('Your password was changed.')).toBeVisible();

	await page.getByRole('button', { name: 'Sign out' }).first().click();
	await page.waitForURL(/\/login/);
	await page.getByLabel('Email').fill('dina@delta.test');
	await page.getByLabel('Password').fill('a much longer password');
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.getByLabel('Code').fill(code);
	await page.getByRole('button', { name: 'Continue' }).click();
	await page.waitForURL(`${PORTAL}/`);
	await context.close();
});

test('a client pauses a subscription, resumes it, cancels it, and keeps it after all', async ({
	browser
}) => {
	const { context, page } = await newPerson(browser);
	await signInContact(page, 'bea@bluebird.test');
	await page.goto(`${PORTAL}/subscriptions?status=active`);
	await page.locator('td a[href^="/subscriptions/"]').first().click();
	await page.getByRole('button', { name: 'Pause', exact: true }).click();
	await expect(page.getByText('Nothing renews.')).toBeVisible();
	await page.getByRole('button', { name: 'Resume', exact: true }).click();
	await expect(page.getByText('Nothing renews.')).toHaveCount(0);
	await page.locator('summary', { hasText: 'Cancel subscription' }).click();
	await page.getByLabel('Reason').fill('We try the season without it.');
	await page.getByRole('button', { name: 'Cancel subscription' }).click();
	await expect(page.getByText('and does not renew.')).toBeVisible();
	await page.getByRole('button', { name: 'Keep it' }).click();
	await expect(page.getByText('and does not renew.')).toHaveCount(0);
	await context.close();
});

test('news stand on the client’s home, a file of the agency is found, and an answer carries one back', async ({
	browser
}) => {
	const [staff, client] = [await newPerson(browser), await newPerson(browser)];
	await signInStaff(staff.page, 'olivia@northwind.test');
	await staff.page.goto(`${AGENCY}/settings/announcements/new`);
	await staff.page.getByLabel('Title').fill(`Closed on Friday ${stamp}`);
	await staff.page.getByRole('button', { name: 'Publish' }).click();
	await expect(staff.page.getByRole('table', { name: 'Announcements' })).toContainText(stamp);
	await staff.page.goto(`${AGENCY}/clients`);
	await openClient(staff.page, 'blue', 'Bluebird Bakery');
	await staff.page.goto(`${staff.page.url().split('?')[0]}?tab=files`);
	await staff.page.getByLabel('File', { exact: true }).setInputFiles({
		name: `proof-${stamp}.txt`,
		mimeType: 'text/plain',
		buffer: Buffer.from('The proof of the week')
	});
	await staff.page.getByRole('button', { name: 'Upload', exact: true }).click();
	await expect(staff.page.getByRole('row', { name: new RegExp(`proof-${stamp}`) })).toBeVisible();

	const { page } = client;
	await signInContact(page, 'bea@bluebird.test');
	await expect(page.getByText(`Closed on Friday ${stamp}`)).toBeVisible();
	await page.goto(`${PORTAL}/files`);
	await page.getByRole('link', { name: `proof-${stamp}.txt`, exact: true }).click();
	await expect(page.getByText('The proof of the week')).toBeVisible();
	await page.goto(`${PORTAL}/messages/new`);
	await page.getByLabel('Subject').fill(`About the proof ${stamp}`);
	await page.getByRole('textbox', { name: 'Message' }).fill('With my notes in it.');
	await page.getByLabel('Attachment').setInputFiles({
		name: `notes-${stamp}.txt`,
		mimeType: 'text/plain',
		buffer: Buffer.from('A little lighter, please.')
	});
	await page.getByRole('button', { name: 'Send', exact: true }).click();
	await expect(page.getByRole('link', { name: new RegExp(`notes-${stamp}`) })).toBeVisible();
	await Promise.all([staff.context.close(), client.context.close()]);
});

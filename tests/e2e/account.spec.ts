// The account in a browser: a conversation by keyboard, a changed profile, an invited colleague who signs in by their link.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { PORTAL, newPerson, signInContact } from './people.ts';
import { PLACE } from './place.ts';

/** The link in the mail to somebody, as the demo keeps it in its folder; empty until it is there. */
function linkTo(address: string): string {
	const folder = path.join(PLACE.dataDir, 'mail');
	if (!existsSync(folder)) return '';
	const mails = readdirSync(folder, { withFileTypes: true })
		.filter((entry) => entry.name.endsWith('.eml'))
		.map((entry) => readFileSync(path.join(folder, entry.name), 'utf8'))
		.filter((mail) => mail.includes(address));
	// Long lines of a mail are cut with a `=` at the end.
	const whole = (mails[0] ?? '').replaceAll(/=\r?\n/g, '').replaceAll('=3D', '=');
	return /https?:\/\/\S+\/invitation\/[\w-]{43}/.exec(whole)?.[0] ?? '';
}

test('an owner writes, edits the profile and invites a colleague, who comes in by the link', async ({
	browser
}) => {
	const owner = await newPerson(browser);
	await signInContact(owner.page, 'cora@cedar.test');
	const { page } = owner;
	await page.getByRole('link', { name: /^Messages/ }).click();
	await page.getByRole('link', { name: 'New conversation' }).click();
	await page.getByLabel('Subject').fill('A question of the browser');
	await page.getByRole('textbox', { name: 'Message' }).fill('Sent by keyboard.');
	await page.getByRole('textbox', { name: 'Message' }).press('Control+Enter');
	await expect(page.getByRole('heading', { name: 'A question of the browser' })).toBeVisible();
	await expect(page.getByRole('list', { name: 'Messages', exact: true })).toContainText('Sent by keyboard.');

	await page.getByRole('link', { name: 'Account', exact: true }).click();
	await expect(page.getByRole('button', { name: 'Save profile' })).toBeVisible();
	await page.getByLabel('Job title').fill('Practice owner');
	await page.getByRole('button', { name: 'Save profile' }).click();
	await expect(page.getByRole('button', { name: 'Save profile' })).toBeEnabled();
	await page.reload();
	await expect(page.getByLabel('Job title')).toHaveValue('Practice owner');

	await page.getByRole('link', { name: 'Team', exact: true }).click();
	// The profile has a field of this name too: only once it is gone does the form here take what is typed.
	await expect(page.getByRole('heading', { name: 'Invite somebody' })).toBeVisible();
	await page.getByLabel('Name').fill('Tom Field');
	await page.getByLabel('Email').fill('tom@cedar.test');
	await page.getByRole('button', { name: 'Send invitation' }).click();
	await expect(page.getByRole('status').filter({ hasText: 'tom@cedar.test' })).toBeVisible();
	await expect(page.getByRole('list', { name: 'Team contacts' })).toContainText('Tom Field');

	// The queue looks every ten seconds.
	await expect.poll(() => linkTo('tom@cedar.test'), { timeout: 90_000 }).toMatch(/\/invitation\/[\w-]{43}$/);
	const colleague = await newPerson(browser);
	await colleague.page.goto(linkTo('tom@cedar.test'));
	await colleague.page.getByLabel('New password').fill('my own long password');
	await colleague.page.getByRole('button', { name: 'Accept invitation' }).click();
	await expect(colleague.page).toHaveURL(/\/login\?done=invitation$/);
	await colleague.page.getByLabel('Email').fill('tom@cedar.test');
	await colleague.page.getByLabel('Password').fill('my own long password');
	await colleague.page.getByRole('button', { name: 'Sign in' }).click();
	await colleague.page.waitForURL(`${PORTAL}/`);
	await expect(
		colleague.page
			.getByRole('link', { name: 'Tasks' })
			.or(colleague.page.getByRole('link', { name: 'Requests' }))
			.first()
	).toBeVisible();
});

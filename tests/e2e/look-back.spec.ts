// A session that runs, looked back at while it goes on, with what went wrong in its page.
import { expect, test } from '@playwright/test';
import { adamInside, sofiaOutside, switchBack, watchAdam } from './two-at-once.ts';

test('a supervisor is told of an error, looks at the moment before, and is back at now with one key', async ({
	browser
}) => {
	const inside = await adamInside(browser);
	const first = await inside.page.getByRole('heading', { level: 1 }).innerText();

	const outside = await sofiaOutside(browser);
	const supervisor = outside.page;
	const now = (await watchAdam(supervisor)).getByRole('heading', { level: 1 });
	await expect(now).toHaveText(first);

	await inside.page.evaluate(() =>
		console.error('Saving failed: password=hunter2', new TypeError('x is undefined'))
	);
	await supervisor.getByRole('tab', { name: /^Errors\s*1/ }).click();
	const errors = supervisor.getByRole('list', { name: 'Errors' });
	await expect(errors).toContainText('Saving failed');
	await expect(errors).not.toContainText('hunter2');

	await inside.page.getByRole('link', { name: 'Tasks' }).first().click();
	await expect(now).toHaveText('Tasks');
	const bar = supervisor.getByRole('group', { name: 'The session so far' });
	const moment = bar.getByRole('slider', { name: 'Moment of the session' });
	await expect(moment).toHaveAttribute('aria-valuetext', 'Now');
	await moment.focus();
	await moment.press('Home');
	const earlier = supervisor.frameLocator('iframe[title$=", earlier"]').frameLocator('iframe:visible');
	await expect(earlier.getByRole('heading', { level: 1 })).toHaveText(first);
	await expect(bar.getByRole('button', { name: 'Back to now' })).toBeVisible();
	await bar.getByRole('button', { name: 'Back to now' }).press('n');
	await expect(moment).toHaveAttribute('aria-valuetext', 'Now');
	// It was received all the while.
	await expect(now).toHaveText('Tasks');
	await expect(supervisor.getByRole('list', { name: 'Errors' })).toBeVisible();
	await outside.context.close();
	await switchBack(inside);
});

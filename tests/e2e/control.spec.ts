// Take control, as the two people see it: asked for, given, used for a whole task, taken back. The log names both.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { banner } from './people.ts';
import { adamInside, sofiaOutside, switchBack, watchAdam } from './two-at-once.ts';

const SOON = { timeout: 4_000 };

/** Where it lies in the supervisor's window: a glass takes the clicks, so the rebuilt page itself cannot be clicked on. */
async function clickOn(page: Page, shown: Locator): Promise<void> {
	await expect(shown).toBeVisible(SOON);
	const box = await shown.boundingBox();
	if (!box) throw new Error('It is nowhere on the screen');
	await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

/** A click is refused when their page changed while it was on its way: whoever steers looks, and clicks again. */
async function clickUntil(page: Page, shown: Locator, done: Locator): Promise<void> {
	await expect(async () => {
		if (!(await done.isVisible())) await clickOn(page, shown);
		await expect(done).toBeVisible(SOON);
	}).toPass();
}

test('a moderator who is given control makes a task on the other’s page, and loses it at once', async ({
	browser
}) => {
	const inside = await adamInside(browser);
	await inside.page.getByRole('link', { name: 'Tasks' }).click();
	await expect(inside.page.getByRole('heading', { name: 'Tasks', level: 1 })).toBeVisible();

	const outside = await sofiaOutside(browser);
	const sofia = outside.page;
	const screen = await watchAdam(sofia);
	await expect(screen.getByRole('heading', { name: 'Tasks', level: 1 })).toBeVisible();
	await sofia.getByRole('button', { name: 'Take control' }).click();
	await inside.page.getByRole('button', { name: 'Allow control' }).click();
	await expect(sofia.getByText('You steer Adam')).toBeVisible();
	await expect(banner(inside.page)).toContainText('Sofia Marino steers');

	// Whoever is inside keeps still from then on; their banner is theirs alone.
	await inside.page.getByRole('button', { name: 'New task' }).click();
	await clickUntil(sofia, screen.locator('.banner').first(), sofia.getByText('control does not reach it'));
	await expect(inside.page).toHaveURL(/\/tasks$/);
	await expect(inside.page.getByLabel('Title')).toHaveCount(0);

	const title = screen.getByLabel('Title');
	await clickUntil(sofia, screen.getByRole('button', { name: 'New task' }), title);
	await clickUntil(sofia, title, inside.page.getByLabel('Title').and(inside.page.locator(':focus')));
	await sofia.keyboard.type('Steered from afar');
	await expect(inside.page.getByLabel('Title')).toHaveValue('Steered from afar');
	await expect(title).toHaveValue('Steered from afar');
	await clickUntil(
		sofia,
		screen.getByRole('button', { name: 'Create task' }),
		inside.page.getByRole('heading', { name: 'Steered from afar' })
	);
	await expect(sofia.getByText(/steered by Sofia Marino/).first()).toBeVisible();

	await expect(screen.getByRole('heading', { name: 'Steered from afar' })).toBeVisible();
	const back = screen.getByRole('link', { name: 'Tasks' }).first();
	const place = await back.boundingBox();
	await inside.page.getByRole('button', { name: 'Take back' }).click();
	await sofia.mouse.click((place?.x ?? 0) + 5, (place?.y ?? 0) + 5);
	// The click may have been refused before she was told why.
	await expect(
		sofia.getByText(/has control of the page again|You do not have control any more/)
	).toBeVisible();
	await expect(inside.page.getByRole('heading', { name: 'Steered from afar' })).toBeVisible();

	await outside.context.close();
	await switchBack(inside);
});

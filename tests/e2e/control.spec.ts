// Take control, as the two people see it: asked for, given, used for a whole task, taken back. The log names both.
import { expect, test, type Locator, type Page } from '@playwright/test';
import {
	AGENCY,
	banner,
	impersonate,
	newPerson,
	openClient,
	recording,
	screenOf,
	signInStaff
} from './people.ts';

test.describe.configure({ timeout: 90_000 });
test.use({ actionTimeout: 20_000, navigationTimeout: 30_000 });

/** Where it lies in the supervisor's window: a glass takes the clicks, so the rebuilt page itself cannot be clicked on. */
async function clickOn(page: Page, shown: Locator): Promise<void> {
	await expect(shown).toBeVisible();
	const box = await shown.boundingBox();
	if (!box) throw new Error('It is nowhere on the screen');
	await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

test('a moderator who is given control makes a task on the other’s page, and loses it at once', async ({
	browser
}) => {
	const inside = await newPerson(browser);
	await signInStaff(inside.page, 'adam@northwind.test');
	await openClient(inside.page, 'blue', 'Bluebird Bakery');
	await impersonate(inside.page);
	await inside.page.getByRole('link', { name: 'Tasks' }).click();
	await expect(inside.page.getByRole('heading', { name: 'Tasks', level: 1 })).toBeVisible();
	await recording(inside.page);

	const outside = await newPerson(browser);
	const sofia = outside.page;
	await signInStaff(sofia, 'sofia@northwind.test');
	await sofia.goto(`${AGENCY}/live`);
	await sofia.getByRole('link', { name: /^Bluebird Bakery, Adam/ }).click();
	const screen = screenOf(sofia, 'Live screen');
	await expect(screen.getByRole('heading', { name: 'Tasks', level: 1 })).toBeVisible();
	await sofia.getByRole('button', { name: 'Take control' }).click();
	await inside.page.getByRole('button', { name: 'Allow control' }).click();
	await expect(sofia.getByText('You steer Adam')).toBeVisible();
	await expect(banner(inside.page)).toContainText('Sofia Marino steers');

	// Whoever is inside keeps still meanwhile; their banner is theirs alone.
	await inside.page.getByRole('button', { name: 'New task' }).click();
	await expect(inside.page.getByLabel('Title')).toHaveCount(0);
	await clickOn(sofia, screen.locator('.banner').first());
	await expect(sofia.getByText('control does not reach it')).toBeVisible();

	await clickOn(sofia, screen.getByRole('button', { name: 'New task' }));
	const title = screen.getByLabel('Title');
	await clickOn(sofia, title);
	await sofia.keyboard.type('Steered from afar');
	await expect(inside.page.getByLabel('Title')).toHaveValue('Steered from afar');
	await expect(title).toHaveValue('Steered from afar');
	await clickOn(sofia, screen.getByRole('button', { name: 'Create task' }));
	await expect(inside.page.getByRole('heading', { name: 'Steered from afar' })).toBeVisible();
	await expect(sofia.getByText(/steered by Sofia Marino/).first()).toBeVisible();

	await expect(screen.getByRole('heading', { name: 'Steered from afar' })).toBeVisible();
	const back = screen.getByRole('link', { name: 'Tasks' }).first();
	const place = await back.boundingBox();
	await inside.page.getByRole('button', { name: 'Take back' }).click();
	await sofia.mouse.click((place?.x ?? 0) + 5, (place?.y ?? 0) + 5);
	await expect(sofia.getByText('has control of the page again')).toBeVisible();
	await expect(inside.page.getByRole('heading', { name: 'Steered from afar' })).toBeVisible();

	await outside.context.close();
	await banner(inside.page).getByRole('button', { name: 'Switch Back' }).click();
	await inside.page.waitForURL(/\/clients\//);
	await inside.context.close();
});

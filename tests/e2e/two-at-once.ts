// How a walk of two begins and ends: Adam stands in Bluebird Bakery's portal and is recorded, Sofia has the live page of it before her.
import { expect, type Browser, type FrameLocator, type Page } from '@playwright/test';
import {
	AGENCY,
	banner,
	impersonate,
	newPerson,
	openClient,
	recording,
	screenOf,
	signInStaff,
	type Person
} from './people.ts';

/** Recorded in Act mode. */
export async function adamInside(browser: Browser): Promise<Person> {
	const adam = await newPerson(browser);
	await signInStaff(adam.page, 'adam@northwind.test');
	await openClient(adam.page, 'blue', 'Bluebird Bakery');
	await impersonate(adam.page);
	await recording(adam.page);
	return adam;
}

/** She may supervise, and is somewhere in the agency. */
export async function sofiaOutside(browser: Browser): Promise<Person> {
	const sofia = await newPerson(browser);
	await signInStaff(sofia.page, 'sofia@northwind.test');
	return sofia;
}

/** From wherever she is to the live page of what Adam does. @returns his page, as she sees it */
export async function watchAdam(page: Page): Promise<FrameLocator> {
	await page.goto(`${AGENCY}/live`);
	await page.getByRole('link', { name: /^Bluebird Bakery, Adam/ }).click();
	const screen = screenOf(page, 'Live screen');
	await expect(screen.locator('body')).toBeVisible();
	return screen;
}

export async function switchBack({ page, context }: Person): Promise<void> {
	await banner(page).getByRole('button', { name: 'Switch Back' }).click();
	await page.waitForURL(/\/clients\//);
	await context.close();
}

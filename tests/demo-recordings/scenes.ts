// What is done on the recordings that the demo brings along: at the pace of a person, in the words of the screen.
import type { Page } from '@playwright/test';

export type Scene = {
	/** Of the file, and the ticket by which a later start of the demo knows that it was brought in. */
	name: string;
	staff: string;
	client: string;
	contact: string;
	reason: string;
	mode: 'View only' | 'Act';
	ticket: string;
	play(page: Page): Promise<void>;
};

const pause = (page: Page, ms = 900): Promise<void> => page.waitForTimeout(ms);

/** Goes there with the pointer, as a hand does. */
async function reach(page: Page, what: ReturnType<Page['locator']>): Promise<void> {
	await what.scrollIntoViewIfNeeded();
	const box = await what.boundingBox();
	if (box) await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 14 });
	await pause(page, 350);
}

async function press(page: Page, what: ReturnType<Page['locator']>): Promise<void> {
	await reach(page, what);
	await what.click();
	await pause(page);
}

const menu = (page: Page, name: string) =>
	press(page, page.getByRole('navigation', { name: 'Portal' }).getByRole('link', { name }));

async function readOn(page: Page, steps: number): Promise<void> {
	for (let step = 0; step < steps; step++) {
		await page.mouse.wheel(0, 240);
		await pause(page, 700);
	}
}

export const SCENES: readonly Scene[] = [
	{
		name: 'support-bluebird',
		staff: 'maya@northwind.test',
		client: 'Bluebird Bakery',
		contact: 'bea@bluebird.test',
		reason: 'Support',
		mode: 'View only',
		ticket: 'NW-1987',
		play: async (page) => {
			await menu(page, 'Tasks');
			await readOn(page, 3);
			const search = page.getByRole('searchbox').first();
			await press(page, search);
			await search.pressSequentially('price', { delay: 140 });
			await page.keyboard.press('Enter');
			await pause(page, 1_500);
			await press(page, page.locator('main a.row-link').first());
			await readOn(page, 2);
			await pause(page, 2_500);
			await menu(page, 'Messages');
			await pause(page, 2_500);
			await menu(page, 'Account');
			// Has personal data, which the recording masks.
			await press(page, page.getByRole('main').getByRole('link', { name: 'Team', exact: true }));
			await readOn(page, 1);
			await pause(page, 3_000);
			await menu(page, 'Home');
			await readOn(page, 2);
			await pause(page, 2_500);
		}
	},
	{
		name: 'billing-bluebird',
		staff: 'adam@northwind.test',
		client: 'Bluebird Bakery',
		contact: 'bea@bluebird.test',
		reason: 'Billing',
		mode: 'View only',
		ticket: 'NW-2019',
		play: async (page) => {
			await menu(page, 'Invoices');
			await readOn(page, 2);
			await press(page, page.locator('main a.row-link').first());
			await readOn(page, 3);
			await pause(page, 1_500);
			await page.mouse.move(620, 380, { steps: 30 });
			await pause(page, 2_500);
			await menu(page, 'Subscriptions');
			await readOn(page, 1);
			await pause(page, 2_500);
			await menu(page, 'Orders');
			await readOn(page, 2);
			await pause(page, 2_500);
		}
	},
	{
		name: 'draft-cedar',
		staff: 'maya@northwind.test',
		client: 'Cedar Clinic',
		contact: 'cora@cedar.test',
		reason: 'Support',
		mode: 'Act',
		ticket: 'NW-2033',
		play: async (page) => {
			await menu(page, 'Files');
			await readOn(page, 3);
			await page.mouse.wheel(0, -900);
			await pause(page, 1_500);
			await press(
				page,
				page
					.getByRole('main')
					.getByRole('button', { name: /^Delete .*\.\w+$/ })
					.first()
			);
			await pause(page, 5_000);
			await readOn(page, 2);
			await menu(page, 'Home');
			await pause(page, 5_000);
		}
	}
];

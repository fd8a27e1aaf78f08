// Who comes late to a page that changed a lot sees the very screen at once, and the page does not notice [V7].
import { expect, test, type Page } from '@playwright/test';
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

/** Counts messages of a name on the page's sockets, in the order they came or went. */
function count(page: Page, names: readonly string[], way: 'framesent' | 'framereceived'): string[] {
	const seen: string[] = [];
	const look = ({ payload }: { payload: string | Buffer }): void => {
		const name = typeof payload === 'string' && names.find((one) => payload.includes(`"${one}"`));
		if (name) seen.push(name);
	};
	page.on('websocket', (socket) => {
		// Each way has a signature of its own.
		if (way === 'framesent') socket.on('framesent', look);
		else socket.on('framereceived', look);
	});
	return seen;
}

/** Rows come, go, move and change their words, in as many turns as there are changes. */
async function changeMuch(page: Page): Promise<void> {
	await page.evaluate(async () => {
		const list = document.createElement('ol');
		list.id = 'many-changes';
		document.querySelector('main')?.append(list);
		for (let n = 0; n < 150; n++) {
			const row = document.createElement('li');
			row.textContent = `Row ${n}`;
			list.append(row);
			if (n % 3 === 0) list.firstElementChild?.remove();
			if (n % 5 === 0 && list.lastElementChild) list.prepend(list.lastElementChild);
			if (n % 7 === 0 && list.children[1]) list.children[1].textContent = `Changed at ${n}`;
			await new Promise((resolve) => requestAnimationFrame(resolve));
		}
	});
}

test('a late watcher sees what the page shows, and not one event is recorded because of it', async ({
	browser
}) => {
	const inside = await newPerson(browser);
	await signInStaff(inside.page, 'olivia@northwind.test');
	await openClient(inside.page, 'blue', 'Bluebird Bakery');
	const sent = count(inside.page, ['record:append'], 'framesent');
	const asked = count(inside.page, ['record:snapshot'], 'framereceived');
	await impersonate(inside.page);
	await recording(inside.page);
	await changeMuch(inside.page);
	const rows = await inside.page.locator('#many-changes li').allInnerTexts();
	expect(rows.length).toBeGreaterThan(90);

	const outside = await newPerson(browser);
	const received = count(outside.page, ['page:checkpoint', 'page:batch'], 'framereceived');
	await signInStaff(outside.page, 'olivia@northwind.test');
	// Until the page has nothing more to send: one quiet second may be a pause of the machine.
	let [before, quiet] = [-1, 0];
	await expect
		.poll(
			() => {
				quiet = before === sent.length ? quiet + 1 : 0;
				before = sent.length;
				return quiet;
			},
			{ intervals: [1_000], timeout: 60_000 }
		)
		.toBeGreaterThanOrEqual(3);
	expect(before).toBeGreaterThan(0);
	await outside.page.goto(`${AGENCY}/live`);
	await outside.page.getByRole('link', { name: /Bluebird Bakery, Olivia/ }).click();
	const screen = screenOf(outside.page, 'Live screen');
	await expect(screen.locator('#many-changes li')).toHaveText(rows);
	expect(received[0]).toBe('page:checkpoint');
	// As long as the page takes for its quiet batches, and more.
	await inside.page.waitForTimeout(1_000);
	expect(sent.length).toBe(before);
	expect(asked).toEqual([]);

	await inside.page.locator('#many-changes').evaluate((list) => list.append('And it goes on'));
	await expect(screen.locator('#many-changes')).toContainText('And it goes on');
	expect(received.filter((name) => name === 'page:checkpoint')).toHaveLength(1);
	await outside.context.close();
	await banner(inside.page).getByRole('button', { name: 'Switch Back' }).click();
	await inside.page.waitForURL(/\/clients\//);
	await inside.context.close();
});

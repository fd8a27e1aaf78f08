import { expect, test } from '@playwright/test';
import { newPerson, PORTAL, signInContact } from './people.ts';

const stamp = Date.now().toString(36);

test('a client uploads several files at once through a broken connection, shows, renames, deletes and restores', async ({
	browser
}) => {
	const { context, page } = await newPerson(browser);
	await signInContact(page, 'bea@bluebird.test');
	await page.goto(`${PORTAL}/files`);
	// Several at once is what the script adds; without it the form takes one.
	await expect(page.getByLabel('File', { exact: true })).toHaveJSProperty('multiple', true);
	const names = [`oven-${stamp}.txt`, `menu-${stamp}.txt`];

	await test.step('the first piece is lost on its way, and sent again by itself', async () => {
		let lost = 0;
		await page.route('**/files/uploads/*', (route) => {
			const isFirst = route.request().method() === 'PATCH' && (lost += 1) === 1;
			return isFirst ? route.abort('connectionreset') : route.continue();
		});
		await page
			.getByLabel('File', { exact: true })
			.setInputFiles(
				names.map((name) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(`Text of ${name}`) }))
			);
		await page.getByRole('button', { name: 'Upload', exact: true }).click();
		for (const name of names) await expect(page.getByRole('row', { name: new RegExp(name) })).toBeVisible();
		expect(lost).toBeGreaterThan(2);
	});

	await test.step('a web page is refused with a sentence', async () => {
		await page
			.getByLabel('File', { exact: true })
			.setInputFiles({ name: 'x.txt', mimeType: 'text/plain', buffer: Buffer.from('<!doctype html>') });
		await page.getByRole('button', { name: 'Upload', exact: true }).click();
		await expect(page.getByRole('alert').filter({ hasText: 'cannot be uploaded' }).first()).toBeVisible();
	});

	await test.step('it is shown on its page and renamed there', async () => {
		await page.getByRole('link', { name: names[0]!, exact: true }).click();
		await expect(page.getByText(`Text of ${names[0]}`)).toBeVisible();
		await page.getByLabel('Name', { exact: true }).fill(`baking-${stamp}`);
		await page.getByRole('button', { name: 'Rename' }).click();
		await expect(page.getByRole('heading', { level: 1 })).toHaveText(`baking-${stamp}.txt`);
	});

	await test.step('deleted, it can be brought back at once', async () => {
		await page.getByRole('button', { name: 'Delete', exact: true }).click();
		await expect(page.getByText('Deleted the file.')).toBeVisible();
		// The offer stands for seconds only.
		await page.getByRole('button', { name: 'Undo' }).click();
		await expect(page.getByText('Restored.')).toBeVisible();
		await expect(page.getByRole('row', { name: new RegExp(`baking-${stamp}`) })).toBeVisible();
	});

	await test.step('a PDF is drawn in the page, and never opened as a document', async () => {
		await page.getByRole('searchbox', { name: 'Search files' }).fill('.pdf');
		await page.getByRole('searchbox', { name: 'Search files' }).press('Enter');
		const faults: string[] = [];
		page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
		await page
			.getByRole('table')
			.getByRole('link', { name: /\.pdf$/ })
			.first()
			.click();
		const drawn = page.getByRole('img', { name: /\.pdf, page 1/ });
		await expect(drawn).toBeVisible();
		await expect
			.poll(() =>
				drawn.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
					const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
					return data.some((value, at) => at % 4 === 0 && value < 128);
				})
			)
			.toBe(true);
		expect(faults).toEqual([]);
	});
	await context.close();
});

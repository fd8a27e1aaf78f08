// A picture behind the client's login, recorded while it was looked at and shown on the replay host without a request to the portal.
import { expect, test } from '@playwright/test';
import {
	AGENCY,
	banner,
	impersonate,
	newPerson,
	openClient,
	PORTAL,
	recording,
	screenOf,
	signInContact,
	signInStaff
} from './people.ts';

const PICTURE = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAEUlEQVR4nGM4ESDyH4QZYAwATUwIrYf33C8AAAAASUVORK5CYII=',
	'base64'
);

test('a picture that was looked at is seen again, live and in the replay, from the replay host alone', async ({
	browser
}) => {
	const name = `oven-${Date.now().toString(36)}.png`;
	const client = await newPerson(browser);
	await signInContact(client.page, 'cora@cedar.test');
	await client.page.goto(`${PORTAL}/files`);
	await client.page
		.getByLabel('File', { exact: true })
		.setInputFiles({ name, mimeType: 'image/png', buffer: PICTURE });
	await client.page.getByRole('button', { name: 'Upload', exact: true }).click();
	await client.page.getByRole('link', { name, exact: true }).click();
	await expect(client.page.getByRole('img', { name })).toBeVisible();
	const address = new URL(client.page.url()).pathname;
	await client.context.close();

	const inside = await newPerson(browser);
	await signInStaff(inside.page, 'maya@northwind.test');
	await openClient(inside.page, 'cedar', 'Cedar Clinic');
	await impersonate(inside.page, { mode: 'View only' });
	const asked: string[] = [];
	inside.page.on('response', (response) => asked.push(new URL(response.url()).pathname));
	const brought = inside.page.waitForResponse(
		(response) => response.request().method() === 'PUT' && response.url().includes('/recorded-assets/')
	);
	await inside.page.goto(PORTAL + address);
	await recording(inside.page);
	await expect(inside.page.getByRole('img', { name })).toBeVisible();
	expect((await brought).status()).toBe(204);
	// Looked at once, and not once more for the recording: the log says what a person saw.
	expect(asked.filter((path) => path === `${address}/preview`)).toHaveLength(1);

	const outside = await newPerson(browser);
	const elsewhere: string[] = [];
	outside.page.on('request', (request) => {
		if (new URL(request.url()).origin === PORTAL) elsewhere.push(request.url());
	});
	const shown = (region: string) => {
		const picture = screenOf(outside.page, region).getByRole('img', { name });
		const width = () => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth);
		return expect.poll(() => width().catch(() => 0)).toBe(2);
	};
	await signInStaff(outside.page, 'sofia@northwind.test');
	await outside.page.goto(`${AGENCY}/live`);
	await outside.page.getByRole('link', { name: /Cedar Clinic, Maya/ }).click();
	await shown('Live screen');
	await banner(inside.page).getByRole('button', { name: 'Switch Back' }).click();
	await inside.page.waitForURL(`${AGENCY}/**`);
	await outside.page.goto(`${AGENCY}/recordings`);
	await outside.page
		.getByRole('link', { name: /Cedar Clinic, Maya/ })
		.first()
		.click();
	await outside.page.getByRole('slider').first().press('End');
	await shown('Replay');
	expect(elsewhere).toEqual([]);
	await inside.context.close();
	await outside.context.close();
});

// The walk: impersonate a client, be watched live, be stopped, be replayed, be proven. Three people, three browsers.
import { expect, test, type Page } from '@playwright/test';
import {
	AGENCY,
	PORTAL,
	ask,
	banner,
	impersonate,
	newPerson,
	openClient,
	post,
	recording,
	screenOf,
	signInContact,
	signInStaff,
	type Person
} from './people.ts';

let manager: Person;
let supervisor: Person;
let client: Person;
/** A second tab of the manager. */
let tab: Page;
const title = `Order flour ${Date.now()}`;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
	manager = await newPerson(browser);
	supervisor = await newPerson(browser);
	client = await newPerson(browser);
});

test.afterAll(async () => {
	for (const person of [manager, supervisor, client]) await person.context.close();
});

test('1 the manager finds Bluebird Bakery and stands in its portal', async () => {
	const { page } = manager;
	await signInStaff(page, 'maya@northwind.test');
	await openClient(page, 'blue', 'Bluebird Bakery');
	await impersonate(page, { reason: 'Support', mode: 'Act', ticket: '812' });
	expect(new URL(page.url()).origin).toBe(PORTAL);
});

test('2 the banner says who is whom, and the portal is Bluebird’s own', async () => {
	const { page } = manager;
	for (const text of ['Maya', 'Bea', 'Bluebird Bakery', 'Act'])
		await expect(banner(page)).toContainText(text);
	await expect(banner(page)).toContainText(/\d{1,2}:\d\d/);
	const clock = () => banner(page).innerText();
	const before = await clock();
	await expect.poll(clock).not.toBe(before);
	await recording(page);
	for (const area of ['Home', 'Tasks', 'Files', 'Invoices', 'Access history'])
		await expect(page.getByRole('link', { name: area, exact: true }).first()).toBeVisible();
	await page.getByRole('link', { name: 'Invoices', exact: true }).first().click();
	await expect(page.getByRole('heading', { name: 'Invoices' })).toBeVisible();
});

test('3 a supervisor sees the session appear, and the manager’s page as it changes', async () => {
	const { page } = supervisor;
	await signInStaff(page, 'sofia@northwind.test');
	await page.getByRole('link', { name: 'Live', exact: true }).click();
	await page.getByRole('link', { name: /Bluebird Bakery, Maya/ }).click();
	const screen = screenOf(page, 'Live screen');
	await expect(screen.getByRole('heading', { name: 'Invoices' })).toBeVisible();
	await expect(banner(manager.page)).toContainText('Watched by Sofia');
	await manager.page.getByRole('link', { name: 'Tasks', exact: true }).first().click();
	await expect(screen.getByRole('heading', { name: 'Tasks' })).toBeVisible();
	await manager.page
		.getByRole('button', { name: 'New task' })
		.or(manager.page.getByRole('link', { name: 'New task' }))
		.first()
		.click();
	const field = manager.page.getByLabel('Title', { exact: true });
	for (let end = 1; end <= title.length; end += 1) {
		await field.pressSequentially(title[end - 1]!);
		// Letter by letter: each prefix is seen before the next letter is typed.
		if (end <= 5) await expect(screen.getByLabel('Title', { exact: true })).toHaveValue(title.slice(0, end));
	}
	await expect(screen.getByLabel('Title', { exact: true })).toHaveValue(title);
});

test('4 the manager works; reload and second tab stay in sight', async () => {
	const { page, context } = manager;
	await page.getByLabel('Description').fill('Two sacks, before Friday.');
	await page
		.locator('input[type=file]')
		.first()
		.setInputFiles({ name: 'flour.txt', mimeType: 'text/plain', buffer: Buffer.from('rye and wheat') });
	await page.getByRole('button', { name: 'Create task' }).click();
	await expect(page.getByRole('heading', { name: title })).toBeVisible();
	await expect(page.getByRole('link', { name: 'flour.txt', exact: true })).toBeVisible();
	await page.getByRole('textbox', { name: /comment/i }).fill('Ordered with the miller.');
	await page.getByRole('button', { name: /comment/i }).click();
	await expect(page.getByText('Ordered with the miller.')).toBeVisible();

	await page.goto(`${PORTAL}/files`);
	await recording(page);
	await page
		.getByLabel('File', { exact: true })
		.setInputFiles({ name: 'oven.txt', mimeType: 'text/plain', buffer: Buffer.from('220 degrees') });
	await page.getByRole('button', { name: 'Upload', exact: true }).click();
	await expect(page.getByRole('row', { name: /oven\.txt/ })).toBeVisible();
	const download = page.waitForEvent('download');
	await page
		.getByRole('row', { name: /oven\.txt/ })
		.getByRole('link', { name: 'Download oven.txt' })
		.click();
	expect((await download).suggestedFilename()).toBe('oven.txt');

	await page.getByRole('link', { name: 'Invoices', exact: true }).first().click();
	await expect(page.getByRole('heading', { level: 1, name: 'Invoices' })).toBeVisible();
	await page.locator('td a[href^="/invoices/"]').first().click();
	await page.waitForURL(/\/invoices\/[0-9a-f-]{36}$/);
	await expect(page.getByRole('heading', { level: 1 })).toContainText(/\d/);

	await page.reload();
	await recording(page);
	tab = await context.newPage();
	await tab.goto(`${PORTAL}/tasks`);
	await recording(tab);
	const pages = supervisor.page.getByRole('list', { name: 'Pages' });
	await expect(pages.getByRole('listitem').filter({ hasText: '/invoices' }).first()).toBeVisible();
	await expect(pages.getByRole('listitem').filter({ hasText: '/tasks' }).first()).toBeVisible();
	const followed = screenOf(supervisor.page, 'Live screen').getByRole('heading', { name: 'Tasks' });
	// Whoever watches is shown where the pointer moved last, and a tab just opened may not be known by then.
	await expect(async () => {
		await tab.mouse.move(400, 300);
		await tab.mouse.move(420, 320);
		await expect(followed).toBeVisible({ timeout: 4_000 });
	}).toPass();
});

test('5 freeze stops every change on both tabs with the sentence, release undoes it', async () => {
	const { page } = supervisor;
	const sentence = 'Stop please, call me first.';
	await page.getByRole('button', { name: 'Freeze' }).click();
	await page.getByRole('dialog').getByRole('textbox').fill(sentence);
	await page.getByRole('dialog').getByRole('button', { name: 'Freeze' }).click();
	for (const one of [manager.page, tab]) await expect(banner(one)).toContainText(sentence);
	for (const one of [manager.page, tab]) {
		const answer = await post(one, '/tasks?/create', { title: 'while frozen' });
		expect(answer).toMatchObject({ status: 403, refusal: 'frozen' });
		expect(answer.text).toContain(sentence);
	}
	await page.getByRole('button', { name: 'Release' }).click();
	await expect(banner(tab)).not.toContainText(sentence);
	await tab.goto(`${PORTAL}/tasks/new`);
	await recording(tab);
	await tab.getByLabel('Title', { exact: true }).fill('After the release');
	await tab.getByRole('button', { name: 'Create task' }).click();
	await expect(tab.getByRole('heading', { name: 'After the release' })).toBeVisible();
});

test('6 end shows the end page on both tabs and refuses every further request', async () => {
	const { page } = supervisor;
	await page.getByRole('button', { name: 'End session' }).click();
	await page.getByRole('dialog').getByRole('button', { name: /End/ }).click();
	for (const one of [manager.page, tab])
		await expect(one.getByRole('heading', { name: 'Impersonation ended' })).toBeVisible();
	await expect(tab.getByText(/supervisor/i).first()).toBeVisible();
	await expect(tab.getByRole('button', { name: 'Restart' })).toBeVisible();
	for (const address of ['/tasks', '/files', '/invoices']) expect((await ask(tab, address)).status).toBe(410);
	expect((await post(tab, '/tasks?/create', { title: 'after the end' })).status).toBe(410);
	await tab.getByRole('link', { name: 'Back to the agency' }).click();
	await expect(tab).toHaveURL(/\/clients\//);
	await expect(tab.getByRole('heading', { name: 'Bluebird Bakery' })).toBeVisible();
});

test('7 the recording plays, seeks and changes speed, and its list jumps', async () => {
	const { page } = supervisor;
	await page.goto(`${AGENCY}/recordings`);
	await page
		.getByRole('link', { name: /Bluebird Bakery, Maya/ })
		.first()
		.click();
	const screen = screenOf(page, 'Replay');
	await expect(screen.locator('body')).toBeVisible();
	const timeline = page.getByRole('slider', { name: 'Timeline' });
	const now = async (): Promise<number> => Number(await timeline.inputValue());
	await page.getByLabel('Speed').selectOption('4');
	await page.getByRole('button', { name: 'Play', exact: true }).click();
	await expect.poll(now).toBeGreaterThan(1_000);
	await page.getByRole('button', { name: 'Pause', exact: true }).click();
	// Once it stands, it has told where.
	await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
	const paused = await now();
	await page.waitForTimeout(600);
	expect(await now()).toBe(paused);
	const actions = page.getByRole('list', { name: 'Actions' });
	await expect(actions.getByRole('button', { name: /Tried: created task/ }).first()).toBeVisible();
	await actions
		.getByRole('button', { name: /\d\d:\d\d Created task/ })
		.first()
		.click();
	await expect.poll(now).not.toBe(paused);
	// At that moment the form stands filled in, or the new task is shown already.
	await expect(
		screen
			.getByText(title)
			.or(screen.getByLabel('Title', { exact: true }))
			.first()
	).toBeVisible();
	await timeline.fill('0');
	await expect.poll(now).toBeLessThan(1_500);
});

test('8 the action log names the manager under the client’s account', async () => {
	const { page } = supervisor;
	await page.getByRole('link', { name: 'Action log', exact: true }).click();
	const table = page.getByRole('table', { name: 'Action log' });
	const row = table.getByRole('row').filter({ hasText: 'Created task' }).filter({ hasText: title });
	for (const text of ['Bluebird Bakery', 'Bea', 'Maya']) await expect(row.first()).toContainText(text);
	await expect(table.getByRole('row').filter({ hasText: 'Froze impersonation' }).first()).toContainText(
		'Sofia'
	);
});

test('9 the client sees the task, who made it, and who was in', async () => {
	const { page } = client;
	await signInContact(page, 'bea@bluebird.test');
	await expect(banner(page)).toHaveCount(0);
	await page.getByRole('link', { name: 'Tasks', exact: true }).first().click();
	const row = page.getByRole('row').filter({ hasText: title });
	await expect(row).toContainText(/by Maya/);
	await expect(row).toContainText('Northwind Studio');
	await page.getByRole('link', { name: 'Access history', exact: true }).first().click();
	const history = page.getByRole('table', { name: 'Access history' });
	await expect(history).toContainText('Maya');
	await expect(history).toContainText('812');
	await expect(history).toContainText('Support');
});

test('10 Switch Back leads to Client Details, still signed in', async () => {
	const { page } = manager;
	await page.goto(`${AGENCY}/clients`);
	await openClient(page, 'blue', 'Bluebird Bakery');
	const details = page.url();
	await impersonate(page, { mode: 'View only' });
	await banner(page).getByRole('button', { name: 'Switch Back' }).click();
	await expect(page).toHaveURL(details);
	await expect(page.getByRole('button', { name: 'Impersonate', exact: true }).first()).toBeVisible();
});

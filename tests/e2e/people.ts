// What people do in the walk, in the words of the screen, so that the specs read as the walk itself.
import { expect, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { PLACE } from './place.ts';

export const PORT = Number(PLACE.port);
export const AGENCY = `http://localhost:${PORT}`;
export const PORTAL = `http://portal.localhost:${PORT}`;
export const PASSWORD = 'switchback-demo';

export type Person = { context: BrowserContext; page: Page };

/** Answered, but its script does not run yet: a press does what it does without script, or nothing, and what is typed may be undone. */
const ASLEEP = 'html:has(body script):not(:has(#svelte-announcer))';

/** A browser of one's own: nothing is shared with the other people of a walk. Each action and each expectation waits until its page is awake. */
export async function newPerson(browser: Browser): Promise<Person> {
	const context = await browser.newContext();
	// In tabs that are opened later, too; one that was closed by then needs none.
	context.on('page', (page) => {
		page.addLocatorHandler(page.locator(ASLEEP), () => Promise.resolve()).catch(() => undefined);
	});
	return { context, page: await context.newPage() };
}

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

/** Who signed in before in this worker: their cookies are lent to the next browser, which spares the form in nearly every test. */
const lent = new Map<string, Cookies>();

async function signInByForm(page: Page, origin: string, email: string, landing: string): Promise<void> {
	await page.goto(`${origin}/login`);
	await page.getByLabel('Email').fill(email);
	await page.getByLabel('Password').fill(PASSWORD);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL(landing);
}

async function signIn(page: Page, origin: string, email: string, landing: string): Promise<void> {
	const key = `${origin} ${email}`;
	const cookies = lent.get(key);
	if (cookies) {
		await page.context().addCookies(cookies);
		await page.goto(landing);
		if (page.url() === landing) return;
		// Signed out by an earlier test.
		await page.context().clearCookies({ domain: new URL(origin).hostname });
	}
	await signInByForm(page, origin, email, landing);
	lent.set(key, await page.context().cookies(origin));
}

export const signInStaff = (page: Page, email: string): Promise<void> =>
	signIn(page, AGENCY, email, `${AGENCY}/clients`);

export const signInContact = (page: Page, email: string): Promise<void> =>
	signIn(page, PORTAL, email, `${PORTAL}/`);

/** Clients → search → Client Details. */
export async function openClient(page: Page, search: string, name: string): Promise<void> {
	// Where the list is shown already, the link would load it anew under what is typed next.
	if (new URL(page.url()).pathname !== '/clients') {
		await page.getByRole('link', { name: 'Clients', exact: true }).click();
		await page.waitForURL(`${AGENCY}/clients`);
	}
	await page.getByRole('searchbox', { name: 'Search clients' }).fill(search);
	await page.getByRole('searchbox', { name: 'Search clients' }).press('Enter');
	await page.waitForURL(/[?&]q=/);
	await page.getByRole('link', { name, exact: true }).click();
	await expect(page.getByRole('heading', { name })).toBeVisible();
}

export type StartOptions = {
	reason?: string;
	mode?: 'View only' | 'Act';
	ticket?: string;
	/** The contact's name; the owner when left out. */
	contact?: string;
};

/** The dialog, up to standing in the portal with the banner in sight. */
export async function impersonate(page: Page, options: StartOptions = {}): Promise<void> {
	await page.getByRole('button', { name: 'Impersonate', exact: true }).first().click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('Reason').selectOption({ label: options.reason ?? 'Support' });
	if (options.contact) await dialog.getByLabel('Contact').selectOption({ label: options.contact });
	if (options.ticket) await dialog.getByLabel('Ticket').fill(options.ticket);
	await dialog.getByRole('radio', { name: options.mode ?? 'Act' }).check();
	await dialog.getByRole('button', { name: 'Start impersonation' }).click();
	await page.waitForURL(`${PORTAL}/**`);
	await expect(banner(page)).toBeVisible();
}

export const banner = (page: Page) => page.getByRole('status', { name: 'Impersonation' });

/** Until the recorder of this page has its first snapshot acknowledged; only then may the page change anything. */
export const recording = (page: Page) => expect(banner(page)).toContainText('Recording', { timeout: 60_000 });

/** The rebuilt document a watcher sees: the innermost frame of the region. */
export const screenOf = (page: Page, region: string) =>
	// The next picture is drawn on a second screen that is hidden until it is whole.
	page.getByRole('region', { name: region }).frameLocator('iframe').frameLocator('iframe:visible');

/** In a list of open invoices, one of which nobody said yet that it was paid: it stays in that list. */
export const unclaimed = (page: Page) =>
	page.getByRole('row').filter({ hasNotText: 'Said to be paid' }).locator('td a[href^="/invoices/"]').first();

/** Asks from inside the page, with its cookies, as a hand-made request would. */
export const ask = (page: Page, address: string, init: RequestInit = {}) =>
	page.evaluate(
		async ({ address, init }) => {
			const response = await fetch(address, init);
			return {
				status: response.status,
				refusal: response.headers.get('x-switchback-refusal'),
				text: await response.text()
			};
		},
		{ address, init: init as never }
	);

/** A form post made by hand, without the page's ticket unless given. */
export const post = (page: Page, address: string, fields: Record<string, string>) =>
	ask(page, address, {
		method: 'POST',
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
		body: new URLSearchParams(fields).toString()
	});

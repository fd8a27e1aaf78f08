// Staff see exactly what the client sees: each page of the portal, once signed in as the contact and once impersonating
// the same contact, is the same document but for the banner, the frame and the page ticket.
import { expect, test, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { sql } from './database.ts';
import {
	PORTAL,
	banner,
	impersonate,
	newPerson,
	openClient,
	recording,
	signInContact,
	signInStaff
} from './people.ts';
import { portalPages } from './portal-pages.ts';

test.describe.configure({ mode: 'parallel', timeout: 400_000 });

/** Runs in the browser: a document as text, without what only the impersonation adds and what counts up by itself. */
function normalise(html: string | null): string {
	const page =
		html === null
			? (document.cloneNode(true) as Document)
			: new DOMParser().parseFromString(html, 'text/html');
	const away = [
		'[data-recorder-block]',
		'.top',
		'.frame',
		// Tells the client alone who is inside.
		'.visits',
		'script, style, link, meta, noscript, template',
		'input[name="page-ticket"]',
		'[aria-live="assertive"]#svelte-announcer'
	];
	for (const one of page.querySelectorAll(away.join(','))) one.remove();
	page.querySelector('.shell')?.classList.remove('has-top');
	page.title = page.title.replace(/^◉ .*? · /, '');
	const comments = page.createTreeWalker(page, NodeFilter.SHOW_COMMENT);
	const found: ChildNode[] = [];
	while (comments.nextNode()) found.push(comments.currentNode as ChildNode);
	for (const comment of found) comment.remove();
	for (const time of page.querySelectorAll('time')) time.textContent = time.dateTime;
	page.body.normalize();
	// Ids that the framework numbers through depend on how much was rendered before them.
	const numbers = new Map<string, string>();
	const renumbered = (text: string) =>
		text.replaceAll(/\b(?:bits-)?[cs]\d+\b/g, (id) => {
			if (!numbers.has(id)) numbers.set(id, `#${numbers.size}`);
			return numbers.get(id) ?? id;
		});
	return renumbered(`${page.title}\n${page.body.innerHTML}`)
		.replaceAll(/\s+/g, ' ')
		.replaceAll('> <', '>\n<')
		.replaceAll('><', '>\n<');
}

/** As the server sends it alone, which is quicker; asked for by the person's own page, with their own cookies. */
async function rendered(page: Page, address: string): Promise<string> {
	const [status, html] = await page.evaluate(async (path) => {
		const answer = await fetch(path, { headers: { accept: 'text/html' } });
		return [answer.status, await answer.text()] as const;
	}, address);
	return `${status}\n${await page.evaluate(normalise, html)}`;
}

/** As the server sent it, and as it stands once its scripts have run: both of one load. */
async function sentAndHydrated(page: Page, address: string): Promise<string> {
	const answer = await page.goto(PORTAL + address);
	if (!answer) throw new Error(`${address} was no load of its own`);
	const sent = await page.evaluate(normalise, await answer.text());
	// The framework adds its announcer once the page has come alive; times then change from UTC to the reader's zone, and
	// previews say when they are drawn.
	await page.waitForFunction(
		() =>
			document.getElementById('svelte-announcer') &&
			![...document.querySelectorAll('main time')].some((time) => time.textContent.endsWith('UTC')) &&
			!document.querySelector('main [aria-busy="true"]')
	);
	await page.waitForTimeout(100);
	const alive = await page.evaluate(normalise, null);
	return `${answer.status()}\n${sent}\n— once its scripts have run —\n${alive}`;
}

type Pair = { client: BrowserContext; clientPage: Page; staff: BrowserContext; staffPage: Page };

type Who = { name: string; client: string; email: string; contact: string; staff: string };

async function openPair(browser: Browser, who: Who): Promise<Pair> {
	const staff = await newPerson(browser);
	await signInStaff(staff.page, who.staff);
	await openClient(staff.page, who.client, who.client);
	await impersonate(staff.page, { mode: 'View only', contact: who.contact });
	await recording(staff.page);
	const client = await newPerson(browser);
	await signInContact(client.page, who.email);
	return { client: client.context, clientPage: client.page, staff: staff.context, staffPage: staff.page };
}

/** The first line that is not the same, with what stands around it; nothing where all is. */
function firstDifference(asContact: string, asStaff: string): string {
	const [theirs, ours] = [asContact.split('\n'), asStaff.split('\n')];
	const at = theirs.findIndex((line, index) => line !== ours[index]);
	if (at < 0 && theirs.length === ours.length) return '';
	const from = Math.max(0, (at < 0 ? theirs.length : at) - 2);
	return `as the contact:\n${theirs.slice(from, from + 5).join('\n')}\nas staff:\n${ours.slice(from, from + 5).join('\n')}`;
}

/** Pages that mark something as read for the contact who opens them. */
const MARKS_READ = /^\/messages\/|^\/notifications/;

type Look = (page: Page, address: string) => Promise<string>;

const lookAsBoth = (pair: Pair, look: Look, address: string): Promise<[string, string]> =>
	Promise.all([look(pair.clientPage, address), look(pair.staffPage, address)]);

async function lookAtAll(pair: Pair, look: Look, client: string): Promise<void> {
	const { addresses } = portalPages(client);
	expect(addresses.length).toBeGreaterThan(20);
	for (const address of addresses) {
		// The contact reads conversations once beforehand: what was new at their first look is marked as read by it, while
		// looking as staff marks nothing, so that only from then on both look at the same.
		if (MARKS_READ.test(address)) await look(pair.clientPage, address);
		let [asContact, asStaff] = await lookAsBoth(pair, look, address);
		// Looking is itself counted there: a page is on the count of both only at the second look.
		if (address === '/access-history' && asContact !== asStaff)
			[asContact, asStaff] = await lookAsBoth(pair, look, address);
		expect.soft(asContact.length, `${address} has content`).toBeGreaterThan(200);
		expect.soft(firstDifference(asContact, asStaff), address).toBe('');
	}
}

async function comparePages(browser: Browser, who: Who, look: Look): Promise<void> {
	const pair = await openPair(browser, who);
	try {
		await lookAtAll(pair, look, who.client);
	} finally {
		// A staff member has one impersonation at a time, and the next test begins its own.
		await pair.staffPage.goto(`${PORTAL}/`);
		await banner(pair.staffPage).getByRole('button', { name: 'Switch Back' }).click();
		await pair.staffPage.waitForURL(/\/clients\//);
		await pair.client.close();
		await pair.staff.close();
	}
}

const OVERRIDE = {
	tasks: { label: 'Requests' },
	'tasks.comments': { hidden: true },
	'tasks.due_date': { readonly: true },
	files: { order: 9 },
	'files.delete': { hidden: true },
	orders: { hidden: true },
	'invoices.payments': { hidden: true },
	'services.prices': { hidden: true },
	'home.announcements': { hidden: true }
};
const setUp = (setup: object) =>
	sql(`UPDATE client SET portal_setup = '${JSON.stringify(setup)}' WHERE name = 'Bluebird Bakery'`);

const BLUEBIRD = 'Bluebird Bakery';
const BEA: Who = {
	name: 'the owner',
	client: BLUEBIRD,
	email: 'bea@bluebird.test',
	contact: 'Bea Morgan (owner)',
	staff: 'maya@northwind.test'
};
const BEN: Who = {
	name: 'a contact without billing',
	client: BLUEBIRD,
	email: 'ben@bluebird.test',
	contact: 'Ben Morgan',
	staff: 'adam@northwind.test'
};
const CORA: Who = {
	name: 'the owner of a client whose set-up hides and renames areas',
	client: 'Cedar Clinic',
	email: 'cora@cedar.test',
	contact: 'Cora Whitfield (owner)',
	staff: 'maya@northwind.test'
};

for (const who of [BEA, CORA])
	test(`every page of ${who.name}, as it is set up`, ({ browser }) =>
		comparePages(browser, who, sentAndHydrated));

test(`every page of ${BEN.name}, as it is set up`, ({ browser }) => comparePages(browser, BEN, rendered));

for (const who of [BEA, BEN])
	test(`every page of ${who.name}, with an override of this client`, async ({ browser }) => {
		setUp(OVERRIDE);
		try {
			await comparePages(browser, who, rendered);
		} finally {
			setUp({});
		}
	});

// The whole product as a process of its own, a line to it that can be broken, and a real Chromium behind that line.
import path from 'node:path';
import type { Browser, BrowserContext } from '@playwright/test';
import { launchChromium } from '#support/chromium.ts';
import { DemoProcess } from '#support/demo-process.ts';
import type { HttpPerson } from '#support/http-person.ts';
import { agencyOf, bea, portalOf, query, signedIn, startAs } from '#support/inside-demo.ts';
import { countingScript } from './counting-script.ts';
import { Session } from './session.ts';
import { TcpLine } from './tcp-line.ts';

const originsOn = (port: number) => ({
	AGENCY_ORIGIN: `http://localhost:${port}`,
	PORTAL_ORIGIN: `http://portal.localhost:${port}`,
	REPLAY_ORIGIN: `http://replay.localhost:${port}`
});

type Made = {
	demo: DemoProcess;
	settings: Record<string, string>;
	line: TcpLine;
	browser: Browser;
	staff: HttpPerson;
	reviewer: HttpPerson;
	whom: { clientId: string; contactId: string };
};

export class FaultWorld {
	readonly demo: DemoProcess;
	readonly line: TcpLine;
	readonly agency: string;
	readonly portal: string;
	private readonly made: Made;
	private readonly sessions: Session[] = [];

	private constructor(made: Made) {
		this.made = made;
		this.demo = made.demo;
		this.line = made.line;
		this.agency = agencyOf(made.line);
		this.portal = portalOf(made.line);
	}

	/** @param settings where the product keeps things; its own folder when left out */
	static async open(settings: Record<string, string> = {}): Promise<FaultWorld> {
		const line = await TcpLine.open();
		const all = { ...originsOn(line.port), ...settings };
		const demo = await DemoProcess.create(all);
		line.target = demo.port;
		await demo.start();
		const staff = await signedIn(line, 'maya@northwind.test');
		const reviewer = await signedIn(line, 'olivia@northwind.test');
		const whom = await bea(demo);
		const browser = await launchChromium();
		return new FaultWorld({ demo, settings: all, line, browser, staff, reviewer, whom });
	}

	/** What the reviewer's browser would send. */
	get reviewerCookies(): string {
		return this.made.reviewer.cookies(this.agency);
	}

	/** The reviewer watches, by a hub that is there now. */
	async watch(impersonationId: string): Promise<void> {
		await query(
			this.demo,
			`INSERT INTO watch (id, agency_id, impersonation_id, staff_id, hub_id) SELECT gen_random_uuid(), i.agency_id, i.id, s.id,
				(SELECT id FROM hub ORDER BY seen_at DESC LIMIT 1) FROM impersonation i JOIN staff s ON s.email = 'olivia@northwind.test'
				WHERE i.id = '${impersonationId}' AND i.state = 'active'`
		);
	}

	/** One more process of the same product, where it stands on outside servers; not started yet. */
	createSecond(): Promise<DemoProcess> {
		const keys = { KEYS_DIR: path.join(this.demo.dataDir, 'keys') };
		return DemoProcess.create({ ...this.made.settings, ...keys });
	}

	/** A new impersonation in a browser of its own, entered as a person enters it; the one before ends. */
	async enter(reason: 'support' | 'onboarding' = 'support'): Promise<Session> {
		const code = await startAs(this.line, this.made.staff, this.made.whom, reason);
		const context = await this.made.browser.newContext();
		const page = await context.newPage();
		await page.goto(`${this.agency}/login`);
		await page.evaluate(
			({ action, code }) => {
				const form = Object.assign(document.createElement('form'), { method: 'post', action });
				form.append(Object.assign(document.createElement('input'), { name: 'code', value: code }));
				document.body.append(form);
				form.submit();
			},
			{ action: `${this.portal}/enter`, code }
		);
		await page.waitForURL(`${this.portal}/**`);
		await page.close();
		await context.addInitScript(countingScript);
		const session = new Session(this, context);
		this.sessions.push(session);
		return session;
	}

	/** A browser profile in which that member of staff is signed in. */
	async signedInContext(email: string): Promise<BrowserContext> {
		const person = await signedIn(this.line, email);
		const context = await this.made.browser.newContext({ viewport: { width: 1_440, height: 900 } });
		const jar = person.cookies(this.agency).split('; ');
		await context.addCookies(
			jar.map((pair) => {
				const at = pair.indexOf('=');
				const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
				return { name, value, domain: 'localhost', path: '/', secure: true, httpOnly: true };
			})
		);
		return context;
	}

	/** Every tab of the sessions so far goes; the process stays. */
	async leave(): Promise<void> {
		for (const session of this.sessions.splice(0)) await session.context.close();
	}

	async close(): Promise<void> {
		await this.made.browser.close();
		await this.demo.remove();
		await this.line.close();
	}
}

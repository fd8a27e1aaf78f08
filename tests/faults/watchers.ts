// Supervisors who have a session's live page open, each in a browser profile of their own.
import type { Page } from '@playwright/test';
import type { FaultWorld } from './fault-world.ts';

export type Watcher = {
	name: string;
	page: Page;
	/** Whether the recorded page's heading is in sight. */
	sees(heading: string): Promise<boolean>;
};

const PEOPLE = ['olivia@northwind.test', 'sofia@northwind.test'];

/** @param ticket of a page of the session */
export async function openWatchers(world: FaultWorld, ticket: string, count: number): Promise<Watcher[]> {
	const [impersonationId = ''] = ticket.split('.');
	const watchers: Watcher[] = [];
	for (let n = 0; n < count; n += 1) {
		const context = await world.signedInContext(PEOPLE[n % PEOPLE.length] ?? '');
		const page = await context.newPage();
		await page.goto(`${world.agency}/live/${impersonationId}`);
		const screen = page.getByRole('region', { name: 'Live screen' });
		const shown = screen.frameLocator('iframe').frameLocator('iframe:visible');
		const sees = async (heading: string): Promise<boolean> =>
			(await shown.getByRole('heading', { level: 1, name: heading, exact: true }).count()) > 0;
		watchers.push({ name: `watcher ${n + 1}`, page, sees });
	}
	return watchers;
}

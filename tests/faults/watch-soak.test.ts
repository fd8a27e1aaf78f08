// A session that is worked in for half an hour while five supervisors watch it in browsers of their own: neither the page that is
// recorded, nor what shows it, nor the process between them holds more at the end. WATCH_SOAK_MINUTES says how long (30).
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '#support/recorder-hub.ts';
import { FaultWorld } from './fault-world.ts';
import { heldIn, heldBy, type Held } from './held.ts';
import { openWatchers, type Watcher } from './watchers.ts';

const MINUTES = Number(process.env['WATCH_SOAK_MINUTES'] ?? 30);
const WATCHERS = 5;
const PARTS = 5;

/** What still comes in after the first part: code, caches, the list of what was done. */
const FLAT = 1.25;

/** The portal's pages, gone through by its own links, as somebody at work does. */
const VISITED = ['Tasks', 'Files', 'Messages', 'Invoices', 'Orders'];
const EVERY_MS = 12_000;
const SHOWN_WITHIN_MS = 30_000;

let world: FaultWorld;
beforeAll(async () => {
	world = await FaultWorld.open();
});
afterAll(() => world.close());

type Sample = Record<string, Held>;

async function sampleOf(watchers: readonly Watcher[], recorded: Watcher['page']): Promise<Sample> {
	const held: Sample = { process: await heldBy(world.demo), 'recorded page': await heldIn(recorded) };
	for (const { name, page } of watchers) held[name] = await heldIn(page);
	return held;
}

/** The least of each part is what is left after collections. */
function leastOf(samples: readonly Sample[], who: string, what: keyof Held): number[] {
	return Array.from({ length: PARTS }, (_, part) =>
		Math.min(
			...samples
				.filter((_sample, at) => Math.floor((at * PARTS) / samples.length) === part)
				.map((sample) => sample[who]?.[what] ?? 0)
		)
	);
}

it(`holds no more after ${MINUTES} minutes with ${WATCHERS} watchers than after the first part of them`, async () => {
	const session = await world.enter('onboarding');
	const page = await session.openTab();
	const watchers = await openWatchers(world, session.traceOf(page).ticket, WATCHERS);
	const samples: Sample[] = [];
	const endsAt = Date.now() + MINUTES * 60_000;
	for (let visit = 0; Date.now() < endsAt; visit += 1) {
		const begunAt = Date.now();
		const name = VISITED[visit % VISITED.length] ?? '';
		// What waits to be read is part of a link's name.
		const link = { name: new RegExp(`^${name}`) };
		await page.getByRole('navigation', { name: 'Portal' }).getByRole('link', link).click();
		// Who no longer follows would hold nothing, and prove nothing.
		for (const watcher of watchers)
			await until(`${watcher.name} sees ${name}`, () => watcher.sees(name), SHOWN_WITHIN_MS);
		samples.push(await sampleOf(watchers, page));
		await delay(Math.max(0, begunAt + EVERY_MS - Date.now()));
	}
	expect(samples.length).toBeGreaterThanOrEqual(PARTS);
	const grown: string[] = [];
	for (const who of Object.keys(samples[0]!))
		for (const what of ['bytes', 'nodes', 'listeners'] as const) {
			const least = leastOf(samples, who, what);
			const shown = least.map((value) => (what === 'bytes' ? (value / 1e6).toFixed(1) : String(value)));
			console.log(`${who.padEnd(14)} ${what.padEnd(9)} ${shown.join(', ')}`);
			if (least.at(-1)! > least[0]! * FLAT) grown.push(`${who}: ${what} ${shown.join(', ')}`);
		}
	expect(grown).toEqual([]);
});

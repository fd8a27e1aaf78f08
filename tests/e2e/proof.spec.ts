// The log proves itself: whole as long as nobody touched it, and the very row named once somebody did.
import { expect, test } from '@playwright/test';
import { DemoProcess } from '../support/demo-process.ts';
import { HttpPerson } from '../support/http-person.ts';
import { command, sql } from './database.ts';
import { PASSWORD, PORT } from './people.ts';
import type { Place } from './place.ts';

/** A client at work, so that there is something to prove. */
async function createTasks(port: number, count: number): Promise<void> {
	const portal = `http://portal.localhost:${port}`;
	const client = new HttpPerson(port);
	const signIn = { email: 'cora@cedar.test', password: PASSWORD };
	expect((await client.ask(`${portal}/login?/signIn`, { form: signIn })).status).toBe(303);
	for (let number = 1; number <= count; number += 1) {
		const form = { title: `To be proven, ${number}` };
		expect((await client.ask(`${portal}/tasks/new?/create`, { form })).status).toBe(303);
	}
}

const lastLine = (text: string) => text.trim().split('\n').at(-1);

test('verify-log attaches to the running demo and finds its chain whole', async () => {
	await createTasks(PORT, 1);
	const { status, stdout } = command(['verify-log']);
	expect(lastLine(stdout)).toMatch(/^chain whole to row [1-9]\d*$/);
	expect(status).toBe(0);
});

test.describe('on a server of its own, whose log is tampered with', () => {
	let demo: DemoProcess;
	let place: Place;

	test.describe.configure({ mode: 'serial' });

	test.beforeAll(async () => {
		demo = await DemoProcess.create();
		place = { port: String(demo.port), dataDir: demo.dataDir };
		await demo.start();
		await createTasks(demo.port, 4);
	});

	test.afterAll(() => demo.remove());

	test('the application’s role may neither change nor remove a row', () => {
		const before = sql('SELECT count(*) FROM action', place);
		expect(Number(before[0]?.[0])).toBeGreaterThanOrEqual(4);
		for (const deed of [
			"UPDATE action SET action = 'task.edited'",
			'DELETE FROM action',
			'TRUNCATE action'
		]) {
			const asApp = command(['db', `SET ROLE switchback_app; ${deed}`], place);
			expect(asApp.status).toBe(1);
			expect(asApp.stderr).toMatch(/permission denied/);
			// Not even the owner, as long as the triggers stand.
			const asOwner = command(['db', deed], place);
			expect(asOwner.status).toBe(1);
			expect(asOwner.stderr).toContain('the action log only grows');
		}
		const lifted = command(['db', 'SET ROLE switchback_app; ALTER TABLE action DISABLE TRIGGER ALL'], place);
		expect(lifted.status).toBe(1);
		expect(sql('SELECT count(*) FROM action', place)).toEqual(before);
		expect(lastLine(command(['verify-log'], place).stdout)).toMatch(/^chain whole to row [1-9]\d*$/);
	});

	test('a row altered past the triggers is named', () => {
		const [row] = sql('SELECT seq FROM action ORDER BY seq OFFSET 1 LIMIT 1', place);
		const seq = row![0]!;
		const deed = `UPDATE action SET action = 'task.edited' WHERE seq = ${seq}`;
		const altered = command(
			['db', `ALTER TABLE action DISABLE TRIGGER ALL; ${deed}; ALTER TABLE action ENABLE TRIGGER ALL`],
			place
		);
		expect(altered.status).toBe(0);
		const { status, stdout } = command(['verify-log'], place);
		expect(lastLine(stdout)).toBe(`broken at row ${seq}`);
		expect(status).toBe(1);
	});
});

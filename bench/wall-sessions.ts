// A data folder in which a hundred impersonations run, each of a colleague of their own and with one recorded page, and the pages
// themselves, which send what a recorder sends.
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Socket } from 'socket.io-client';
import { MAX_SKETCH_BOXES, SKETCH_STEPS } from '#protocol/limits.ts';
import { encodeBatch, EVENT, type RecordedEvent } from '#recorder/format/events.ts';
import { compose, type Composed } from '#server/compose.ts';
import { readConfig } from '#server/config.ts';
import { createLogger } from '#server/logger.ts';
import { hashSecret, IMPERSONATION_COOKIE } from '#server/sign-in/impersonation-cookie.ts';
import { prepareDemo } from '#realtime/commands/demo.ts';
import { openRecorder } from './hub-socket.ts';

type Page = { ticket: string; cookie: string };
export type WallFolder = { dataDir: string; pages: Page[] };

const MAIL = '@wall.test';

async function plantColleagues({ parts }: Composed, count: number): Promise<string[]> {
	const rows = await parts.db.execute<{ id: string }>(sql`
		INSERT INTO staff (id, agency_id, role_id, name, email)
		SELECT gen_random_uuid(), s.agency_id, s.role_id, 'Colleague ' || n, 'colleague' || n || ${MAIL}::text
		FROM staff s, generate_series(1, ${count}::int) n WHERE s.email = 'olivia@northwind.test' RETURNING id`);
	await parts.db.execute(sql`
		INSERT INTO staff_session (id, user_id, token, expires_at)
		SELECT gen_random_uuid(), id, 'wall' || id, now() + interval '1 day' FROM staff WHERE email LIKE ${`%${MAIL}`}`);
	return rows.map(({ id }) => id);
}

/** An impersonation as start and enter leave it, and a page that was opened in it. */
async function plantStay({ parts, app }: Composed, staffId: string): Promise<Page> {
	const [id, pageId, token] = [randomUUID(), randomUUID(), randomUUID()];
	const tokenHash = sql`decode(${hashSecret(token).toString('hex')}, 'hex')`;
	await parts.db.execute(sql`
		INSERT INTO impersonation (id, agency_id, client_id, contact_id, staff_id, staff_session_id, mode, reason, state, code_hash,
			code_expires_at, token_hash, started_at, expires_at, idle_limit_ms, return_to)
		SELECT ${id}, k.agency_id, k.client_id, k.id, t.user_id, t.id, 'view', 'support', 'active', ${randomBytes(32)}, now(),
			${tokenHash}, now(), now() + interval '50 minutes', 3000000, '/clients'
		FROM staff_session t, contact k JOIN client c ON c.id = k.client_id
		WHERE t.user_id = ${staffId} AND k.is_owner AND c.name = 'Bluebird Bakery'`);
	await parts.db.execute(sql`INSERT INTO impersonation_pulse (impersonation_id) VALUES (${id})`);
	await parts.db.execute(sql`
		INSERT INTO page (id, agency_id, impersonation_id, address, title, opened_at, snapshot_at, last_beat_at)
		SELECT ${pageId}, agency_id, id, '/tasks', 'Tasks', now(), now(), now() FROM impersonation WHERE id = ${id}`);
	const ticket = app.tickets.mint(id as never, pageId as never);
	return { ticket, cookie: `${IMPERSONATION_COOKIE}=${token}` };
}

/** The caller removes the folder. */
export async function makeWallFolder(sessions: number): Promise<WallFolder> {
	const dataDir = await mkdtemp(path.join(tmpdir(), 'switchback-bench-'));
	const composed = await compose(readConfig({ DATA_DIR: dataDir }), createLogger('silent'));
	try {
		await prepareDemo(composed);
		const colleagues = await plantColleagues(composed, sessions);
		const pages: Page[] = [];
		for (const staffId of colleagues) pages.push(await plantStay(composed, staffId));
		return { dataDir, pages };
	} finally {
		await composed.app.close();
	}
}

/** A page with as many boxes as one may send, all of them elsewhere than before. */
function sketchOf(random: () => number) {
	const step = (below: number) => Math.floor(random() * below);
	const box = () => [step(6), step(200), step(240), 1 + step(50), 1 + step(6)];
	const boxes = Array.from({ length: MAX_SKETCH_BOXES }, box).flat();
	return { width: 1_440, height: 900, boxes, at: [step(SKETCH_STEPS), step(SKETCH_STEPS)] };
}

/** An empty page, and a letter typed in it: what a page shows does not matter to a wall. */
const picture = (): RecordedEvent[] => [
	{
		type: EVENT.meta,
		timestamp: Date.now(),
		data: { href: 'http://portal.test/', width: 1_440, height: 900 }
	},
	{
		type: EVENT.fullSnapshot,
		timestamp: Date.now(),
		data: { node: { type: 0, id: 1, childNodes: [] }, initialOffset: { top: 0, left: 0 } }
	}
];
const letter = (): RecordedEvent[] => [
	{
		type: EVENT.incremental,
		timestamp: Date.now(),
		data: { source: 5, id: 1, text: 'a', isChecked: false, userTriggered: true }
	}
];

export class WallPage {
	private readonly socket: Socket;
	private seq = 0;

	private constructor(socket: Socket) {
		this.socket = socket;
	}

	static async open(port: number, portal: string, { ticket, cookie }: Page): Promise<WallPage> {
		for (let tries = 1; ; tries += 1) {
			const socket = await openRecorder({ port, origin: portal, cookie, ticket }).catch((error: Error) => {
				// A hub that has just begun does not know all that runs.
				if (error.message !== 'try_later' || tries > 20) throw error;
			});
			if (socket) {
				const page = new WallPage(socket);
				await page.append(picture());
				return page;
			}
			await delay(500);
		}
	}

	/** As a page in which somebody works says it every other second. */
	async work(random: () => number): Promise<void> {
		await this.append(letter());
		await this.show(random);
	}

	async show(random: () => number): Promise<void> {
		await this.ask('help:sketch', sketchOf(random));
	}

	close(): void {
		this.socket.disconnect();
	}

	private async append(events: RecordedEvent[]): Promise<void> {
		await this.ask('record:append', { seq: this.seq++, part: 0, parts: 1 }, encodeBatch(events));
	}

	private async ask(event: string, ...words: unknown[]): Promise<void> {
		const reply = (await this.socket.emitWithAck(event, ...words)) as { ok: boolean };
		if (!reply.ok) throw new Error(`${event} was refused: ${JSON.stringify(reply)}`);
	}
}

// Two agencies with the use cases of messages, notices and accounts over them, and a mailer that keeps what it sends.
import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hash } from '@node-rs/argon2';
import { sql } from 'drizzle-orm';
import type { ClientActor } from '#domain/actor.ts';
import type { PortalSetup } from '#domain/visibility.ts';
import { FileBlobs } from '#server/adapters/files/file-blobs.ts';
import { SystemClock } from '#server/adapters/inprocess/system-clock.ts';
import { composeAccount } from '#server/compose/account.ts';
import { composeMessages } from '#server/compose/messages.ts';
import { composeNotices } from '#server/compose/notices.ts';
import { composeSignIn } from '#server/compose/sign-in.ts';
import type { Parts } from '#server/compose/parts.ts';
import type { OutgoingMail } from '#server/ports/mailer.ts';
import { impersonate, impersonationKit, signInStaff, testIds } from './impersonate.ts';
import { createTestDatabase } from './test-database.ts';
import { seedTwoAgencies, type SeededClient, type SeededStaff } from './two-agencies.ts';

export const PASSWORD = 'a password of the tests';
const ORIGINS = { agencyOrigin: 'http://localhost:3000', portalOrigin: 'http://portal.localhost:3000' };

export type PeopleWorld = Awaited<ReturnType<typeof openPeopleWorld>>;

export async function openPeopleWorld() {
	const database = await createTestDatabase();
	const { db } = database;
	const blobs = await FileBlobs.open(
		path.join(mkdtempSync(path.join(tmpdir(), 'switchback-people-')), 'blobs')
	);
	const both = await seedTwoAgencies(db, blobs);
	const kit = impersonationKit(db);
	const sent: OutgoingMail[] = [];
	const relay: { fails: string | null } = { fails: null };
	const mailer = {
		send: (mail: OutgoingMail) => {
			if (relay.fails) return Promise.reject(new Error(relay.fails));
			sent.push(mail);
			return Promise.resolve();
		},
		close: () => Promise.resolve()
	};
	const parts = {
		db,
		act: kit.act,
		ids: testIds,
		blobs,
		mailer,
		clock: new SystemClock(),
		secret: 'a secret of the tests, long enough to sign with',
		config: ORIGINS
	} as unknown as Parts;
	const contact = (
		client: SeededClient = both.north.clients.assigned,
		who: 'owner' | 'contact' = 'owner',
		side: 'north' | 'south' = 'north'
	): ClientActor => ({
		kind: 'client',
		agencyId: both[side].agencyId,
		clientId: client.clientId,
		contactId: client[who]
	});
	const notices = composeNotices(parts);
	const passwordHash = await hash(PASSWORD);
	return {
		database,
		db,
		both,
		kit,
		sent,
		relay,
		notices,
		contact,
		messages: composeMessages(parts),
		account: composeAccount(parts),
		signIn: composeSignIn(parts),
		other: () => contact(both.south.clients.assigned, 'owner', 'south'),
		staff: (key: SeededStaff, side: 'north' | 'south' = 'north') =>
			signInStaff(db, both[side].agencyId, both[side].staff[key]),
		inside: async (mode: 'act' | 'view') => {
			const { clientId, owner: contactId } = both.north.clients.assigned;
			const who = {
				agencyId: both.north.agencyId,
				staffId: both.north.staff.manager
			};
			const made = await impersonate(
				db,
				{
					...who,
					clientId,
					contactId,
					mode
				},
				kit
			);
			const end = () =>
				kit.end(made.actor, {
					impersonationId: made.impersonationId,
					reason: 'switch_back'
				});
			return {
				...made,
				end
			};
		},
		setUp: async (setup: PortalSetup, client: SeededClient = both.north.clients.assigned) => {
			await database.owner`UPDATE client SET portal_setup = ${database.owner.json(setup as never)}
				WHERE id = ${client.clientId}`;
		},
		givePassword: async (side: 'staff' | 'contact', id: string) => {
			await db.execute(sql`INSERT INTO ${sql.identifier(`${side}_account`)} (id, user_id, account_id, provider_id, password)
				VALUES (${randomUUID()}, ${id}, ${id}, 'credential', ${passwordHash})`);
		},
		emailOf: async (side: 'staff' | 'contact', id: string) => {
			const [row] = await db.execute<{
				email: string;
			}>(sql`SELECT email FROM ${sql.identifier(side)} WHERE id = ${id}`);
			return row!.email;
		},
		lastAction: async () => {
			const [row] = await database.sql<Record<string, string>[]>`
				SELECT seq, action, outcome, refusal, client_id, contact_id, actor_staff_id FROM action ORDER BY seq DESC LIMIT 1`;
			return row!;
		},
		deliver: async () => {
			let delivered = 0;
			for (;;) {
				const rows = await database.sql<
					{
						payload: {
							job?: {
								name: string;
								data: { seqs?: string[]; mailId?: string };
							};
						};
					}[]
				>`
					DELETE FROM outbox RETURNING payload`;
				if (rows.length === 0) return delivered;
				delivered += rows.length;
				for (const { payload } of rows) {
					if (payload.job?.name === 'notices.spread') await notices.spread(payload.job.data.seqs!);
					if (payload.job?.name === 'mail.send')
						await notices.sendMail(payload.job.data.mailId!).catch(() => undefined);
				}
			}
		},
		linkTo: async (address: string) => {
			const rows = await database.sql<
				{
					link: string | null;
				}[]
			>`
				SELECT link FROM mail WHERE recipient = ${address} ORDER BY created_at DESC, id DESC LIMIT 1`;
			return rows[0]?.link ?? null;
		}
	};
}

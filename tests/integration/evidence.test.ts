// An evidence pack: whole as it was made, logged before it leaves, silent about other clients; and whatever is done to the file, the
// verifier names the first member or row that is bad.
import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AFTERWARDS } from '#domain/actions.ts';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { exitCodeOf, lineOf } from '#server/evidence/verify-pack.ts';
import { KEPT_BACK, MANIFEST, SIGNATURE } from '#server/evidence/pack-format.ts';
import { DeskProcess } from '#support/desk-process.ts';
import {
	evidenceDeps,
	makeEvidence,
	membersOf,
	packOf,
	rehashed,
	rowsOf,
	STAND_IN,
	testSigner,
	verified,
	withRows,
	type Members
} from '#support/evidence-packs.ts';
import type { MakeDeps } from '#server/usecases/evidence/make-pack.ts';
import { impersonate, signInStaff, type Impersonated } from '#support/impersonate.ts';
import { RecordingsWorld } from '#support/recordings-world.ts';

const signer = testSigner();
let world: RecordingsWorld;
let admin: StaffActor;
let inside: Impersonated;
let other: Impersonated;
let file: Buffer;
let members: Members;
let sha256: string;

const refusal = (code: string) => expect.objectContaining({ code }) as AppError;

/** Somebody looks at a few pages, is recorded, and switches back; in between a colleague is inside elsewhere. */
beforeAll(async () => {
	world = await RecordingsWorld.open();
	const { db } = world.database;
	const { north } = world.agencies;
	admin = await signInStaff(db, north.agencyId, north.staff.admin);
	inside = await world.impersonate(north);
	await world.recordPage(inside, { seconds: 25 });
	for (const address of ['/tasks', '/invoices'])
		await db.execute(sql`INSERT INTO view (id, agency_id, impersonation_id, page_id, kind, address, status)
			VALUES (gen_random_uuid(), ${north.agencyId}, ${inside.impersonationId}, ${inside.pageId}, 'page', ${address}, 200)`);
	const make = () => makeEvidence(evidenceDeps(world, signer), admin, inside.impersonationId);
	const elsewhere = { agencyId: north.agencyId, staffId: north.staff.admin, ...otherClient() };
	other = await impersonate(db, elsewhere, world.kit);
	await expect(make()).rejects.toEqual(refusal('conflict'));
	await world.kit.end(inside.actor, { impersonationId: inside.impersonationId, reason: 'switch_back' });
	await expect(make()).rejects.toEqual(refusal('try_later'));
	await world.process({}, new DeskProcess()).recordings.seal(inside.pageId);
	const made = await make();
	file = made.file;
	sha256 = made.pack.sha256;
	members = await membersOf(file);
});
afterAll(() => world.close());

function otherClient() {
	const { clientId, owner } = world.agencies.north.clients.unassigned;
	return { clientId, contactId: owner };
}

const found = async (bytes: Buffer, key = signer.publicKey) => lineOf(await verified(bytes, key), true);
const brokenAt = async (changed: Members, by: typeof signer | null = signer): Promise<string> =>
	found(await packOf(world.folder, changed, by));

describe('a pack', () => {
	it('is whole, and says so in one line', async () => {
		const line = await found(file);
		expect(line).toMatch(/^evidence whole: .*, 2 views, 3 blocks; signed by the key you trust$/);
		// Attack: a whole pack of somebody else's making, signed by a key of their own.
		const unknown = await verified(file, null);
		expect(lineOf(unknown, false)).toMatch(
			/^evidence whole in itself, not checked whose key: .* to be compared with the one the agency names$/
		);
		expect([exitCodeOf(unknown, true), exitCodeOf(unknown, false)]).toEqual([0, 3]);
		expect(await brokenAt(members)).toBe(line);
	});

	it('was logged with its SHA-256 and the reason, under the client’s account, and is no part of the recording', async () => {
		expect(createHash('sha256').update(file).digest('hex')).toBe(sha256);
		const rows = await world.database.db.execute<{ client_id: string; details: string }>(
			sql`SELECT a.client_id, d.details FROM action a JOIN action_details d ON d.seq = a.seq
				WHERE a.action = 'evidence.exported' AND a.outcome = 'done'`
		);
		expect(rows.map((row) => row.client_id)).toEqual([inside.actor.clientId]);
		expect(JSON.parse(rows[0]!.details)).toMatchObject({
			sha256,
			reason: 'The client asked for it',
			bytes: file.length
		});
	});

	it('tells rows of other clients by their hashes alone', () => {
		const everything = [...members.values()].map((content) => content.toString('latin1')).join('\n');
		expect(everything).toContain(inside.actor.clientId);
		for (const id of [other.impersonationId, other.actor.clientId, other.actor.contactId])
			expect(everything).not.toContain(id);
		const links = members.get('chain.ndjson')!.toString();
		expect(links).toContain('"blind"');
		expect(rowsOf(members).every((row) => row['impersonationId'] === inside.impersonationId)).toBe(true);
	});

	it('needs both permissions, and the refused attempt is in the log', async () => {
		const { db } = world.database;
		const { north, south } = world.agencies;
		const reviewer = await signInStaff(db, north.agencyId, north.staff.supervisor);
		const stranger = await signInStaff(db, south.agencyId, south.staff.admin);
		const ask = (actor: StaffActor) =>
			makeEvidence(evidenceDeps(world, signer), actor, inside.impersonationId);
		await expect(ask(reviewer)).rejects.toEqual(refusal('not_allowed'));
		await expect(ask(stranger)).rejects.toEqual(refusal('not_found'));
		const [row] = await db.execute<{ staff: string }>(sql`SELECT actor_staff_id AS staff FROM action
			WHERE action = 'evidence.exported' AND outcome = 'refused'`);
		expect(row?.staff).toBe(reviewer.staffId);
	});
});

describe('a file that was tampered with', () => {
	it('is found out wherever one bit was flipped', async () => {
		const step = Math.max(1, Math.floor(file.length / 150));
		for (let at = 0; at < file.length; at += step) {
			const flipped = Buffer.from(file);
			flipped[at]! ^= 1 << (at % 8);
			expect(await found(flipped), `bit at ${at}`).toMatch(/^evidence broken at /);
		}
	});

	it('is found out when it is cut off, or something is put before, behind or between', async () => {
		for (const length of [0, 21, 22, 500, file.length - 500, file.length - 22, file.length - 1])
			expect(await found(file.subarray(0, length))).toMatch(/^evidence broken at the file/);
		expect(await found(Buffer.concat([file, Buffer.of(0)]))).toMatch(/^evidence broken at the file/);
		expect(await found(Buffer.concat([Buffer.of(0), file]))).toMatch(/^evidence broken at /);
		expect(await found(Buffer.alloc(5_000, 'x'))).toMatch(/^evidence broken at the file/);
	});

	it('names a block that was taken out, in the zip and in the index', async () => {
		const without = new Map(members);
		without.delete('recording/00002.block');
		expect(await brokenAt(without)).toMatch(/^evidence broken at recording\/00002.block: it is missing/);
		const index = JSON.parse(members.get('recording/index.json')!.toString()) as {
			pages: { blocks: unknown[] }[];
		};
		index.pages[0]!.blocks.splice(1, 1);
		without.set('recording/index.json', Buffer.from(JSON.stringify(index)));
		expect(await brokenAt(without)).toMatch(
			/^evidence broken at recording\/00003.block: a block before it is missing/
		);
		const unnamed = new Map(members).set('recording/index.json', Buffer.from(JSON.stringify(index)));
		expect(await brokenAt(unnamed)).toContain('evidence broken at recording/00003.block');
	});

	it('names the row where rows were put in another order, left out, or changed', async () => {
		const rows = rowsOf(members);
		const [first, second] = rows;
		expect(await brokenAt(withRows(members, [second!, first!, ...rows.slice(2)]))).toContain(
			`at row ${first!.seq}: the rows are not`
		);
		expect(await brokenAt(withRows(members, rows.slice(1)))).toContain(`at row ${first!.seq}`);
		const changed = rows.map((row) => (row === second ? { ...row, action: 'task.created' } : row));
		expect(await brokenAt(withRows(members, changed))).toBe(
			`evidence broken at row ${second!.seq}: it was changed`
		);
		const said = rows.map((row) => (row === second ? { ...row, details: '{}' } : row));
		expect(await brokenAt(withRows(members, said))).toContain(
			`at row ${second!.seq}: its details were changed`
		);
	});

	it('names the row whose words somebody left out', async () => {
		for (const row of rowsOf(members)) {
			const silent = rowsOf(members).map((it) =>
				it.seq === row.seq ? { ...it, details: null, salt: null } : it
			);
			expect(await brokenAt(withRows(members, silent))).toBe(
				`evidence broken at row ${row.seq}: its details are missing, and no row says that they were erased`
			);
		}
	});

	it('is found out although every hash was made to fit: the signed heads are not theirs to make', async () => {
		const rows = rowsOf(members);
		const forged = rehashed(
			rows.map((row, n) => (n === 1 ? { ...row, at: '2026-01-01T00:00:00.000000Z' } : row))
		);
		const changed = withRows(members, forged);
		expect(await brokenAt(changed, null)).toMatch(
			/^evidence broken at signature.json: the signature does not fit/
		);
		// Even with the key that signs packs: the heads were signed when it happened, over what happened.
		expect(await brokenAt(changed)).toMatch(
			/^evidence broken at row \d+: (a row before it|the chain does not lead)/
		);
	});

	it('is found out when an action or a view is left out that the end row counted', async () => {
		const views = members.get('views.ndjson')!.toString().split('\n');
		const fewer = new Map(members).set('views.ndjson', Buffer.from(views.slice(1).join('\n')));
		expect(await brokenAt(fewer)).toContain(
			'at views.ndjson: what was looked at is not what the row of the end holds'
		);
	});

	it('is found out when somebody else signed it', async () => {
		const stranger = testSigner();
		const theirs = await packOf(world.folder, members, stranger);
		expect(await found(theirs)).toMatch(/^evidence broken at signature.json: another installation signed it/);
		// On its own it names a key nobody knows, and its heads are not that key's.
		expect(lineOf(await verified(theirs, null), false)).toMatch(/^evidence broken at the head at row \d+/);
	});

	it('is refused with names that lead out of a folder, members that are there twice, and members that are not ours', async () => {
		const named = (name: string) => renamed(file, 'summary.html', name);
		for (const name of ['../ummary.ht', '/ummary.html', 'a\\mmary.html', 'summary..htm', 'C:mmary.html'])
			expect(await found(named(name))).toContain('as no pack of ours does');
		expect(await found(renamed(file, 'actions.ndjson', 'recording/0.js'))).toMatch(/^evidence broken at /);
		const extra = new Map(members).set('run.exe', Buffer.from('x'));
		const entries = [...extra].filter(([name]) => name !== MANIFEST && name !== SIGNATURE);
		const withExtra = await packOf(world.folder, new Map([...entries, ...[...members].slice(-2)]), signer);
		expect(await found(withExtra)).toMatch(/^evidence whole/);
		expect(await found(renamed(withExtra, 'run.exe', 'ran.exe'))).toMatch(/^evidence broken at /);
	});

	it('never unpacks more than was said, nor more than a member of ours can be', async () => {
		const bomb = new Map(members).set('summary.html', Buffer.alloc(2_000_000));
		const small = await packOf(world.folder, bomb, signer);
		const lied = resized(small, 'summary.html', 10);
		expect(await found(lied)).toContain('at summary.html: it cannot be unpacked');
		expect(await found(resized(small, 'summary.html', 0xffff_0000))).toContain(
			'larger than any member of ours'
		);
	});
});

describe('a pack that is made later', () => {
	const again = (parts?: MakeDeps['parts']) =>
		makeEvidence(
			evidenceDeps(world, signer, parts),
			admin,
			inside.impersonationId,
			'For the court in Bremen'
		);

	it('keeps back what the agency did with the recording, and what was noted for its reviewers', async () => {
		expect(AFTERWARDS.filter((action) => !KEPT_BACK.has(action))).toEqual([]);
		const later = await again();
		const { file: latest } = await again();
		expect(await found(latest)).toMatch(/; details of 3 rows kept back; signed by the key you trust$/);
		const texts = await membersOf(latest);
		const everything = [...texts.values()].map(String).join('\n');
		expect(everything).toContain('evidence.exported');
		expect(everything).not.toContain('Bremen');
		expect(everything).not.toContain(later.pack.sha256);
	});

	it('does not leave when it was erased while it was made', async () => {
		const erasing = async () => {
			await world.database.db.execute(sql`UPDATE page SET erased_at = now() WHERE id = ${inside.pageId}`);
			return STAND_IN;
		};
		await expect(again(erasing)).rejects.toThrow('erased while the pack was made');
		await world.database.db.execute(sql`UPDATE page SET erased_at = NULL WHERE id = ${inside.pageId}`);
	});

	it('says which page’s last blocks were gone by then, or all of them', async () => {
		await world.database.db.execute(sql`DELETE FROM block WHERE page_id = ${inside.pageId} AND first_seq =
			(SELECT max(first_seq) FROM block WHERE page_id = ${inside.pageId})`);
		expect(await found((await again()).file)).toMatch(
			/2 blocks.*; lost before this pack was made: [^,;]*: all behind batch \d+;/
		);
		await world.database.db.execute(sql`UPDATE page SET snapshot_at = now() WHERE id = ${inside.pageId}`);
		await world.database.db.execute(sql`DELETE FROM block WHERE page_id = ${inside.pageId}`);
		expect(await found((await again()).file)).toMatch(
			/0 blocks.*; lost before this pack was made: [^,;]*: all of it;/
		);
	});

	it('says that words were erased with the client, and that views are not provable without them', async () => {
		const { clientId } = inside.actor;
		await world.kit.act(admin, { action: 'client.erased', clientId }, async (tx) => {
			await tx.execute(
				sql`DELETE FROM action_details d USING action a WHERE a.seq = d.seq AND a.client_id = ${clientId}`
			);
			await tx.execute(sql`UPDATE client SET erased_at = now() WHERE id = ${clientId}`);
			return {
				value: undefined,
				subject: { type: 'client', id: clientId },
				details: { reason: 'By letter' }
			};
		});
		const { file: last } = await again();
		expect(await found(last)).toMatch(
			/; details of \d+ rows kept back; details of \d+ rows erased with the client; views not provable;/
		);
		expect(rowsOf(await membersOf(last)).at(-1)).toMatchObject({ action: 'client.erased', details: null });
	});

	it('is not made over a head that stands under an earlier key’s name with a signature that does not fit', async () => {
		await world.database.db.execute(sql`
			WITH k AS (INSERT INTO signing_key (id, public_key) VALUES (gen_random_uuid(), ${testSigner().publicPem}) RETURNING id)
			INSERT INTO signed_head (id, agency_id, seq, rows, hash, key_id, signature)
			SELECT gen_random_uuid(), a.agency_id, a.seq, 1, a.hash, k.id, a.hash FROM action a, k
			WHERE a.impersonation_id = ${inside.impersonationId} ORDER BY a.seq LIMIT 1`);
		await expect(again()).rejects.toThrow('has a signature that does not fit');
	});
});

/** Every place where a name stands, in the list and in the member's head, exchanged for one as long. */
function renamed(pack: Buffer, from: string, to: string): Buffer {
	expect(to.length).toBe(from.length);
	const changed = Buffer.from(pack);
	for (let at = changed.indexOf(from); at !== -1; at = changed.indexOf(from, at + 1))
		changed.write(to, at, 'latin1');
	return changed;
}

/** A member that says another length, in its head and in the list. */
function resized(pack: Buffer, name: string, bytes: number): Buffer {
	const changed = Buffer.from(pack);
	changed.writeUInt32LE(bytes, changed.indexOf(name) - 30 + 22);
	changed.writeUInt32LE(bytes, changed.lastIndexOf(name) - 46 + 24);
	return changed;
}

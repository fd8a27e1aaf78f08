// A client's key pair for personal data in recordings: pages encrypt to the public half, the private one lies in the
// database wrapped by the agency's key. Deleting the row makes the client's personal data unreadable in every recording,
// and leaves the recordings and their chains whole.
import { createECDH } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Db } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { agencyKey, unwrapKey, wrapKey } from './recording-keys.ts';

const CURVE = 'prime256v1';

export type ClientIds = { agencyId: string; clientId: string };

/** The public half as a page is given it, and the private one as the reader of a recording needs it. */
export type PublicPersonalKey = { id: string; publicKey: string };
export type OpenPersonalKey = { id: string; privateKey: Buffer };

export class PersonalKeys {
	private readonly deps: { db: Db; ids: Ids; master: Uint8Array };

	constructor(deps: { db: Db; ids: Ids; master: Uint8Array }) {
		this.deps = deps;
	}

	/** The client's public key, made with the first page that needs it. Of several at once, all get the same. */
	async ensure(client: ClientIds): Promise<PublicPersonalKey | null> {
		return (await this.find(client)) ?? this.make(client);
	}

	/**
	 * The private halves of the client's keys by their id; an erased one is not among them. Attack: a recording names any
	 * key it likes, as often as it likes, so what it names is looked up here and never asked of the database.
	 */
	async open({ agencyId, clientId }: ClientIds): Promise<ReadonlyMap<string, OpenPersonalKey>> {
		const rows = await this.deps.db.execute<{ id: string; wrapped: Buffer }>(sql`
			SELECT id, wrapped FROM client_personal_key WHERE client_id = ${clientId} AND agency_id = ${agencyId}`);
		const by = agencyKey(this.deps.master, agencyId, 'personal');
		return new Map(rows.map(({ id, wrapped }) => [id, { id, privateKey: unwrapKey(by, wrapped, id) }]));
	}

	private async find({ agencyId, clientId }: ClientIds): Promise<PublicPersonalKey | null> {
		const [row] = await this.deps.db.execute<{ id: string; public_key: Buffer }>(sql`
			SELECT id, public_key FROM client_personal_key WHERE client_id = ${clientId} AND agency_id = ${agencyId}`);
		return row ? { id: row.id, publicKey: Buffer.from(row.public_key).toString('base64') } : null;
	}

	private async make(client: ClientIds): Promise<PublicPersonalKey | null> {
		const { db, ids, master } = this.deps;
		const { agencyId, clientId } = client;
		const pair = createECDH(CURVE);
		const publicKey = pair.generateKeys();
		const id = ids.uuid();
		const wrapped = wrapKey(agencyKey(master, agencyId, 'personal'), pair.getPrivateKey(), id);
		await db.execute(sql`
			INSERT INTO client_personal_key (id, agency_id, client_id, public_key, wrapped)
			SELECT ${id}::uuid, c.agency_id, c.id, ${publicKey}::bytea, ${wrapped}::bytea FROM client c
			WHERE c.id = ${clientId} AND c.agency_id = ${agencyId}
			ON CONFLICT (client_id) DO NOTHING`);
		return this.find(client);
	}
}

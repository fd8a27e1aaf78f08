// What an impersonation of another demo was about, found in this one: by what people call it, since numbers differ.
import { sql, type SQL } from 'drizzle-orm';
import type { Reader } from '#server/db/types.ts';

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

const NAMED: Record<string, (clientId: string, label: string) => SQL> = {
	task: (clientId, label) => sql`SELECT id FROM task WHERE client_id = ${clientId} AND title = ${label}`,
	file: (clientId, label) => sql`SELECT id FROM file WHERE client_id = ${clientId} AND name = ${label}
		AND deleted_at IS NULL`,
	invoice: (clientId, label) =>
		sql`SELECT id FROM invoice WHERE client_id = ${clientId} AND number = ${label}`,
	contact: (clientId, label) => sql`SELECT id FROM contact WHERE client_id = ${clientId} AND name = ${label}`
};

/** Ids of another demo and what they are here. */
export class SameHere {
	private readonly known = new Map<string, string>();
	private readonly reader: Reader;
	private readonly clientId: string;

	constructor(reader: Reader, clientId: string) {
		this.reader = reader;
		this.clientId = clientId;
	}

	set(there: string, here: string): void {
		this.known.set(there, here);
	}

	/** Takes note of a thing by its name; what is not here stays without a number. */
	async note(type: string | null, there: string | null, label: string | null): Promise<void> {
		if (!type || !there || !label || this.known.has(there)) return;
		const [row] = (await this.reader.execute<{ id: string }>(
			NAMED[type]?.(this.clientId, label) ?? sql`SELECT NULL::uuid AS id WHERE false`
		)) as { id: string }[];
		if (row) this.known.set(there, row.id);
	}

	id(there: string | null): string | null {
		return there === null ? null : (this.known.get(there) ?? null);
	}

	/** The same text with the numbers of here; of what is not here the number stays, and leads nowhere. */
	text(there: string): string {
		return there.replace(UUID, (id) => this.known.get(id) ?? id);
	}

	value<T>(there: T): T {
		return JSON.parse(this.text(JSON.stringify(there))) as T;
	}
}

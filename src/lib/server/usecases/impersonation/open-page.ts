// Pages and views: what is shown while impersonating is written down before the answer leaves.
import { sql } from 'drizzle-orm';
import type { ImpersonationActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { PageId } from '#domain/ids.ts';
import { storedAddress } from '#domain/stored-address.ts';
import type { Db } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import type { Signal } from '#server/ports/signals.ts';
import { MASKING_VERSION, type PageMasking } from '#protocol/masking.ts';
import type { PageTickets } from '#server/sign-in/page-ticket.ts';

export type OpenPageDeps = {
	db: Db;
	ids: Ids;
	tickets: PageTickets;
	maskingOf(actor: ImpersonationActor): Promise<PageMasking>;
};

/** Attack: a link with a token in it is opened inside, and whoever reads the views or the log may use it. */
const stored = (address: string): string => storedAddress(address).slice(0, 2_000);

/** Makes the row of one document, its ticket, and what its recorder has to mask. */
export const openPage =
	({ db, ids, tickets, maskingOf }: OpenPageDeps) =>
	async (
		actor: ImpersonationActor,
		address: string
	): Promise<{ pageId: PageId; ticket: string; masking: PageMasking }> => {
		const pageId = ids.uuid() as PageId;
		const masking = await maskingOf(actor);
		await db.execute(sql`
			INSERT INTO page (id, agency_id, impersonation_id, address, masking, masking_version)
			VALUES (${pageId}, ${actor.agencyId}, ${actor.impersonationId}, ${stored(address)}, ${masking.profile},
				${MASKING_VERSION}::int)`);
		return { pageId, ticket: tickets.mint(actor.impersonationId, pageId), masking };
	};

export type NewView = {
	kind: 'page' | 'data' | 'file';
	address: string;
	subject: { type: string; id: string; label: string } | null;
	status: number;
};

/**
 * Writes a view, and counts the request as a sign of activity.
 * @throws AppError `impersonation_over` when it ended meanwhile: then the answer must not leave
 */
export const writeView =
	({ db, ids, publish }: { db: Db; ids: Ids; publish(signal: Signal): Promise<void> }) =>
	async (actor: ImpersonationActor, view: NewView): Promise<void> => {
		const id = ids.uuid();
		const { agencyId, impersonationId, pageId } = actor;
		// The share lock makes an end wait: its row counts and hashes every view there is.
		const written = await db.execute(sql`
			WITH live AS MATERIALIZED (SELECT id FROM impersonation
				WHERE id = ${impersonationId} AND agency_id = ${agencyId} AND state = 'active' FOR SHARE),
			pulse AS (UPDATE impersonation_pulse SET last_activity_at = clock_timestamp()
				WHERE impersonation_id IN (SELECT id FROM live))
			INSERT INTO view (id, agency_id, impersonation_id, page_id, kind, address, subject_type, subject_id,
				subject_label, status)
			SELECT ${id}, ${agencyId}, live.id, ${pageId}, ${view.kind}, ${stored(view.address)},
				${view.subject?.type ?? null}, ${view.subject?.id ?? null}, ${view.subject?.label ?? null}, ${view.status}::int
			FROM live RETURNING id`);
		if (written.length === 0) throw new AppError('impersonation_over', 'This impersonation is over.');
		await publish({ topic: 'view.written', agencyId, impersonationId, viewId: id });
	};

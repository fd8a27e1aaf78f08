// The list of recordings, narrowed by what could be read on their pages, too. What that answers is a client's data, so it is a search like
// any other (search-seen): in the log before anybody sees it.
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError, isAppError } from '#domain/errors.ts';
import type { ClientId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import { readTerms } from '#server/recordings/search-words.ts';
import { listRecordings, type RecordingList } from './list-recordings.ts';
import type { RecordingFilters } from './recording-filters.ts';
import { clientOf } from './search-seen.ts';

/** What of it the log keeps: the words and what they were narrowed to, how many were found, and nothing of them. */
const detailsOf = (
	{ seen, zone: _zone, client: _client, sort: _sort, ...rest }: RecordingFilters,
	found: RecordingList
) => ({
	words: seen,
	...rest,
	recordings: found.isMore ? `more than ${found.total}` : found.total
});

/** @throws AppError `not_allowed` without the permission `review` (logged where it is a search) */
export const findRecordings = (deps: { act: Act; db: Db; liveLog: LiveLog }) => {
	const list = listRecordings(deps);
	return async (actor: StaffActor, filters: RecordingFilters, origin: Origin): Promise<RecordingList> => {
		if (filters.seen === undefined || readTerms(filters.seen).length === 0)
			return list(actor, { ...filters, seen: undefined });
		const subject = await clientOf(deps.db, actor.agencyId, filters.client);
		const clientId = (subject?.id ?? null) as ClientId | null;
		const deed = { action: 'recordings.searched', clientId, subject, origin } as const;
		// Outside of the change, which holds one connection; the gate says no by itself, and logs that.
		const found = await list(actor, filters).catch((error: unknown) => {
			if (isAppError(error) && error.code === 'not_allowed') return null;
			throw error;
		});
		return deps.act(actor, deed, () => {
			if (!found) throw new AppError('not_allowed', 'Your role does not include recordings.');
			return Promise.resolve({ value: found, details: detailsOf(filters, found) });
		});
	};
};

// A deed done to a recording by whoever reviews it: it stands under the client's account and the impersonation.
import type { ActionName } from '#domain/actions.ts';
import type { Origin } from '#domain/actor.ts';
import type { Deed } from '#server/db/act.ts';
import type { HeadRow } from '../recordings/read-rows.ts';

export const recordingDeed = (
	head: Pick<HeadRow, 'id' | 'client_id' | 'contact_id' | 'client' | 'staff'>,
	action: ActionName,
	origin: Origin
): Deed => ({
	action,
	clientId: head.client_id,
	contactId: head.contact_id,
	impersonationId: head.id,
	subject: { type: 'impersonation', id: head.id, label: `${head.client}, ${head.staff}` },
	origin
});

// Which services a client is shown: the one condition that catalogue, page, order form and the order itself ask.
import { sql } from 'drizzle-orm';
import type { AgencyId, ClientId } from '#domain/ids.ts';

/** SQL on the service under the alias `s`: published, and meant for all clients or for this one. */
export const seenBy = (who: { agencyId: AgencyId; clientId: ClientId }) => sql`
	s.agency_id = ${who.agencyId} AND s.status = 'published' AND (s.visible_to = 'all' OR EXISTS (
		SELECT FROM service_client x WHERE x.service_id = s.id AND x.client_id = ${who.clientId}))`;

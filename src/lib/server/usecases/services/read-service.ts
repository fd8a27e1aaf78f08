// One service of the catalogue.
import type { PortalActor } from '#domain/actor.ts';
import type { ShownService } from '#domain/shown-service.ts';
import { may } from '#domain/visibility.ts';
import type { Db } from '#server/db/types.ts';
import { requireArea } from '../portal/scope.ts';
import { findService, shownService } from './find-service.ts';

/** @throws AppError `not_found`, also for a service that is not shown to this client */
export const readService =
	({ db }: { db: Db }) =>
	async (actor: PortalActor, id: string): Promise<ShownService> => {
		const view = await requireArea(db, actor, 'services');
		const found = await findService(db, actor, id);
		return shownService(found, {
			prices: may('services.prices', view, 'see'),
			faq: may('services.faq', view, 'see')
		});
	};

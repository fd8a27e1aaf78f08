import { may } from '#domain/visibility.ts';
import { loading, requirePortal, showed } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor, view } = requirePortal(event, 'services');
		const service = await event.locals.app.services.read(actor, event.params.id);
		showed(event, 'service', service.id, service.name);
		return { service, mayOrder: may('orders.place', view) };
	});

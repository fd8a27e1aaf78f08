import { z } from 'zod';
import { AppError } from '#domain/errors.ts';
import { PAGE_SIZE } from '#server/usecases/agency/require-reader.ts';
import { startInput } from '#server/usecases/impersonation/start-impersonation.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import { readTab } from './read-tab.ts';
import { openTabs, pageOf, tabOf } from './tabs.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { actor, permissions } = requireStaff(event, 'clients.read');
	const { app } = event.locals;
	const clientId = event.params.id;
	const params = event.url.searchParams;
	const page = pageOf(params.get('page'));
	return loading(async () => {
		const client = await app.agency.readClient(actor, clientId);
		const restartOf = params.get('restart');
		const [content, left, restart] = await Promise.all([
			readTab(app, { actor, client, tab: tabOf(params.get('tab')), page, params }),
			app.receipt.readLeft(actor, clientId),
			restartOf && client.impersonate ? app.agency.readRestart(actor, clientId, restartOf) : null
		]);
		return {
			client,
			tabs: openTabs(permissions),
			content,
			left,
			restart,
			page,
			pageSize: PAGE_SIZE,
			may: {
				watch: permissions.has('observe'),
				replay: permissions.has('review'),
				readLog: permissions.has('actions.read'),
				manage: permissions.has('clients.manage'),
				erase: permissions.has('erase'),
				managePortal: permissions.has('portal.manage'),
				tasks: permissions.has('tasks.manage'),
				files: permissions.has('files.manage'),
				services: permissions.has('services.manage'),
				orders: permissions.has('orders.manage'),
				billing: permissions.has('billing.manage')
			}
		};
	});
};

/** A form sends empty text where a value is absent. */
const tidy = (form: unknown): unknown => {
	if (typeof form !== 'object' || form === null) return form;
	const { restartedFrom, enterAt, ...rest } = form as Record<string, unknown>;
	return { ...rest, restartedFrom: restartedFrom || null, enterAt: enterAt || undefined };
};
const dialogForm = z.preprocess(tidy, startInput.and(z.object({ endCurrent: z.literal('1').optional() })));

export const actions: Actions = {
	/** Starts; the answer is what the page must post to the portal to get in, usable once and for 30 s. */
	impersonate: formAction(dialogForm, async (event, { endCurrent, ...start }) => {
		const { actor } = requireStaff(event);
		const { app, origin } = event.locals;
		if (start.clientId !== event.params['id']) throw new AppError('not_found', 'There is no such client.');
		const { code } = await app.impersonation.start(actor, start, { endCurrent: endCurrent === '1', origin });
		return { entry: { code, action: `${app.config.portalOrigin}/enter` } };
	})
};

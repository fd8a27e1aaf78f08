import type { RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { AppError } from '#domain/errors.ts';
import { mayCancelOrder, movesFrom } from '#domain/order-status.ts';
import { cancelInput } from '#server/usecases/orders/cancel-order.ts';
import { orderMessageInput } from '#server/usecases/orders/message-about-order.ts';
import { moveInput } from '#server/usecases/orders/move-order.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import { pageOf } from '../../../portal/list-query.ts';
import { staffUploadAction } from '../../../portal/upload-action.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor, permissions } = requireStaff(event, 'orders.manage');
		const pages = {
			steps: pageOf(event.url, 'steps'),
			messages: pageOf(event.url, 'messages'),
			files: pageOf(event.url, 'files')
		};
		const order = await event.locals.app.orders.readForStaff(actor, event.params.id, pages);
		if (order.threadId && order.messages && permissions.has('messages.manage'))
			await event.locals.app.messages.markRead(actor, { id: order.threadId, messages: order.messages });
		return {
			order,
			pages,
			moves: movesFrom(order.status),
			mayCancel: mayCancelOrder(order.status, 'staff'),
			may: { billing: permissions.has('billing.manage'), tasks: permissions.has('tasks.manage') }
		};
	});

const actorOf = (event: RequestEvent) => requireStaff(event, 'orders.manage').actor;
const idOf = (event: RequestEvent): string => event.params['id'] ?? '';

export const actions: Actions = {
	move: formAction(moveInput, async (event: RequestEvent, move) => {
		const { app, origin } = event.locals;
		await app.orders.move(actorOf(event), { ...move, orderId: idOf(event) }, origin);
	}),
	cancel: formAction(cancelInput, async (event: RequestEvent, { reason }) => {
		const { app, origin } = event.locals;
		await app.orders.cancel(actorOf(event), { orderId: idOf(event), reason }, origin);
	}),
	restore: formAction(z.object({}), async (event: RequestEvent) => {
		const { app, origin } = event.locals;
		await app.orders.restore(actorOf(event), { orderId: idOf(event) }, origin);
	}),
	message: formAction(orderMessageInput, async (event: RequestEvent, { body }) => {
		const { app, origin } = event.locals;
		await app.orders.message(actorOf(event), { orderId: idOf(event), body }, origin);
	}),
	attach: staffUploadAction(
		{ permission: 'orders.manage', needs: 'order.file_added' },
		z.object({}),
		async (event: RequestEvent, _input, staged) => {
			if (!staged) throw new AppError('invalid', 'Choose a file first.', { field: 'file' });
			const { app, origin } = event.locals;
			await app.orders.addFile(actorOf(event), staged, idOf(event), origin);
		}
	)
};

import { z } from 'zod';
import { AppError } from '#domain/errors.ts';
import { mayCancelOrder } from '#domain/order-status.ts';
import { may as mayBe, mayOf } from '#domain/visibility.ts';
import { cancelInput } from '#server/usecases/orders/cancel-order.ts';
import { orderMessageInput } from '#server/usecases/orders/message-about-order.ts';
import { formAction, loading, requirePortal, showed } from '#web/guard.ts';
import { pageOf } from '../../../list-query.ts';
import { uploadAction } from '../../../upload-action.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const CONTROLS = ['orders.cancel', 'orders.messages', 'orders.files', 'files.download', 'services'] as const;

export const load: PageServerLoad = (event) =>
	loading(async () => {
		const { actor, view } = requirePortal(event, 'orders');
		const pages = {
			steps: pageOf(event.url, 'steps'),
			messages: pageOf(event.url, 'messages'),
			files: pageOf(event.url, 'files')
		};
		const order = await event.locals.app.orders.read(actor, event.params.id, pages);
		// What is read here is read under Messages too; of staff who look on, no mark is moved.
		if (order.threadId && order.messages && mayBe('messages', view, 'see'))
			await event.locals.app.messages.markRead(actor, { id: order.threadId, messages: order.messages });
		showed(event, 'order', order.id, `${order.number} ${order.serviceName}`);
		const may = mayOf(CONTROLS, view);
		return { order, pages, may, mayCancel: may['orders.cancel'] && mayCancelOrder(order.status, 'contact') };
	});

const actorOf = (event: RequestEvent) => requirePortal(event, 'orders').actor;

export const actions: Actions = {
	cancel: formAction(cancelInput, async (event: RequestEvent, { reason }) => {
		const { app, origin } = event.locals;
		await app.orders.cancel(actorOf(event), { orderId: event.params.id, reason }, origin);
	}),
	restore: formAction(z.object({}), async (event: RequestEvent) => {
		const { app, origin } = event.locals;
		await app.orders.restore(actorOf(event), { orderId: event.params.id }, origin);
	}),
	message: formAction(orderMessageInput, async (event: RequestEvent, { body }) => {
		const { app, origin } = event.locals;
		await app.orders.message(actorOf(event), { orderId: event.params.id, body }, origin);
	}),
	attach: uploadAction(
		{ area: 'orders.files', needs: 'order.file_added' },
		z.object({}),
		async (event: RequestEvent, _input, staged) => {
			if (!staged) throw new AppError('invalid', 'Choose a file first.', { field: 'file' });
			const { app, origin } = event.locals;
			await app.orders.addFile(actorOf(event), staged, event.params.id, origin);
		}
	)
};

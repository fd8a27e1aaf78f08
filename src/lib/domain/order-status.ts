// The life of an order. Statuses are stored: added, never renamed [H4].

export const ORDER_STATUSES = {
	pending: 'Pending',
	in_progress: 'In progress',
	delivered: 'Delivered',
	completed: 'Completed',
	cancelled: 'Cancelled'
} as const;
export type OrderStatus = keyof typeof ORDER_STATUSES;

/** The way an order usually goes; cancelling leaves it. */
export const ORDER_PATH = ['pending', 'in_progress', 'delivered', 'completed'] as const;

export const isOrderStatus = (text: unknown): text is OrderStatus =>
	typeof text === 'string' && Object.hasOwn(ORDER_STATUSES, text);

/** Where staff may move an order from here: one step on, one step back. Cancelling is an action of its own. */
export function movesFrom(status: OrderStatus): { on: OrderStatus | null; back: OrderStatus | null } {
	const at = ORDER_PATH.findIndex((step) => step === status);
	if (at === -1) return { on: null, back: null };
	return { on: ORDER_PATH[at + 1] ?? null, back: ORDER_PATH[at - 1] ?? null };
}

/** A client cancels only what nobody has begun; staff until it is completed. */
export const mayCancelOrder = (status: OrderStatus, by: 'contact' | 'staff'): boolean =>
	status === 'pending' || (by === 'staff' && (status === 'in_progress' || status === 'delivered'));

import { ORDER_STATUSES, type OrderStatus } from '#domain/order-status.ts';

const STATUSES = Object.keys(ORDER_STATUSES) as OrderStatus[];

/** The tabs over a list of orders: all, then each status with its count. */
export const orderTabs = (
	counts: Record<OrderStatus, number>,
	current: string,
	href: (status: OrderStatus | null) => string
) => [
	{
		label: 'All',
		href: href(null),
		current: current === 'all',
		count: STATUSES.reduce((sum, status) => sum + counts[status], 0)
	},
	...STATUSES.map((status) => ({
		label: ORDER_STATUSES[status],
		href: href(status),
		current: current === status,
		count: counts[status]
	}))
];

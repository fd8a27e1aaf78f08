import { expect, it } from 'vitest';
import { isOrderStatus, mayCancelOrder, movesFrom } from './order-status.ts';

it('moves one step on and one step back, never out of cancelled', () => {
	expect(movesFrom('pending')).toEqual({ on: 'in_progress', back: null });
	expect(movesFrom('in_progress')).toEqual({ on: 'delivered', back: 'pending' });
	expect(movesFrom('completed')).toEqual({ on: null, back: 'delivered' });
	expect(movesFrom('cancelled')).toEqual({ on: null, back: null });
});

it('lets a contact cancel only while pending, staff until it is completed', () => {
	expect(mayCancelOrder('pending', 'contact')).toBe(true);
	for (const status of ['in_progress', 'delivered'] as const) {
		expect(mayCancelOrder(status, 'contact')).toBe(false);
		expect(mayCancelOrder(status, 'staff')).toBe(true);
	}
	for (const status of ['completed', 'cancelled'] as const)
		for (const by of ['contact', 'staff'] as const) expect(mayCancelOrder(status, by)).toBe(false);
});

it('knows its statuses and nothing inherited', () => {
	expect(isOrderStatus('delivered')).toBe(true);
	for (const wrong of ['toString', '__proto__', '', null]) expect(isOrderStatus(wrong)).toBe(false);
});

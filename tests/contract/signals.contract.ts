// What every carrier of signals keeps to. What was published may still be on its way.
import { describe, expect, it } from 'vitest';
import type { Signal, Signals } from '#server/ports/signals.ts';

export type SignalsFixture = { signals: Signals; errors: unknown[] };

const changed = (impersonationId: string): Signal => ({
	topic: 'impersonation.changed',
	agencyId: 'a',
	impersonationId
});

export function signalsContract(name: string, open: () => Promise<SignalsFixture>): void {
	describe(`signals: ${name}`, () => {
		it('reach every receiver, in order', async () => {
			const { signals } = await open();
			const seen: [Signal[], Signal[]] = [[], []];
			signals.subscribe((signal) => seen[0].push(signal));
			signals.subscribe((signal) => seen[1].push(signal));
			await signals.publish(changed('1'));
			await signals.publish(changed('2'));
			await expect
				.poll(() => seen)
				.toEqual([
					[changed('1'), changed('2')],
					[changed('1'), changed('2')]
				]);
			await signals.close();
		});

		it('reach the others when one receiver throws, and the fault is told', async () => {
			const { signals, errors } = await open();
			const seen: Signal[] = [];
			const fault = new Error('receiver');
			signals.subscribe(() => {
				throw fault;
			});
			signals.subscribe((signal) => seen.push(signal));
			await signals.publish(changed('1'));
			await expect.poll(() => [seen, errors]).toEqual([[changed('1')], [fault]]);
			await signals.close();
		});

		it('stop at the end of a subscription, of that one alone, also from within', async () => {
			const { signals } = await open();
			const seen: string[] = [];
			const receive = () => void seen.push('both');
			signals.subscribe(receive);
			const end = signals.subscribe(receive);
			const once = signals.subscribe(() => {
				seen.push('once');
				once();
			});
			end();
			end();
			await signals.publish(changed('1'));
			await signals.publish(changed('2'));
			await expect.poll(() => seen.toSorted()).toEqual(['both', 'both', 'once']);
			await signals.close();
			await signals.publish(changed('3')).catch(() => {
				// A closed carrier may refuse; what counts is that nobody is called.
			});
			expect(seen).toHaveLength(3);
		});
	});
}

import { expect, it } from 'vitest';
import { HubLease } from './hub-lease.ts';

function stage() {
	const heard: string[] = [];
	const world = { wasKnown: true, isDown: false };
	const answer = <T>(line: string, value: T): Promise<T> => {
		if (world.isDown) return Promise.reject(new Error('down'));
		heard.push(line);
		return Promise.resolve(value);
	};
	const lease = new HubLease({
		deps: {
			hubId: 'h',
			noteHub: ({ isAlive }) => answer(isAlive ? 'alive' : 'gone', { wasKnown: world.wasKnown }),
			closeStaleWatches: () => answer('close', 0)
		},
		onTakenForDead: () => {
			heard.push('dead');
			return Promise.resolve();
		},
		onError: () => heard.push('error')
	});
	return { lease, heard, world };
}

it('shows itself before it closes what others left, and is gone in the rows at the end', async () => {
	const { lease, heard } = stage();
	await lease.start();
	await lease.stop();
	expect(heard).toEqual(['alive', 'close', 'gone']);
});

it('has its watchers join anew when the others took it for dead', async () => {
	const { lease, heard, world } = stage();
	await lease.beat();
	world.wasKnown = false;
	await lease.beat();
	expect(heard).toEqual(['alive', 'close', 'alive', 'dead', 'close']);
});

it('does not begin without the rows, and outlives their absence later', async () => {
	const { lease, heard, world } = stage();
	world.isDown = true;
	await expect(lease.start()).rejects.toThrow('down');
	await lease.beat();
	await lease.stop();
	expect(heard).toEqual(['error', 'error']);
});

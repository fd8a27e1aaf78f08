import { expect, it } from 'vitest';
import { Turns, type Work } from './turns.ts';

/** A clock that work moves, and turns that the test takes. */
function world() {
	let cpu = 0;
	const due: (() => void)[] = [];
	const log: string[] = [];
	const turns = new Turns({ cpuMs: () => cpu, nextTurn: (turn) => due.push(turn) });
	function* work(name: string, pieces: number, ms: number): Work<string> {
		for (let n = 1; n <= pieces; n++) {
			cpu += ms;
			log.push(`${name}${n}`);
			if (n < pieces) yield;
		}
		return name;
	}
	const spent: Record<string, number> = {};
	const run = (name: string, pieces: number, ms: number, agencyId = name) =>
		turns.run({ agencyId, pageId: name }, work(name, pieces, ms), (took) => {
			spent[name] = (spent[name] ?? 0) + took;
		});
	const turn = (): number => {
		const mine = due.splice(0);
		for (const one of mine) one();
		return mine.length;
	};
	return { turns, run, turn, log, spent };
}

it('takes a piece in each turn of the loop and gives back what came of the last', async () => {
	const { run, turn, log, spent } = world();
	const done = run('a', 3, 10);
	expect(log).toEqual([]);
	turn();
	expect(log).toEqual(['a1']);
	turn();
	turn();
	expect(await done).toBe('a');
	expect(turn()).toBe(0);
	expect(spent).toEqual({ a: 30 });
});

it('takes several short pieces in one turn, and no more than fit', () => {
	const { run, turn, log } = world();
	void run('a', 9, 1);
	turn();
	expect(log).toHaveLength(3);
});

it('ends what it began, and then takes who had least so far', () => {
	const { run, turn, log } = world();
	void run('a', 2, 50);
	turn();
	void run('a', 1, 50);
	void run('b', 1, 4);
	for (let n = 0; n < 3; n++) turn();
	expect(log).toEqual(['a1', 'a2', 'b1', 'a1']);
});

it('ends what fails with its error and goes on with the others', async () => {
	const { turns, run, turn } = world();
	function* failing(): Work<never> {
		yield;
		throw new Error('no more');
	}
	const failed = turns.run({ agencyId: 'f', pageId: 'f' }, failing(), () => undefined);
	const other = run('a', 1, 5);
	const outcome = expect(failed).rejects.toThrow('no more');
	for (let n = 0; n < 5; n++) turn();
	await outcome;
	expect(await other).toBe('a');
});

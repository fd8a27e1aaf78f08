// Hours of recorded work at a hundred times its speed, through the whole product: what the process holds stays what it was after
// the first of them. SOAK_HOURS says how many (8).
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DemoProcess } from '#support/demo-process.ts';
import { connectRecorder, goInside } from '#support/inside-demo.ts';
import { readWorkload } from '../../bench/workload.ts';
import { heldBy } from './held.ts';

const HOURS = Number(process.env['SOAK_HOURS'] ?? 8);
const SPEED = 100;

/** Batches under way at once: what a page may have. */
const UNDER_WAY = 64;

/** What a process still learns after its first part: code, caches, buffers of pools. */
const FLAT = 1.25;
const PARTS = 5;

const MB = 1_000_000;

let demo: DemoProcess;
beforeAll(async () => {
	demo = await DemoProcess.create();
	await demo.start();
});
afterAll(() => demo.remove());

it(`holds no more after ${HOURS} hours of recording than after the first part of them`, async () => {
	const inside = await goInside(demo);
	const recorder = await connectRecorder(demo, inside);
	const batches = readWorkload();
	const lastsMs = (batches.at(-1)?.atMs ?? 0) + 250;
	const rounds = Math.ceil((HOURS * 3_600_000) / lastsMs);
	const startedAt = performance.now();
	const samples: { round: number; bytes: number }[] = [];
	let seq = 0;
	for (let round = 0; round < rounds; round++) {
		for (let from = 0; from < batches.length; from += UNDER_WAY) {
			const some = batches.slice(from, from + UNDER_WAY);
			const due = startedAt + (round * lastsMs + (some[0]?.atMs ?? 0)) / SPEED;
			if (due > performance.now()) await delay(due - performance.now());
			const replies = await Promise.all(some.map(({ bytes }) => recorder.append(seq++, bytes)));
			expect(replies.every(({ ok }) => ok)).toBe(true);
		}
		samples.push({ round, bytes: (await heldBy(demo)).bytes });
	}
	// The least of a part is what is left after collections; a part without one says nothing, and has none in an hour.
	const least = Array.from({ length: PARTS }, (_, part) =>
		Math.min(
			...samples
				.filter(({ round }) => Math.floor((round * PARTS) / rounds) === part)
				.map(({ bytes }) => bytes)
		)
	);
	const speed = Math.round((rounds * lastsMs) / (performance.now() - startedAt));
	console.log(
		`${HOURS} h at ${speed} ×, ${seq} batches; held, MB: ${least.map((bytes) => (bytes / MB).toFixed(0)).join(', ')}`
	);
	expect(least.at(-1)).toBeLessThan(least[0]! * FLAT);
});

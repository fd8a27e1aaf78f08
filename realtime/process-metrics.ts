// What an operator sees of the process as a whole at /metrics: ports, dependencies, jobs. The hub registers its own. No label
// ever holds an id, an address or anything that a person wrote. Their meaning: docs/operations.md.
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Composed } from '#server/compose.ts';

/** A file's fsync to a slow bucket's part. */
const BUCKETS = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10];

/** Makes the registry; what must be asked for is asked at each scrape. */
export function createProcessMetrics({ app, jobs, watchPorts }: Composed): Registry {
	const registry = new Registry();
	const registers = [registry];
	collectDefaultMetrics({ register: registry });
	const ports = new Histogram({
		name: 'switchback_port_seconds',
		help: 'Calls of adapters: live log, signals, blobs, mailer',
		labelNames: ['port', 'operation', 'outcome'] as const,
		buckets: BUCKETS,
		registers
	});
	watchPorts(({ port, operation, isDone, seconds }) =>
		ports.observe({ port, operation, outcome: isDone ? 'done' : 'failed' }, seconds)
	);
	new Gauge({
		name: 'switchback_dependency_up',
		help: '1 while the dependency answers',
		labelNames: ['dependency'] as const,
		registers,
		async collect() {
			for (const { dependency, isUp } of await app.health()) this.set({ dependency }, isUp ? 1 : 0);
		}
	});
	new Gauge({
		name: 'switchback_jobs',
		help: 'Jobs by state; failed ones wait for an operator (npm run jobs)',
		labelNames: ['state'] as const,
		registers,
		async collect() {
			const counts = await jobs.counts().catch(() => null);
			// A number from before would look like an answer.
			if (!counts) return this.reset();
			for (const [state, count] of Object.entries(counts)) this.set({ state }, count);
		}
	});
	new Gauge({
		name: 'switchback_pages_to_index',
		help: 'Recorded pages of which something is sealed and not yet searched',
		registers,
		async collect() {
			const waiting = await app.recordings.countToIndex().catch(() => null);
			if (waiting === null) this.reset();
			else this.set(waiting);
		}
	});
	return registry;
}

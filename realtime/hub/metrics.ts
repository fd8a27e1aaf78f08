// What an operator sees of the hub at /metrics. No label ever holds an id or an address.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export type HubMetrics = ReturnType<typeof createHubMetrics>;

/** Registers the hub's metrics in the given registry. */
export function createHubMetrics(registry: Registry) {
	const registers = [registry];
	return {
		sessions: new Gauge({ name: 'switchback_live_sessions', help: 'Running impersonations', registers }),
		pages: new Gauge({ name: 'switchback_live_pages', help: 'Connected recorded pages', registers }),
		peers: new Gauge({
			name: 'switchback_hub_peers',
			help: 'Other hubs that this hub hears of',
			registers
		}),
		feeds: new Gauge({
			name: 'switchback_page_feeds',
			help: 'Pages of other hubs that are read for watchers here',
			registers
		}),
		watchers: new Gauge({ name: 'switchback_live_watchers', help: 'Connected watcher tabs', registers }),
		batches: new Counter({ name: 'switchback_batches_total', help: 'Batches stored', registers }),
		bytes: new Counter({ name: 'switchback_batch_bytes_total', help: 'Bytes of stored batches', registers }),
		costly: new Counter({
			name: 'switchback_costly_batches_total',
			help: 'Batches of pages that cost too much CPU in the hub’s loop, written in the other process',
			registers
		}),
		relayed: new Counter({ name: 'switchback_relayed_total', help: 'Batches sent to watchers', registers }),
		behind: new Counter({
			name: 'switchback_watchers_behind_total',
			help: 'Watchers that fell behind',
			registers
		}),
		refusals: new Counter({
			name: 'switchback_hub_refusals_total',
			help: 'Refused handshakes and events',
			labelNames: ['refusal'] as const,
			registers
		}),
		sweepFailures: new Counter({
			name: 'switchback_sweep_failures_total',
			help: 'Sweeps of rights that the database did not answer',
			registers
		}),
		appendSeconds: new Histogram({
			name: 'switchback_append_seconds',
			help: 'From the last part of a batch to its acknowledgement',
			buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
			registers
		})
	};
}

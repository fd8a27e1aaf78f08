// Who watches what, counted by person: opening the first tab is logged, closing the last one is [V3].
import { setTimeout as sleep } from 'node:timers/promises';
import type { Origin, StaffActor } from '#domain/actor.ts';

type Presence = { tabs: number; actor: StaffActor; opened: Promise<string> };

/** A farewell that the database did not take is said again after this, then more and more rarely. */
const RETRY_MS = 1_000;
const RETRY_MAX_MS = 30_000;

export type WatchPresenceOptions = {
	join(actor: StaffActor, impersonationId: string, origin: Origin): Promise<string>;
	leave(actor: StaffActor, watchId: string): Promise<void>;
	onError(error: unknown): void;
	/** Tests wait for less. */
	retryMs?: number;
};

export class WatchPresence {
	private readonly options: WatchPresenceOptions;
	private readonly present = new Map<string, Presence>();
	/** Farewells under way, so that a stop waits for them. */
	private readonly leaving = new Set<Promise<void>>();
	/** Ends what waits between two tries. */
	private stopping = new AbortController();

	constructor(options: WatchPresenceOptions) {
		this.options = options;
	}

	/** Resolves once the watch is logged; rejects as the use case does, and then nobody counts as present. */
	async enter(actor: StaffActor, impersonationId: string, origin: Origin): Promise<void> {
		const key = `${impersonationId}:${actor.staffId}`;
		const known = this.present.get(key);
		const presence = known ?? { tabs: 0, actor, opened: this.options.join(actor, impersonationId, origin) };
		presence.tabs++;
		this.present.set(key, presence);
		try {
			await presence.opened;
		} catch (error) {
			if (this.present.get(key) === presence) this.present.delete(key);
			throw error;
		}
	}

	/** One tab less; the last one closes the watch. */
	leave(staffId: string, impersonationId: string): void {
		const key = `${impersonationId}:${staffId}`;
		const presence = this.present.get(key);
		if (!presence || --presence.tabs > 0) return;
		this.present.delete(key);
		this.close(presence);
	}

	/** Closes every watch: the hub stops, or is taken for dead. What fails now is closed by another hub, as of a dead one. */
	async leaveAll(): Promise<void> {
		const all = [...this.present.values()];
		this.present.clear();
		this.stopping.abort();
		for (const presence of all) this.close(presence);
		await Promise.all(this.leaving);
		this.stopping = new AbortController();
	}

	private close(presence: Presence): void {
		const farewell = this.sayFarewell(presence, this.stopping.signal)
			.catch(this.options.onError)
			.finally(() => this.leaving.delete(farewell));
		this.leaving.add(farewell);
	}

	/** As long as it is not said, the log has somebody watching who is not. */
	private async sayFarewell({ actor, opened }: Presence, stopping: AbortSignal): Promise<void> {
		const watchId = await opened.catch(() => null);
		if (watchId === null) return;
		const { leave, onError, retryMs = RETRY_MS } = this.options;
		for (let pauseMs = retryMs; ; pauseMs = Math.min(2 * pauseMs, RETRY_MAX_MS)) {
			try {
				return await leave(actor, watchId);
			} catch (error) {
				if (stopping.aborted) throw error;
				onError(error);
			}
			await sleep(pauseMs, undefined, { signal: stopping, ref: false }).catch(() => undefined);
		}
	}
}

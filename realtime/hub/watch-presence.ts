// Who watches what, counted by person: opening the first tab is logged, closing the last one is [V3].
import type { Origin, StaffActor } from '#domain/actor.ts';

type Presence = { tabs: number; actor: StaffActor; opened: Promise<string> };

export type WatchPresenceOptions = {
	join(actor: StaffActor, impersonationId: string, origin: Origin): Promise<string>;
	leave(actor: StaffActor, watchId: string): Promise<void>;
	onError(error: unknown): void;
};

export class WatchPresence {
	private readonly options: WatchPresenceOptions;
	private readonly present = new Map<string, Presence>();
	/** Farewells under way, so that a stop waits for them. */
	private readonly leaving = new Set<Promise<void>>();

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

	/** Closes every watch: the hub stops. */
	async leaveAll(): Promise<void> {
		const all = [...this.present.values()];
		this.present.clear();
		for (const presence of all) this.close(presence);
		await Promise.all(this.leaving);
	}

	private close({ actor, opened }: Presence): void {
		const farewell = opened
			.then((watchId) => this.options.leave(actor, watchId))
			.catch(this.options.onError)
			.finally(() => this.leaving.delete(farewell));
		this.leaving.add(farewell);
	}
}

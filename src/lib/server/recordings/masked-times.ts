// Since when and until when something masked stood on a page's screen, told from looks at it: one stretch after the other of each
// kind. What stands goes on from block to block as the same stretch.
import { MASKED_KINDS, type MaskedKind } from '#domain/masking.ts';
import { MASKED_PAUSE_MS, MAX_MASKED } from './seen-limits.ts';

/** Hub times, whole ms. `isOn`: it stands still, as far as the index reaches. */
export type MaskedTime = { kind: MaskedKind; from: number; to: number; isOn: boolean };
/** The latest of its kind that the index holds of the page; `nth`: as many there are. */
export type HeldMask = MaskedTime & { nth: number };

export class MaskedTimes {
	private readonly latest = new Map<MaskedKind, HeldMask>();
	/** What is new or other than the index holds it. */
	private readonly told = new Set<MaskedTime>();

	constructor(held: readonly HeldMask[]) {
		for (const mask of held) this.latest.set(mask.kind, { ...mask });
	}

	/** The screen as it stood from `at` on. */
	look(at: number, shown: ReadonlySet<MaskedKind>): void {
		for (const kind of MASKED_KINDS) if (shown.has(kind)) this.stands(kind, Math.round(at));
		this.reach(at, (kind) => !shown.has(kind));
	}

	/** What stands was still there then. */
	reachTo(at: number): void {
		this.reach(at, () => false);
	}

	/** Nothing is known of the screen any more: what stood is over where it was last known. */
	forget(): void {
		for (const mask of this.latest.values()) if (mask.isOn) this.change(mask, { isOn: false });
	}

	result(): MaskedTime[] {
		return [...this.told].map(({ kind, from, to, isOn }) => ({ kind, from, to, isOn }));
	}

	private reach(at: number, isOver: (kind: MaskedKind) => boolean): void {
		for (const mask of this.latest.values())
			if (mask.isOn) this.change(mask, { to: Math.max(mask.to, Math.round(at)), isOn: !isOver(mask.kind) });
	}

	private stands(kind: MaskedKind, at: number): void {
		const before = this.latest.get(kind);
		if (before?.isOn) return;
		// A page that masks and unmasks without end is told as masked all the while: too much is better than too little.
		if (before && (at - before.to < MASKED_PAUSE_MS || before.nth >= MAX_MASKED))
			return this.change(before, { to: Math.max(before.to, at), isOn: true });
		const mask = { kind, from: at, to: at, isOn: true, nth: (before?.nth ?? 0) + 1 };
		this.latest.set(kind, mask);
		this.told.add(mask);
	}

	private change(mask: HeldMask, to: Partial<MaskedTime>): void {
		if (Object.entries(to).every(([name, value]) => mask[name as keyof MaskedTime] === value)) return;
		Object.assign(mask, to);
		this.told.add(mask);
	}
}

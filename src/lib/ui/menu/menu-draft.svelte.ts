// A menu being arranged: what is typed and moved, before it is saved.
import type { IconName } from '#domain/icons.ts';

export type DraftEntry = {
	key: string;
	label: string;
	icon: IconName;
	hidden: boolean;
	/** What it is without this layer. */
	usual: { label: string; icon: IconName };
	mayHide: boolean;
	/** Said under the entry, e.g. who does not see it anyhow. */
	note?: string;
};

export class MenuDraft {
	entries: DraftEntry[] = $state([]);
	/** Said to a screen reader after a move. */
	said = $state('');

	constructor(entries: readonly DraftEntry[]) {
		this.adopt(entries);
	}

	/** Takes what is stored, throwing away what was not saved. */
	adopt(entries: readonly DraftEntry[]): void {
		this.entries = entries.map((entry) => ({ ...entry, usual: { ...entry.usual } }));
	}

	move(key: string, by: -1 | 1): void {
		const from = this.entries.findIndex((entry) => entry.key === key);
		this.moveTo(key, from + by);
	}

	moveTo(key: string, to: number): void {
		const from = this.entries.findIndex((entry) => entry.key === key);
		const moved = this.entries[from];
		if (!moved || to < 0 || to >= this.entries.length || to === from) return;
		this.entries = this.entries.toSpliced(from, 1).toSpliced(to, 0, moved);
		this.said = `${moved.label || moved.usual.label} is number ${to + 1} of ${this.entries.length} now.`;
	}

	/** One entry back to what it is without this layer; its place stays. */
	reset(key: string): void {
		const entry = this.entries.find((one) => one.key === key);
		if (!entry) return;
		entry.label = entry.usual.label;
		entry.icon = entry.usual.icon;
		entry.hidden = false;
	}

	/** The keys in their order, as the form sends them. */
	get order(): string {
		return this.entries.map((entry) => entry.key).join(',');
	}
}

// Small parts of the offline player's page.
import type { PackEntry } from './pack-index.ts';

/** An element of the page by its id. @throws when the page is not the one this was built with */
export function part<T extends Element>(id: string, kind: new () => T): T {
	const found = document.getElementById(id);
	if (!(found instanceof kind)) throw new Error(`The page has no ${id}.`);
	return found;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `00:42`, from an hour on `1:02:03`. */
export function clockText(ms: number): string {
	const total = Math.max(0, Math.floor(ms / 1000));
	const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60), total % 60];
	return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
}

/** In UTC, as in the pack's summary: who reads it elsewhere reads the same. */
export const momentText = (ms: number): string =>
	`${new Date(ms).toISOString().replace('T', ' ').slice(0, 19)} UTC`;

const LOOKS: Record<string, string> = {
	action: 'act',
	refusal: 'refusal',
	view: 'view',
	gap: 'gap',
	fault: 'fault'
};

/** Marks where something was done or refused, and hatches what is not recorded. */
export function drawLane(lane: HTMLElement, entries: readonly PackEntry[], lengthMs: number): void {
	for (const { kind, at, until, cause } of entries) {
		const look = LOOKS[kind];
		if (look === undefined || cause === 'silent') continue;
		const mark = document.createElement('span');
		mark.className = look;
		mark.style.left = `${(at / lengthMs) * 100}%`;
		if (look === 'gap') mark.style.width = `${(((until ?? at) - at) / lengthMs) * 100}%`;
		lane.append(mark);
	}
}

/** What stands packed in the page itself, and how many bytes it unpacks to; null where it does not. */
export function inlinedPart(name: string): { packed: Blob; bytes: number } | null {
	const element = document.getElementById(name);
	if (!element) return null;
	const packed = Uint8Array.from(atob(element.textContent), (char) => char.charCodeAt(0));
	return { packed: new Blob([packed]), bytes: Number(element.dataset['bytes']) };
}

// What is done when a key of the live page is pressed.
import { goto } from '$app/navigation';
import type { LivePage, LiveSession } from '#protocol/session.ts';
import type { WatchedControl } from '#live/watched-control.svelte.ts';
import type { WatchedHelp } from '#live/watched-help.svelte.ts';
import type { WatchedSession } from '#live/watched-session.svelte.ts';
import type { LiveKey, SideTab } from './live-keys.ts';
import type { Looking } from './looking.svelte.ts';
import { neighbour } from './neighbour.ts';

export type KeyTargets = {
	id: string;
	help: WatchedHelp | undefined;
	watched: WatchedSession | undefined;
	control: WatchedControl | undefined;
	looking: Looking;
	header: { askFreeze(): void; toggleView(): void; askEnd(): void; openReplay(): void } | undefined;
	bars: { obeyAlert(how: 'see' | 'away'): void } | undefined;
	side: { show(tab: SideTab): void } | undefined;
	bar: { write(): void } | undefined;
	screen: { toggleFullscreen(): void } | undefined;
	isEnded: boolean;
	/** May take control of this session. */
	maySteer: boolean;
	pages: readonly LivePage[];
	others: readonly LiveSession[];
	showKeys(): void;
};

/** A key that the control with the focus takes itself. */
export function isTaken({ key, target }: KeyboardEvent): boolean {
	if (!(target instanceof Element)) return false;
	if (target.closest('input, textarea, select, dialog, [role=tablist]')) return true;
	return key === ' ' && target.closest('button, a, summary') !== null;
}

function goBack({ help, looking }: KeyTargets): void {
	// The tool first: Escape is how a hand is freed.
	if (help && help.tool !== 'none') help.hold('none');
	else if (looking.look.isOn) looking.look.end();
	else void goto('/live');
}

function steer({ maySteer, isEnded, control }: KeyTargets): void {
	if (!maySteer || isEnded || !control) return;
	if (control.standing === 'none') void control.ask();
	else control.release();
}

export function obeyKey(key: LiveKey, on: KeyTargets): void {
	const { help, watched, header, isEnded } = on;
	switch (key.do) {
		case 'back':
			return goBack(on);
		case 'freeze':
			return isEnded ? undefined : header?.askFreeze();
		case 'view':
			return isEnded ? undefined : header?.toggleView();
		case 'end':
			return isEnded ? undefined : header?.askEnd();
		case 'replay':
			return isEnded ? undefined : header?.openReplay();
		case 'alert':
			return isEnded ? undefined : on.bars?.obeyAlert(key.how);
		case 'side':
			return on.side?.show(key.tab);
		case 'answer':
			// Answered twice, or where nobody asks, it changes nothing.
			return help?.mayHelp === true && !isEnded ? void help.answer() : undefined;
		case 'control':
			return steer(on);
		case 'write':
			return on.bar?.write();
		case 'follow':
			return watched?.follow(!watched.isFollowing);
		case 'fullscreen':
			return on.screen?.toggleFullscreen();
		case 'keys':
			return on.showKeys();
		case 'look':
			return on.looking.obey(key.how);
		case 'tool':
			return help?.hold(key.tool);
		case 'page': {
			const page = on.pages.filter(({ connected }) => connected)[key.at];
			return page && watched?.choose(page.pageId);
		}
		case 'session': {
			const next = neighbour(on.others, on.id, key.step);
			if (next) void goto(`/live/${next}`);
		}
	}
}

// The player's own door, for the frame on the replay host only: live or replay in one root element, no controls.
// It is not reachable from recorder/index.ts, so the recorded page never downloads it.
import type { Mark, ShownStretch } from '#protocol/help.ts';
import type { BatchHeader } from '#protocol/watch.ts';
import type { PersonalNote } from '../format/masked.ts';
import { LiveView, type LiveCallbacks } from './live-view.ts';
import type { PieceSource } from './piece-source.ts';
import type { Size } from './projector.ts';
import { ReplayMarks } from './replay-marks.ts';
import { ReplayView, type Opening, type ReplayCallbacks } from './replay-view.ts';
import { LiveHelp, type HelpCallbacks } from './live-help.ts';
import type { Tool } from './help-tool.ts';
import { Stage } from './stage.ts';

export type PlayerCallbacks = LiveCallbacks &
	HelpCallbacks &
	ReplayCallbacks & {
		/** Size of the recorded viewport. */
		onSize(size: Size): void;
	};

export type Player = {
	/** Shows the present; forgets a replay. */
	startLive(): void;
	addBatch(header: BatchHeader, bytes: Uint8Array): void;
	/** Forgets the live page's state; its last picture stays until the next one. */
	reset(): void;
	/** What the helper at this screen holds over the live page. */
	holdTool(tool: Tool): void;
	/** Shows what a helper points at or draws. */
	showMark(mark: Mark): void;
	/** What helpers pointed at and drew while it was recorded; drawn over the recording that is opened next. */
	showStretches(stretches: readonly ShownStretch[]): void;
	/** Opens a recording by its index; its pieces are asked of the source as they are needed. Forgets what was shown. */
	open(opening: Opening): void;
	/** Shows these words (hub times) in the place of the page's blocks. */
	unmask(pageId: string, notes: PersonalNote[]): void;
	/** Recording time in ms since the start, as in the other times. */
	seek(ms: number): void;
	play(): void;
	pause(): void;
	/** 0.5 to 16. */
	setSpeed(speed: number): void;
	/** To the next or last thing that happened on the screen, and no further. */
	step(direction: 1 | -1): void;
	setSkipInactivity(isOn: boolean): void;
	/** Reads again what failed. */
	retry(): void;
	destroy(): void;
};

/** Makes a player in `root`, which it fills, scaling what was recorded. */
export function createPlayer(root: HTMLElement, source: PieceSource, callbacks: PlayerCallbacks): Player {
	const stage = new Stage(root, (size) => callbacks.onSize(size));
	let help: LiveHelp | null = null;
	let live: LiveView | null = null;
	let replay: ReplayView | null = null;
	let marks: ReplayMarks | null = null;
	let stretches: readonly ShownStretch[] = [];
	const clear = (): void => {
		help?.destroy();
		live?.destroy();
		marks?.destroy();
		replay?.destroy();
		help = live = replay = marks = null;
	};
	return {
		startLive: () => {
			clear();
			live = new LiveView(stage, callbacks, source.assets);
			help = new LiveHelp(stage.box, live, callbacks);
		},
		addBatch: (header, bytes) => live?.addBatch(header, bytes),
		reset: () => live?.reset(),
		holdTool: (tool) => help?.holdTool(tool),
		showMark: (mark) => help?.showMark(mark),
		showStretches: (shown) => (stretches = shown),
		open: (opening) => {
			clear();
			const view = new ReplayView(stage, opening, source, callbacks);
			replay = view;
			// Most recordings have none, and need no turn in each frame for them.
			if (stretches.length === 0) return;
			marks = new ReplayMarks({
				box: stage.box,
				stretches,
				moment: () => view.moment,
				elementOf: (node) => view.elementOf(node)
			});
		},
		unmask: (pageId, notes) => replay?.unmask(pageId, notes),
		seek: (ms) => replay?.seek(ms),
		play: () => replay?.play(),
		pause: () => replay?.pause(),
		setSpeed: (speed) => replay?.setSpeed(speed),
		step: (direction) => replay?.step(direction),
		setSkipInactivity: (isOn) => replay?.setSkipInactivity(isOn),
		retry: () => replay?.retry(),
		destroy: () => {
			clear();
			stage.destroy();
		}
	};
}

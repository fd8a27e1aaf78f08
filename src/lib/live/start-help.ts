// Help on a page that is recorded: what of it runs in the page, tied to the recorder's connection. Loaded with the recorder, so
// that a client never downloads it.
import { HelpOverlay } from './help-overlay.ts';
import { PageSketches } from './page-sketches.ts';
import { StaffControl } from './staff-control.svelte.ts';
import { StaffHelp, type HelpNews } from './staff-help.svelte.ts';

export type HelpedRecorder = {
	ask(
		event: 'help:open' | 'help:write' | 'help:hand' | 'help:sketch' | 'control:answer' | 'control:take',
		payload?: unknown
	): Promise<unknown>;
	nodeOf(id: number): Node | null;
	next(): number;
};

/** What the recorder is to be started with; `begin` once it runs. Ends with the signal. */
export function startHelp(signal: AbortSignal): {
	help: StaffHelp;
	control: StaffControl;
	onReady(): void;
	onTold(news: HelpNews): void;
	begin(recorder: HelpedRecorder): void;
} {
	let sketches: PageSketches | null = null;
	const [help, control] = [new StaffHelp(), new StaffControl()];
	return {
		help,
		control,
		onReady: () => {
			void help.read();
			sketches?.again();
		},
		onTold: (news) => {
			if (news.event === 'control:do') void control.obey(news.payload).then(news.reply);
			else help.told(news);
		},
		begin: (recorder) => {
			const overlay = new HelpOverlay((id) => recorder.nodeOf(id));
			sketches = new PageSketches((sketch) => void recorder.ask('help:sketch', sketch));
			help.connect(recorder);
			control.connect(recorder);
			help.onMark = (mark) => overlay.show(mark);
			signal.addEventListener('abort', () => {
				sketches?.stop();
				overlay.destroy();
				control.close();
			});
		}
	};
}

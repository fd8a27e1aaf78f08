// The page in an evidence pack that plays its recording: opened from a file, without network, by whoever was given the pack. The document
// that is rebuilt stands in a frame without scripts, under a policy that loads nothing; there is no cookie and no server to reach.
import { createPlayer, type Player } from '../playback/player.ts';
import type { ReplayState } from '../playback/replay-view.ts';
import { EntryList } from './entry-list.ts';
import { PackFile } from './pack-file.ts';
import { toPackIndex, type PackIndex } from './pack-index.ts';
import { PackSource } from './pack-source.ts';
import { clockText, drawLane, momentText, part } from './page-parts.ts';

const STEP_MS = 10_000;
const INDEX = 'recording/index.json';

class OfflinePage {
	private readonly index: PackIndex;
	private readonly source: PackSource;
	private readonly list: EntryList;
	private readonly slider = part('at', HTMLInputElement);
	private readonly play = part('play', HTMLButtonElement);
	private player: Player | null = null;
	private at = 0;
	private state: ReplayState = 'paused';

	constructor(index: PackIndex) {
		this.index = index;
		this.source = new PackSource(index);
		this.list = new EntryList(part('list', HTMLElement), index.entries, (ms) => this.seek(ms));
		const { ticket, reason, agency, startedAt } = index;
		part('title', HTMLElement).textContent = index.title;
		const because = ticket === null ? reason : `${reason}, ticket ${ticket}`;
		part('facts', HTMLElement).textContent = `${agency} · ${momentText(startedAt)} · ${because}`;
		part('count', HTMLElement).textContent = `What happened (${this.list.length})`;
		this.slider.max = String(index.lengthMs);
		this.slider.step = '500';
		drawLane(part('lane', HTMLElement), index.entries, index.lengthMs);
		this.listen();
		this.show(0);
		if (index.film.pages.length === 0)
			this.cover('There are no pictures in this pack: nothing was recorded, or it was erased.');
		else if (this.source.isInline) void this.open(null);
		else this.askForPack();
	}

	private async open(file: PackFile | null): Promise<void> {
		await this.source.prepare(file);
		part('cover', HTMLElement).hidden = true;
		const said = part('said', HTMLElement);
		this.player = createPlayer(part('screen', HTMLElement), this.source, {
			onSize: () => {},
			onShown: () => {},
			needsRejoin: () => {},
			onPointed: () => {},
			onDrawn: () => {},
			onSteered: () => {},
			onTime: (ms) => this.show(ms),
			onState: (state) => this.change(state),
			onLoading: (loading) => (said.textContent = loading === 'failed' ? 'A part of it cannot be read.' : ''),
			onPicture: (hasPicture) => this.cover(hasPicture ? null : 'There is no picture of this moment.'),
			onDamaged: ({ batches }) => (said.textContent = `${batches} recorded steps are damaged and left out.`)
		});
		this.player.open({ film: this.index.film, at: this.at });
	}

	/** Too large to stand in the page: the pack itself is read, piece by piece. */
	private askForPack(): void {
		const box = this.cover(
			'This recording is too long to stand in this page. Choose the pack it came in; it stays on this device.'
		);
		const label = document.createElement('label');
		label.className = 'file';
		label.textContent = 'Choose pack';
		const input = document.createElement('input');
		input.type = 'file';
		input.accept = '.zip';
		label.append(input);
		box.append(label);
		input.addEventListener('change', () => void this.take(input.files?.[0]));
		box.addEventListener('dragover', (event) => {
			event.preventDefault();
			box.classList.add('over');
		});
		box.addEventListener('dragleave', () => box.classList.remove('over'));
		box.addEventListener('drop', (event) => {
			event.preventDefault();
			void this.take(event.dataTransfer?.files[0]);
		});
	}

	private async take(file: File | undefined): Promise<void> {
		if (!file) return;
		const pack = await PackFile.open(file).catch(() => null);
		const own = pack ? toPackIndex(await pack.text(INDEX)) : null;
		if (!pack || own?.title !== this.index.title || own.startedAt !== this.index.startedAt) {
			part('said', HTMLElement).textContent = 'That is not the pack of this recording.';
			return;
		}
		await this.open(pack);
	}

	private cover(text: string | null): HTMLElement {
		const box = part('cover', HTMLElement);
		box.hidden = text === null;
		const line = document.createElement('p');
		line.textContent = text;
		box.replaceChildren(line);
		return box;
	}

	private listen(): void {
		const step = (by: number) => () => this.seek(this.at + by);
		const on = (id: string, work: () => void) => part(id, HTMLElement).addEventListener('click', work);
		on('play', () => this.toggle());
		on('back', step(-STEP_MS));
		on('on', step(STEP_MS));
		on('next', () => this.next());
		this.slider.addEventListener('input', () => this.seek(Number(this.slider.value)));
		const speed = part('speed', HTMLSelectElement);
		speed.addEventListener('change', () => this.player?.setSpeed(Number(speed.value)));
		const skip = part('skip', HTMLInputElement);
		skip.addEventListener('change', () => this.player?.setSkipInactivity(skip.checked));
		const keys: Record<string, () => void> = {
			' ': () => this.toggle(),
			ArrowLeft: step(-STEP_MS),
			ArrowRight: step(STEP_MS),
			n: () => this.next()
		};
		document.addEventListener('keydown', (event) => {
			const isTyped = event.target instanceof Element && event.target.closest('button,select,input');
			const work = keys[event.key];
			if (isTyped || !work || event.ctrlKey || event.metaKey || event.altKey) return;
			event.preventDefault();
			work();
		});
	}

	private toggle(): void {
		if (this.state === 'playing') this.player?.pause();
		else this.player?.play();
	}

	private next(): void {
		const at = this.list.nextAfter(this.at);
		if (at !== null) this.seek(at);
	}

	private seek(ms: number): void {
		const at = Math.max(0, Math.min(this.index.lengthMs, ms));
		this.show(at);
		this.player?.seek(at);
	}

	private change(state: ReplayState): void {
		this.state = state;
		this.play.textContent = state === 'playing' ? 'Pause' : state === 'ended' ? 'Again' : 'Play';
	}

	private show(ms: number): void {
		this.at = ms;
		this.slider.value = String(ms);
		this.slider.setAttribute('aria-valuetext', clockText(ms));
		part('clock', HTMLElement).textContent = `${clockText(ms)} / ${clockText(this.index.lengthMs)}`;
		this.list.light(ms);
	}
}

const index = toPackIndex(document.getElementById('index')?.textContent ?? '');
if (index) new OfflinePage(index);
else part('title', HTMLElement).textContent = 'This page holds no recording.';

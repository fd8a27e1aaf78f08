// The box everything recorded is shown in: as large as the recorded viewport, scaled to the frame, centred. Holds the
// cursor's look, inline, since the frame's content policy allows no style sheet from anywhere (recording.md §5.7).
import type { Size } from './projector.ts';

const CURSOR =
	"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20'%3E%3Cpath d='M2 1l6 17 2.4-6.6L17 9z' fill='%23111' stroke='%23fff' stroke-width='1.5' stroke-linejoin='round'/%3E%3C/svg%3E";

const LOOKS = `
.recorder-stage{position:absolute;left:0;top:0;transform-origin:0 0;overflow:hidden;background:#fff}
.replayer-wrapper{position:relative}
.replayer-wrapper iframe{border:0;display:block;background:#fff}
.replayer-mouse{position:absolute;z-index:1;width:20px;height:20px;pointer-events:none;background:url("${CURSOR}") no-repeat;transition:left .08s linear,top .08s linear}
.replayer-mouse:not([style*=left]){visibility:hidden}
.replayer-mouse::after{content:"";position:absolute;left:-10px;top:-10px;width:24px;height:24px;border-radius:50%;background:#2563eb;opacity:0}
.replayer-mouse.active::after{animation:recorder-click .3s ease-out 1}
.replayer-mouse.touch-device{background:none;width:40px;height:40px;margin:-20px 0 0 -20px;border-radius:50%}
.replayer-mouse.touch-active{background:rgb(37 99 235/.35)}
@keyframes recorder-click{from{opacity:.6;transform:scale(.4)}to{opacity:0;transform:scale(1.4)}}
@media (prefers-reduced-motion:reduce){.replayer-mouse{transition:none}.replayer-mouse.active::after{animation:none}}
`;

export class Stage {
	readonly box: HTMLElement;
	private readonly root: HTMLElement;
	private readonly style: HTMLStyleElement;
	private readonly observer: ResizeObserver;
	private readonly onSize: (size: Size) => void;
	private size: Size = { width: 0, height: 0 };

	constructor(root: HTMLElement, onSize: (size: Size) => void) {
		this.root = root;
		this.onSize = onSize;
		this.style = document.createElement('style');
		this.style.textContent = LOOKS;
		this.box = document.createElement('div');
		this.box.className = 'recorder-stage';
		if (getComputedStyle(root).position === 'static') root.style.position = 'relative';
		root.style.overflow = 'hidden';
		root.append(this.style, this.box);
		this.observer = new ResizeObserver(() => this.fit());
		this.observer.observe(root);
	}

	/** The recorded viewport is this large now. */
	resize({ width, height }: Size): void {
		if (width === this.size.width && height === this.size.height) return;
		this.size = { width, height };
		this.box.style.width = `${width}px`;
		this.box.style.height = `${height}px`;
		this.fit();
		this.onSize(this.size);
	}

	destroy(): void {
		this.observer.disconnect();
		this.box.remove();
		this.style.remove();
	}

	private fit(): void {
		const { width, height } = this.size;
		if (width === 0 || height === 0) return;
		const { clientWidth, clientHeight } = this.root;
		const scale = Math.min(clientWidth / width, clientHeight / height);
		// Whole pixels: text on a half pixel is blurred.
		const left = Math.max(0, Math.round((clientWidth - width * scale) / 2));
		const top = Math.max(0, Math.round((clientHeight - height * scale) / 2));
		this.box.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
	}
}

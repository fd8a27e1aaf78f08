// The screen in a small window that stays on top of others (Document Picture-in-Picture), where the browser has it. A frame that moves to
// another document is loaded anew there: whoever owns its player is told, and gives it everything again.

type PictureInPicture = {
	requestWindow(options: { width: number; height: number }): Promise<Window>;
};

/** As large as a browser opens one, whatever it is asked for. */
const WIDTH = 640;

const inBrowser = (): PictureInPicture | undefined =>
	(globalThis as { documentPictureInPicture?: PictureInPicture }).documentPictureInPicture;

export type InSmallWindow = {
	frame: HTMLIFrameElement;
	/** The window's name. */
	title: string;
	/** Width by height of what is shown. */
	ratio: number;
	/** The frame stands in another window now. */
	onMoved(): void;
};

export class SmallWindow {
	isOpen = $state(false);
	/** A sentence where it cannot be opened. */
	hint: string | null = $state(null);
	private close: (() => void) | null = null;

	/** Opens it, or brings the screen back. */
	async toggle(shown: InSmallWindow): Promise<void> {
		this.hint = null;
		if (this.close) return this.end();
		const browser = inBrowser();
		if (!browser) {
			this.hint = 'This browser has no small windows for pages. Chrome and Edge on a computer have them.';
			return;
		}
		try {
			const height = Math.round(WIDTH / shown.ratio);
			this.move(await browser.requestWindow({ width: WIDTH, height }), shown);
		} catch (error) {
			// Denied by the browser's own rules, such as one window at a time.
			console.warn('The small window was not opened', error);
			this.hint = 'The browser did not open a small window.';
		}
	}

	/** Brings the screen back, if it is away. */
	end(): void {
		this.close?.();
	}

	private move(small: Window, { frame, title, onMoved }: InSmallWindow): void {
		const place = frame.ownerDocument.createComment('the screen');
		frame.replaceWith(place);
		const { body } = small.document;
		small.document.title = title;
		Object.assign(body.style, { margin: '0', height: '100vh', overflow: 'hidden', background: '#111' });
		Object.assign(frame.style, { width: '100%', height: '100%', border: '0', display: 'block' });
		body.append(frame);
		// Keys mean the same in both windows.
		small.addEventListener('keydown', ({ key, ctrlKey, metaKey, altKey }) =>
			document.body.dispatchEvent(
				new KeyboardEvent('keydown', { key, ctrlKey, metaKey, altKey, bubbles: true, cancelable: true })
			)
		);
		const back = (): void => {
			if (!this.close) return;
			this.close = null;
			this.isOpen = false;
			for (const name of ['width', 'height', 'border', 'display']) frame.style.removeProperty(name);
			place.replaceWith(frame);
			onMoved();
			small.close();
		};
		this.close = back;
		this.isOpen = true;
		small.addEventListener('pagehide', back);
		onMoved();
	}
}

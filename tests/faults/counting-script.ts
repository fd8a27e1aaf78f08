// Runs in each page of the portal before anything else does: a number in sight that counts up, a wall clock that can be
// set, and a note of how far each document counted before it went.

/** So many a second that several numbers are in each batch, and few enough that the recorder is not what is measured. */
const COUNT_EVERY_MS = 20;

export type Counting = {
	/** How far the wall clock was set, in ms. */
	skew: number;
	stopCounting(): number;
	counted(): number;
};

function count(everyMs: number): void {
	if (window.top !== window || !location.hostname.startsWith('portal.')) return;
	const real = Date.now.bind(Date);
	let value = 0;
	const shown = document.createElement('p');
	let timer: ReturnType<typeof setInterval> | undefined;
	const counting: Counting = {
		skew: 0,
		stopCounting: () => {
			clearInterval(timer);
			return value;
		},
		counted: () => value
	};
	Object.assign(window, { counting });
	Date.now = () => real() + counting.skew;
	const pageId = (): string =>
		/[0-9a-f-]{36}\.([0-9a-f-]{36})\.[\w-]{43}/.exec(document.documentElement.innerHTML)?.[1] ?? '';
	addEventListener('DOMContentLoaded', () => {
		const id = pageId();
		shown.textContent = 'count 0';
		document.body.append(shown);
		timer = setInterval(() => {
			value += 1;
			shown.textContent = `count ${value}`;
		}, everyMs);
		addEventListener('pagehide', () => localStorage.setItem(`counted ${id}`, String(value)), true);
	});
}

/** As a browser is handed it. */
export const countingScript = { content: `(${count.toString()})(${COUNT_EVERY_MS})` };

// Starts rrweb's recorder with our masking and limits and gives each sanitized event to `emit`. Never throws into the
// page [E6]: on its first own fault it stops for good and says so once; without a recorder changes are refused.
import { record } from 'rrweb';
import { CUSTOM_TAGS, type RecordedEvent } from '../format/events.ts';
import { nameScheme, onSchemeChange } from './colour-scheme.ts';
import { sanitize, type FindNode } from './sanitize.ts';
import { maskText, Secrets } from './secrets.ts';

/** Kept out entirely: our own banner, frames nobody marked as recordable, plug-ins. */
const BLOCKED = '[data-recorder-block],iframe:not([data-record]),object,embed';

/** One key event a second is enough for an idle limit of minutes. */
const KEY_MARK_INTERVAL_MS = 1_000;

/** Errors that the page's own call (insertRule, replaceSync…) threw inside rrweb's wrapper: the page must get them. */
const isPagesOwn = (error: unknown): boolean => error instanceof DOMException;

export type Capture = {
	/** Asks for a full snapshot now: after events had to be left out. */
	snapshot(): void;
	mark(tag: string, payload: unknown): void;
	stop(): void;
};

export type CaptureOptions = { emit(event: RecordedEvent): void; onFault(error: unknown): void };

/** Records the document until stopped. */
export function startCapture({ emit, onFault }: CaptureOptions): Capture {
	const secrets = new Secrets();
	let stopRecord: (() => void) | undefined;
	const forgetScheme = onSchemeChange(() => snapshot());
	let isOver = false;
	const stop = (): void => {
		isOver = true;
		removeEventListener('keydown', onKey, true);
		forgetScheme();
		// rrweb forgets our error handler when it stops, and its wrappers would throw from then on: nothing may follow.
		try {
			stopRecord?.();
		} catch (error) {
			console.warn('The recorder did not stop cleanly', error);
		}
	};
	const fail = (error: unknown): void => {
		if (isOver) return;
		stop();
		onFault(error);
	};
	const guarded = (work: () => void): void => {
		if (isOver) return;
		try {
			work();
		} catch (error) {
			fail(error);
		}
	};
	const mark = (tag: string, payload: unknown): void => guarded(() => record.addCustomEvent(tag, payload));
	const onKey = keyMarker(() => mark(CUSTOM_TAGS.key, null));
	const findNode: FindNode = (id) => record.mirror.getNode(id);
	guarded(() => {
		stopRecord = record({
			...options(secrets),
			emit: (event) =>
				guarded(() => emit(nameScheme(sanitize(event as RecordedEvent, { secrets, findNode })))),
			errorHandler: (error) => {
				if (isPagesOwn(error)) return false;
				fail(error);
				return true;
			}
		});
	});
	addEventListener('keydown', onKey, true);
	const snapshot = (): void => guarded(() => record.takeFullSnapshot());
	return { snapshot, mark, stop };
}

/** Says that a key was pressed, at most once a second, and never which. */
function keyMarker(mark: () => void): (event: KeyboardEvent) => void {
	let last = 0;
	return (event) => {
		const now = Date.now();
		// A script's own event proves nobody's presence.
		if (!event.isTrusted || now - last < KEY_MARK_INTERVAL_MS) return;
		last = now;
		mark();
	};
}

function options(
	secrets: Secrets
): Omit<Parameters<typeof record<unknown>>[0] & object, 'emit' | 'errorHandler'> {
	return {
		recordAfter: 'DOMContentLoaded',
		slimDOMOptions: 'all',
		inlineStylesheet: true,
		inlineImages: false,
		recordCanvas: false,
		collectFonts: false,
		recordCrossOriginIframes: false,
		userTriggeredOnInput: true,
		// mousemoveCallback is fixed at start and sets the lag of the cursor a supervisor sees.
		sampling: { mousemove: 50, mousemoveCallback: 100, scroll: 100, input: 'all' },
		// Keys that are tag names: the only way to be asked about hidden inputs, too (recording.md §1.2).
		maskInputOptions: { input: true, textarea: true, password: true } as never,
		maskInputFn: (value, element) => secrets.maskValue(value, element),
		maskTextSelector: '[data-secret],[data-personal]',
		maskTextFn: (text, element) => maskText(text, secrets.secrecyOf(element)),
		blockSelector: BLOCKED,
		ignoreCSSAttributes: new Set()
	};
}

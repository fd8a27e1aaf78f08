// Starts rrweb's recorder with our masking and limits and gives each sanitized event to `emit`. Never throws into the
// page [E6]: on its first own fault it stops for good and says so once; without a recorder changes are refused.
import { record } from 'rrweb';
import { MASKING_VERSION, type PageMasking } from '#protocol/masking.ts';
import { CUSTOM_TAGS, EVENT, type RecordedEvent } from '../format/events.ts';
import { maskText, type Secrecy } from './blocks.ts';
import { nameScheme, onSchemeChange } from './colour-scheme.ts';
import { PersonalChannel } from './personal.ts';
import { fillGaps } from './rrweb-gaps.ts';
import { addressOf, sanitize, titleOf, type FindNode, type NotePersonal } from './sanitize.ts';
import { scrubText } from './scrub.ts';
import { Secrets } from './secrets.ts';
import { watchSecrets } from './watch-secrets.ts';

/** Kept out entirely: our own banner, frames nobody marked as recordable, plug-ins, secret areas. */
const BLOCKED =
	'[data-recorder-block],iframe:not([data-record]),object,embed,[data-secret]:not(input,textarea,select)';

/** One key event a second is enough for an idle limit of minutes. */
const KEY_MARK_INTERVAL_MS = 1_000;

/** Errors that the page's own call (insertRule, replaceSync…) threw inside rrweb's wrapper: the page must get them. */
const isPagesOwn = (error: unknown): boolean => error instanceof DOMException;

export type Capture = {
	/** Asks for a full snapshot now: after events had to be left out. */
	snapshot(): void;
	mark(tag: string, payload: unknown): void;
	/** What is said of the page beside its events, masked like them. */
	addressOf(url: string): string;
	titleOf(title: string): string;
	/** The node that events call so; null when it is not in the page any more. */
	nodeOf(id: number): Node | null;
	/** What it shows may leave as it is. */
	isShown(node: Node): boolean;
	stop(): void;
};

export type CaptureOptions = {
	emit(event: RecordedEvent): void;
	onFault(error: unknown): void;
	pageId: string;
	masking: PageMasking;
};

/** Records the document until stopped. */
export function startCapture({ emit, onFault, pageId, masking }: CaptureOptions): Capture {
	const secrets = new Secrets(masking.profile);
	// Before rrweb's own observers: they are called in the order they began.
	const forgetSecrets = watchSecrets(secrets);
	const personal = openPersonal({ masking, pageId, emit: (payload) => mark(CUSTOM_TAGS.personal, payload) });
	let stopRecord: (() => void) | undefined;
	const forgetScheme = onSchemeChange(() => snapshot());
	let isOver = false;
	const stop = (): void => {
		isOver = true;
		removeEventListener('keydown', onKey, true);
		forgetScheme();
		forgetSecrets();
		stopGaps();
		personal?.stop();
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
	const take = (event: RecordedEvent): void =>
		guarded(() => {
			const note = noteAt(event.timestamp, secrets, personal);
			const clean = sanitize(event, { secrets, findNode, note });
			emit(nameScheme(stamp(clean, masking)));
		});
	const stopGaps = fillGaps(besideRrweb(secrets, take));
	guarded(() => {
		stopRecord = record({
			...options(secrets),
			emit: (event) => take(event as RecordedEvent),
			errorHandler: (error) => {
				if (isPagesOwn(error)) return false;
				fail(error);
				return true;
			}
		});
	});
	addEventListener('keydown', onKey, true);
	const snapshot = (): void => guarded(() => record.takeFullSnapshot());
	return { snapshot, mark, stop, nodeOf: findNode, ...saying(secrets) };
}

const besideRrweb = (
	secrets: Secrets,
	take: (event: RecordedEvent) => void
): Parameters<typeof fillGaps>[0] => ({
	maskValue: (value, field) => withoutPersonal(value, secrets.secrecyOfValue(value, field)),
	emit: (node, dataOf) => {
		const id = record.mirror.getId(node);
		if (id !== -1) take({ type: EVENT.incremental, timestamp: Date.now(), data: dataOf(id) });
	}
});

const saying = (secrets: Secrets): Pick<Capture, 'addressOf' | 'titleOf' | 'isShown'> => ({
	addressOf: (url) => addressOf(url, secrets),
	titleOf: (title) => titleOf(title, secrets),
	isShown: (node) => secrets.secrecyOf(node) === 'shown'
});

type OpenPersonal = { masking: PageMasking; pageId: string; emit(payload: unknown): void };

/** Without a key personal data is masked all the same and kept nowhere. */
const openPersonal = ({ masking, pageId, emit }: OpenPersonal): PersonalChannel | null =>
	masking.personal &&
	new PersonalChannel({
		key: masking.personal,
		pageId,
		emit,
		onFault: (error) => console.warn('Personal data is recorded as blocks only', error)
	});

/** The words apart are words like the others: a secret among them does not leave either. */
const noteAt =
	(at: number, { known }: Secrets, personal: PersonalChannel | null): NotePersonal =>
	(id, what, words) =>
		personal?.note([at, id, what, scrubText(known.forget(words))]);

/** Says on the first event of each picture how it was masked, so that one of an older page can be refused. */
function stamp(event: RecordedEvent, { profile }: PageMasking): RecordedEvent {
	if (event.type === EVENT.meta)
		Object.assign(event.data as object, { masking: { version: MASKING_VERSION, profile } });
	return event;
}

/** Says that a key was pressed, at most once a second, and never which. */
function keyMarker(mark: () => void): (event: KeyboardEvent) => void {
	// Not the wall clock: set back by an hour it would hide an hour of keys, and the idle limit would end the session.
	let last = Number.NEGATIVE_INFINITY;
	return (event) => {
		const now = performance.now();
		// A script's own event proves nobody's presence.
		if (!event.isTrusted || now - last < KEY_MARK_INTERVAL_MS) return;
		last = now;
		mark();
	};
}

const withoutPersonal = (text: string, secrecy: Secrecy): string =>
	secrecy === 'personal' || text === '' ? text : maskText(text, secrecy);

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
		maskInputOptions: {
			input: true,
			textarea: true,
			password: true,
			// rrweb then leaves out which options are chosen, so only where every choice is masked.
			...(secrets.profile !== 'personal' && { select: true })
		} as never,
		// Personal words pass here and are masked by the sanitizer, which knows their node's id.
		maskInputFn: (value, element) => withoutPersonal(value, secrets.secrecyOfValue(value, element)),
		maskTextSelector: secrets.profile === 'text' ? 'body' : '[data-secret],[data-personal]',
		// A changed style sheet comes here, too, and is no text.
		maskTextFn: (text, element) =>
			element?.nodeName === 'STYLE' ? text : withoutPersonal(text, secrets.secrecyOf(element)),
		blockSelector: BLOCKED,
		ignoreCSSAttributes: new Set()
	};
}

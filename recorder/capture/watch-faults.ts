// Notices what goes wrong in the page: uncaught errors, rejections that nobody handles, `console.error`, requests that fail. Changes
// nothing of it: every error goes on to where it went before. Begins behind the recorder, ends with it.
import type { MaskingProfile } from '#protocol/masking.ts';
import { MAX_FAULT_WHERE, type FaultKind, type PageFault } from '../format/page-fault.ts';
import { FaultGate, type Fault } from './fault-gate.ts';
import { maskedWords, nameOf, placeIn, withoutWords, wordsOf } from './fault-words.ts';
import { watchFetch, watchFiles, watchXhr, type FailedRequest } from './watch-requests.ts';

/** How often what was seen again is told. */
const FLUSH_MS = 5_000;
/** Fields, and words of areas, that are looked through for what is to be hidden. */
const MAX_FIELDS = 2_000;
const MAX_WORDS = 5_000;
const SPEAKING = ['title', 'alt', 'aria-label', 'placeholder'];
/** Looked at within a second: a page that writes to its console without end is slowed by nobody but itself. */
const MAX_A_SECOND = 30;

/** Browsers say so where a layout takes two turns; nothing went wrong. */
const HARMLESS = /^ResizeObserver loop/;

export type FaultsOf = {
	profile: MaskingProfile;
	emit(fault: PageFault): void;
	/** An address, and words, as they may leave. */
	addressOf(url: string): string;
	textOf(text: string): string;
	isShown(node: Node): boolean;
	/** The recorder's own requests: what fails there is told by the recording itself. */
	isOwn(path: string): boolean;
};

/** What the page masks at this moment: an error's message is the first place where it turns up again. */
function hiddenWords({ isShown }: FaultsOf): string[] {
	const fields = [...document.querySelectorAll<HTMLInputElement>('input,textarea')].slice(0, MAX_FIELDS);
	const words = fields.flatMap((field) => (isShown(field) ? [] : [field.value]));
	for (const area of document.querySelectorAll('[data-secret],[data-personal]')) {
		const within = document.createTreeWalker(area, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
		for (let node: Node | null = area; node && words.length < MAX_WORDS; node = within.nextNode())
			if (node instanceof Element)
				words.push(...SPEAKING.map((name) => (node as Element).getAttribute(name) ?? ''));
			else words.push(node.nodeValue ?? '');
	}
	return words;
}

/** `path?query` on this host, with the host elsewhere; a script's place keeps its `:line:column`. */
function placeOf(address: string, page: FaultsOf): string {
	if (address === '') return '';
	if (!URL.canParse(address, location.href)) return '';
	const url = new URL(address, location.href);
	if (!/^https?:$/.test(url.protocol)) return '';
	const clean = page.addressOf(url.href.replace(/#.*$/s, ''));
	const local = clean.startsWith(`${location.origin}/`) ? clean.slice(location.origin.length) : clean;
	const hidden = hiddenWords(page).flatMap((words) => [
		words,
		encodeURIComponent(words.trim().toWellFormed())
	]);
	return withoutWords(local, hidden).slice(0, MAX_FAULT_WHERE);
}

/** Faults of one sort. Each has its own numbers: a page full of broken pictures must not hide its errors. */
class Channel {
	private readonly gate: FaultGate;
	private since = 0;
	private looked = 0;

	/** Each leaves in a turn of its own: the recorder takes no marks while it looks at the page. */
	constructor(emit: (fault: PageFault) => void) {
		this.gate = new FaultGate((fault) => queueMicrotask(() => emit(fault)));
	}

	/** `look` gives null where there is nothing to tell; it may throw, since what it looks at is the page's own. */
	note(look: () => Fault | null): void {
		const now = performance.now();
		if (now - this.since > 1_000) [this.since, this.looked] = [now, 0];
		if (++this.looked > MAX_A_SECOND) return;
		try {
			const fault = look();
			if (fault) this.gate.note(fault, now);
		} catch {
			// An error that does not let itself be looked at is not told; the page has it all the same.
		}
	}

	flush(): void {
		this.gate.flush(performance.now());
	}
}

/** Runs until what it returns is called. */
export function watchFaults(page: FaultsOf): () => void {
	const open = (): Channel => new Channel(page.emit);
	const [errors, calls, files] = [open(), open(), open()] as const;
	/** Where what people type is masked, a message may hold it: then the error's name is all that is told. */
	const say = (values: readonly unknown[], words = wordsOf(values)): string =>
		page.profile === 'personal'
			? maskedWords(words, { hidden: () => hiddenWords(page), textOf: page.textOf })
			: nameOf(values);
	const thrown = (kind: FaultKind, values: readonly unknown[]): Fault => {
		const error = values.find((value) => value instanceof Error);
		return { kind, text: say(values), where: placeOf(placeIn(error?.stack), page), method: '', status: 0 };
	};
	const requestOn =
		(channel: Channel) =>
		({ method, address, status }: FailedRequest): void =>
			channel.note(() => {
				const where = placeOf(address, page);
				if (where === '' || page.isOwn(where)) return null;
				return { kind: 'request', text: '', where, method, status };
			});
	const onError = (event: ErrorEvent): void =>
		errors.note(() => {
			const { message, filename, lineno, colno, error } = event;
			if (!(event instanceof ErrorEvent) || HARMLESS.test(message)) return null;
			const where = filename ? placeOf(`${filename}:${lineno}:${colno}`, page) : '';
			return { kind: 'error', text: say([error], message), where, method: '', status: 0 };
		});
	const onRejection = (event: PromiseRejectionEvent): void =>
		errors.note(() => thrown('rejection', [event.reason]));
	addEventListener('error', onError);
	addEventListener('unhandledrejection', onRejection);
	const stops = [
		watchConsole((values) => errors.note(() => thrown('console', values))),
		watchFetch(requestOn(calls)),
		watchXhr(requestOn(calls)),
		watchFiles(requestOn(files), page.isShown)
	];
	const timer = setInterval(() => [errors, calls, files].forEach((channel) => channel.flush()), FLUSH_MS);
	return () => {
		clearInterval(timer);
		removeEventListener('error', onError);
		removeEventListener('unhandledrejection', onRejection);
		for (const stop of stops) stop();
	};
}

function watchConsole(note: (values: readonly unknown[]) => void): () => void {
	const before = console.error;
	let isBusy = false;
	let isOver = false;
	const watched = function (this: unknown, ...values: unknown[]): void {
		// Attack: an object that calls the console while it is put into words.
		if (!isBusy && !isOver) {
			isBusy = true;
			note(values);
			isBusy = false;
		}
		Reflect.apply(before, this, values);
	};
	console.error = watched;
	return () => {
		isOver = true;
		if (console.error === watched) console.error = before;
	};
}

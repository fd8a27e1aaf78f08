// What went wrong in a recorded page, in a reader's words. Pure.

/** As told by the page; `at` is ms since the epoch. */
export type SeenFault = {
	id: string;
	at: number;
	kind: 'error' | 'rejection' | 'console' | 'request';
	/** What was said; empty where it is masked, and of requests. */
	words: string;
	/** `path:line:column` of a script, the address of a request; empty where it is not known. */
	place: string;
	method: string;
	/** 0: no answer. */
	status: number;
	times: number;
	pageId: string | null;
	/** Of the last that is listed of its page: how many came behind it. */
	more?: number;
};

export type ToldFault = { title: string; subject: string | null; note: string | null };

const TITLES = {
	error: 'Error in the page',
	rejection: 'Error in the page',
	console: 'Console error',
	request: 'Request failed'
} as const;

const again = (times: number): string | null => (times > 1 ? `${times} times` : null);
const andMore = (more = 0): string | null =>
	more > 0 ? `and ${more} more in this page that are not listed` : null;
const joined = (...parts: (string | null)[]): string | null =>
	parts.filter((part) => part !== null && part !== '').join(', ') || null;

/** "Request failed POST /invoices", "answered 503, 4 times" */
export function faultTold({ kind, words, place, method, status, times, more }: SeenFault): ToldFault {
	const title = TITLES[kind];
	if (kind === 'request') {
		const answer = status === 0 ? 'no answer' : `answered ${status}`;
		return {
			title,
			subject: joined([method, place].filter(Boolean).join(' ')),
			note: joined(answer, again(times), andMore(more))
		};
	}
	// What was said is masked where typing is; then its place is all there is to know it by.
	return words === ''
		? { title, subject: place || null, note: joined(again(times), andMore(more)) }
		: { title, subject: words, note: joined(place, again(times), andMore(more)) };
}

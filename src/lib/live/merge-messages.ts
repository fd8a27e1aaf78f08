import type { HelpMessage } from '#protocol/help.ts';

/** Lines kept in a page's memory; the log has all. */
const MAX_MESSAGES = 300;

/** Both, each line once, the oldest first. A line may come by the hub's word and by the list. */
export function mergeMessages(known: readonly HelpMessage[], more: readonly HelpMessage[]): HelpMessage[] {
	const byId = new Map([...known, ...more].map((message) => [message.id, message]));
	return [...byId.values()].toSorted((a, b) => a.at - b.at).slice(-MAX_MESSAGES);
}

/** Those of `more` that are not known yet. */
export function unknownOf(known: readonly HelpMessage[], more: readonly HelpMessage[]): HelpMessage[] {
	const ids = new Set(known.map(({ id }) => id));
	return more.filter(({ id }) => !ids.has(id));
}

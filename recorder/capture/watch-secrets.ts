// Hears of secrets before rrweb does: what is typed in areas that are not recorded at all, codes that appear in them, and
// nodes that leave them. rrweb would record such a node at its new place as if it had always been ordinary.
import type { Secrets } from './secrets.ts';

/** Starts before rrweb's own observers, which then run after these for every change. @returns what ends it */
export function watchSecrets(secrets: Secrets): () => void {
	const seen = (records: MutationRecord[]): void => {
		for (const record of records) look(record, secrets);
	};
	const observer = new MutationObserver(seen);
	observer.observe(document, { childList: true, characterData: true, subtree: true });
	const typed = (event: Event): void => {
		const field = event.composedPath()[0];
		if (field instanceof Element && 'value' in field && typeof field.value === 'string')
			secrets.secrecyOfValue(field.value, field);
	};
	for (const name of ['input', 'change']) document.addEventListener(name, typed, true);
	for (const area of document.querySelectorAll('[data-secret]'))
		secrets.known.rememberCodes(area.textContent ?? '');
	return () => {
		observer.disconnect();
		for (const name of ['input', 'change']) document.removeEventListener(name, typed, true);
	};
}

function look(record: MutationRecord, secrets: Secrets): void {
	if (!secrets.mayBeHidden(record.target)) return;
	const secrecy = secrets.secrecyOf(record.target);
	if (secrecy !== 'secret' && secrecy !== 'personal') return;
	for (const node of record.removedNodes) secrets.keepAway(node, secrecy);
	if (secrecy !== 'secret') return;
	const words = record.type === 'characterData' ? [record.target] : record.addedNodes;
	for (const node of words) secrets.known.rememberCodes(node.textContent ?? '');
}

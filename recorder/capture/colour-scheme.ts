// A watcher's own dark theme must not colour what the watched person saw light. Our styles follow `data-theme` on the
// root before the system's scheme, so the recorded root names the scheme in which the page was shown.
import { EVENT, type RecordedEvent } from '../format/events.ts';

const DARK = '(prefers-color-scheme: dark)';

type Root = { childNodes?: { tagName?: string; attributes?: Record<string, unknown> }[] };

/** Names the scheme on the root of a full snapshot; a theme that the page itself chose stays. */
export function nameScheme(event: RecordedEvent): RecordedEvent {
	if (event.type !== EVENT.fullSnapshot) return event;
	const { node } = event.data as { node?: Root };
	const html = node?.childNodes?.find(({ tagName }) => tagName === 'html');
	if (html?.attributes) html.attributes['data-theme'] ??= matchMedia(DARK).matches ? 'dark' : 'light';
	return event;
}

/** Calls back when the system's scheme changes. @returns what ends it */
export function onSchemeChange(changed: () => void): () => void {
	const query = matchMedia(DARK);
	query.addEventListener('change', changed);
	return () => query.removeEventListener('change', changed);
}

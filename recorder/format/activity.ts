// What counts as a person doing something: the hub's idle limit, the player's "skip inactivity" and the recorder's
// immediate flush all ask here.
import { CUSTOM_TAGS, EVENT, isLoose, SOURCE, type RecordedEvent } from './events.ts';

const POINTER_SOURCES: readonly unknown[] = [SOURCE.mouseMove, SOURCE.touchMove, SOURCE.drag, SOURCE.scroll];

/** rrweb's MouseInteractions.Focus and .Blur: scripts cause them, so they prove nobody's presence. */
const FOCUS = 5;
const BLUR = 6;

/** True for pointer, key, input and scroll events. Values that a script set are not input. */
export function isInteraction(event: RecordedEvent): boolean {
	if (!isLoose(event.data)) return false;
	if (event.type === EVENT.custom) return event.data.tag === CUSTOM_TAGS.key;
	if (event.type !== EVENT.incremental) return false;
	const { source, type, userTriggered } = event.data;
	if (source === SOURCE.mouseInteraction) return type !== FOCUS && type !== BLUR;
	if (source === SOURCE.input) return userTriggered !== false;
	return POINTER_SOURCES.includes(source);
}

/** True for pure pointer positions: the first thing to go when the connection cannot keep up. */
export function isMouseMove(event: RecordedEvent): boolean {
	if (event.type !== EVENT.incremental || !isLoose(event.data)) return false;
	const { source } = event.data;
	return source === SOURCE.mouseMove || source === SOURCE.touchMove || source === SOURCE.drag;
}

/** True for where things are scrolled to and what is selected: a full snapshot says the last of it anyway. */
export function isScroll(event: RecordedEvent): boolean {
	if (event.type !== EVENT.incremental || !isLoose(event.data)) return false;
	return event.data.source === SOURCE.scroll || event.data.source === SOURCE.selection;
}

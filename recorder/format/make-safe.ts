// Recordings are hostile for ever [W7]: whoever holds a ticket can send any event. Before anything is rebuilt, every
// event is made anew from known fields; what is not known here does not exist for a viewer. The frame's own content
// policy and sandbox stand behind this, they do not replace it.
import {
	CUSTOM_TAGS,
	EVENT,
	isLoose,
	SOURCE,
	STRETCHES,
	type Loose,
	type RecordedEvent,
	type StretchMark
} from './events.ts';
import { toPersonalPayload } from './masked.ts';
import { FAULT_TAG, toPageFault } from './page-fault.ts';
import { type AssetLookup } from './safe-css.ts';
import { safeMutation } from './safe-mutation.ts';
import { safeId, type Safety } from './safe-node.ts';
import { safeAdoptedSheets, safeDeclaration, safeRules } from './safe-sheets.ts';
import { safeTree } from './safe-tree.ts';

/** Largest side of a recorded viewport: beyond it the viewer's browser, not ours, pays for the layer. */
const MAX_SIDE = 16_000;
const MAX_POSITIONS = 1_000;

export type SafeOptions = {
	/** Our address for a recorded one, null to load nothing. */
	allowedAssets: AssetLookup;
	/** Kept by the caller from batch to batch of one page, so that text added to a known `style` is read as CSS. */
	styles?: Set<number>;
};

/** Events fit to be rebuilt in the sandboxed frame. Never throws, keeps order and times, changes none it was given. */
export function makeSafe(events: RecordedEvent[], options: SafeOptions): RecordedEvent[] {
	const safety: Safety = { allowedAssets: options.allowedAssets, styles: options.styles ?? new Set() };
	return events.flatMap(({ type, timestamp, data }) => {
		const safe = isLoose(data) ? safeData(type, data, safety) : null;
		return safe ? [{ type, timestamp, data: safe }] : [];
	});
}

function safeData(type: number, data: Loose, safety: Safety): Loose | null {
	switch (type) {
		case EVENT.domContentLoaded:
		case EVENT.load:
			return {};
		case EVENT.fullSnapshot: {
			// Ids start anew with a snapshot.
			safety.styles.clear();
			const node = safeTree(data.node, safety);
			const { top, left } = isLoose(data.initialOffset) ? data.initialOffset : {};
			// The Replayer takes the root for a document; anything else makes it throw half way.
			return node?.type === 0 ? { node, initialOffset: { top: number(top), left: number(left) } } : null;
		}
		case EVENT.meta:
			return {
				href: String(data.href ?? '').slice(0, 4_000),
				width: side(data.width),
				height: side(data.height),
				...safeMasking(data.masking)
			};
		case EVENT.custom:
			return safeCustom(data);
		case EVENT.incremental:
			return safeIncremental(data, safety);
		default:
			return null;
	}
}

function safeIncremental(data: Loose, safety: Safety): Loose | null {
	const { source } = data;
	const id = safeId(data.id);
	switch (source) {
		case SOURCE.mutation:
			return safeMutation(data, safety);
		case SOURCE.mouseMove:
		case SOURCE.touchMove:
		case SOURCE.drag:
			return safePositions(data);
		case SOURCE.mouseInteraction:
			return { source, id, type: safeId(data.type), x: number(data.x), y: number(data.y) };
		case SOURCE.scroll:
			return { source, id, x: number(data.x), y: number(data.y) };
		case SOURCE.viewportResize:
			return { source, width: side(data.width), height: side(data.height) };
		case SOURCE.input:
			return { source, id, text: text(data.text), isChecked: data.isChecked === true };
		case SOURCE.styleSheetRule:
			return safeRules(data, safety);
		case SOURCE.styleDeclaration:
			return safeDeclaration(data, safety);
		case SOURCE.adoptedStyleSheet:
			return safeAdoptedSheets(data, safety);
		case SOURCE.selection:
			return safeSelection(data);
		default:
			// Canvas commands call methods, fonts and media fetch, logs and custom elements show nothing.
			return null;
	}
}

const number = (value: unknown): number =>
	typeof value === 'number' && Number.isFinite(value) ? Math.max(-1e7, Math.min(1e7, value)) : 0;
const side = (value: unknown): number => Math.max(1, Math.min(MAX_SIDE, Math.round(number(value))));
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function safePositions({ source, positions }: Loose): Loose | null {
	if (!Array.isArray(positions)) return null;
	const kept = positions
		.slice(-MAX_POSITIONS)
		.filter(isLoose)
		.map(({ x, y, id, timeOffset }) => ({
			x: number(x),
			y: number(y),
			id: safeId(id),
			timeOffset: Math.min(0, Math.max(-1_000, number(timeOffset)))
		}));
	// The Replayer reads the last position without looking whether there is one.
	return kept.length > 0 ? { source, positions: kept } : null;
}

function safeSelection({ source, ranges }: Loose): Loose | null {
	if (!Array.isArray(ranges)) return null;
	const kept = ranges
		.slice(0, 10)
		.filter(isLoose)
		.map(({ start, startOffset, end, endOffset }) => ({
			start: safeId(start),
			startOffset: Math.max(0, safeId(startOffset)),
			end: safeId(end),
			endOffset: Math.max(0, safeId(endOffset))
		}));
	return { source, ranges: kept };
}

/** How the page said it masked; nothing where it did not. */
function safeMasking(masking: unknown): Loose {
	const { version, profile } = isLoose(masking) ? masking : {};
	const isKnown = typeof profile === 'string' && /^[a-z]{1,20}$/.test(profile);
	return isKnown && typeof version === 'number' ? { masking: { version: safeId(version), profile } } : {};
}

function safeStretch(payload: unknown): Loose | null {
	if (!isLoose(payload)) return null;
	const what = STRETCHES.find((known) => known === payload.what);
	const state = payload.state === 'begins' || payload.state === 'ends' ? payload.state : null;
	if (!what || !state) return null;
	const mark: StretchMark = { what, state, ms: Math.max(0, number(payload.ms)) };
	return { tag: CUSTOM_TAGS.stretch, payload: mark };
}

function safeCustom({ tag, payload }: Loose): Loose | null {
	if (tag === CUSTOM_TAGS.personal) {
		const kept = toPersonalPayload(payload);
		return kept && { tag, payload: kept };
	}
	if (tag === FAULT_TAG) {
		const fault = toPageFault(payload);
		return fault && { tag, payload: fault };
	}
	if (tag === CUSTOM_TAGS.key) return { tag, payload: null };
	if (tag === CUSTOM_TAGS.stretch) return safeStretch(payload);
	if (tag !== CUSTOM_TAGS.dropped) return null;
	const { moves, scrolls, events } = isLoose(payload) ? payload : {};
	return { tag, payload: { moves: number(moves), scrolls: number(scrolls), events: number(events) } };
}

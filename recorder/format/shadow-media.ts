// What plays in a shadow document, and how far it is.
import type { Loose } from './events.ts';
import { stateOf } from './shadow-fields.ts';
import type { ShadowTree } from './shadow-tree.ts';

/** rrweb's MediaInteractions. */
const PLAY = 0;
const PAUSE = 1;

/** Carries out a MediaInteraction event. */
export function applyMedia(tree: ShadowTree, data: Loose, timestamp: number): void {
	const media = tree.find(data.id);
	const attributes = media?.attributes;
	if (!media || !attributes || media.tag === '') return;
	tree.change(media, () => {
		for (const [name, value] of Object.entries({
			rr_mediaCurrentTime: data.currentTime,
			rr_mediaPlaybackRate: data.playbackRate,
			rr_mediaVolume: data.volume
		}))
			if (typeof value === 'number' && Number.isFinite(value)) attributes[name] = value;
		for (const [name, value] of Object.entries({ rr_mediaMuted: data.muted, rr_mediaLoop: data.loop }))
			if (typeof value === 'boolean') attributes[name] = value;
		if (data.type === PLAY) attributes.rr_mediaState = 'played';
		if (data.type === PAUSE) attributes.rr_mediaState = 'paused';
		if (attributes.rr_mediaState === 'played') stateOf(media).playingSince = timestamp;
		else delete media.state?.playingSince;
	});
}

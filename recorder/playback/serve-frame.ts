// The frame's end: a player that obeys the agency's page and tells it what happens. Messages from any other window or
// origin, and of any other shape, are as if never sent.
import { AssetAddresses } from './asset-addresses.ts';
import { AskingSource } from './asking-source.ts';
import { readToFrame, wrap, type CrossingBatch, type FromFrame, type ToFrame } from './frame-protocol.ts';
import type { ReceivedBatch } from './page-reader.ts';
import { createPlayer, type Player } from './player.ts';

/** Starts the player in `root`; returns how to stop it. */
export function serveFrame(root: HTMLElement, agencyOrigin: string): () => void {
	const origin = new URL(agencyOrigin).origin;
	// Only to be told apart from the document before it; nothing depends on it being hard to guess.
	const instance = `${performance.timeOrigin}-${Math.random()}`;
	const tell = (message: FromFrame): void => parent.postMessage(wrap(message), origin);
	const assets = new AssetAddresses();
	const source = new AskingSource((request, wanted) => tell({ kind: 'wants', request, wanted }), assets.of);
	const player = createPlayer(root, source, {
		onSize: ({ width, height }) => tell({ kind: 'size', width, height }),
		onShown: (shown) => tell({ kind: 'shown', ...shown }),
		needsRejoin: (reason) => tell({ kind: 'rejoin', reason }),
		onPointed: (pointed) => tell({ kind: 'pointed', ...pointed }),
		onSteered: (steered) => tell({ kind: 'steered', ...steered }),
		onDrawn: (drawn) => tell({ kind: 'drawn', ...drawn }),
		onTime: (ms) => tell({ kind: 'time', ms }),
		onState: (state) => tell({ kind: 'state', state }),
		onLoading: (loading) => tell({ kind: 'loading', loading }),
		onPicture: (hasPicture) => tell({ kind: 'picture', hasPicture }),
		onDamaged: (damaged) => tell({ kind: 'damaged', ...damaged })
	});
	const listener = (event: MessageEvent<unknown>): void => {
		// Any page may frame or open us and post; only the agency's own may be heard. Not its one window: while the screen is in a small
		// window, that is the parent, and who speaks is the page it belongs to.
		if (event.origin !== origin) return;
		const message = readToFrame(event.data);
		if (message?.kind === 'hello') tell({ kind: 'ready', instance });
		else if (message?.kind === 'assets') assets.take(message.grant);
		else if (message) obey(player, source, message);
	};
	addEventListener('message', listener);
	tell({ kind: 'ready', instance });
	return () => {
		removeEventListener('message', listener);
		player.destroy();
	};
}

const received = ({ header, bytes }: CrossingBatch): ReceivedBatch => ({
	header,
	bytes: new Uint8Array(bytes)
});

function obey(
	player: Player,
	source: AskingSource,
	message: Exclude<ToFrame, { kind: 'hello' | 'assets' }>
): void {
	switch (message.kind) {
		case 'live:start':
			return player.startLive();
		case 'live:batch': {
			const { header, bytes } = received(message.batch);
			return player.addBatch(header, bytes);
		}
		case 'live:reset':
			return player.reset();
		case 'live:tool':
			return player.holdTool(message.tool);
		case 'live:mark':
			return player.showMark(message.mark);
		case 'replay:shown':
			return player.showStretches(message.stretches);
		case 'replay:open':
			return player.open({ film: message.film, at: message.at });
		case 'replay:piece':
		case 'replay:index':
		case 'replay:none':
			return source.take(message);
		case 'replay:words':
			return player.unmask(message.pageId, message.notes);
		case 'replay:seek':
			return player.seek(message.ms);
		case 'replay:play':
			return player.play();
		case 'replay:pause':
			return player.pause();
		case 'replay:speed':
			return player.setSpeed(message.speed);
		case 'replay:step':
			return player.step(message.direction);
		case 'replay:skip':
			return player.setSkipInactivity(message.isOn);
		case 'replay:retry':
			return player.retry();
	}
}

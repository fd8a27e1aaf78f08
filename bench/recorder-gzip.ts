// Size of what an impersonating page downloads to be recorded, against rrweb's `record` alone as published, bundled the
// same way: all of it, without socket.io's client, and without transport (that client and `recorder/delivery`).
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';
import { leanRrweb } from '../recorder/capture/lean-rrweb.ts';
import type { Figure } from './figure.ts';
import { bundleForBrowser } from '#support/recorder-bundle.ts';

const kilobytes = (script: string): number => Math.round(gzipSync(script).length / 100) / 10;

const RECORDER = "export { startRecorder } from './recorder/index.ts';";
const CAPTURE = "export { startCapture } from './recorder/capture/capture.ts';";

/** Leaves socket.io's client out, as a page would that had it anyway. */
const withoutSocketIo: Plugin = {
	name: 'without-socket-io',
	enforce: 'pre',
	resolveId: (id) => (id === 'socket.io-client' ? '\0socket.io-client' : null),
	load: (id) => (id === '\0socket.io-client' ? 'export const io = () => globalThis.io();' : null)
};

/** Builds each and compares the gzip sizes (KB = 1000 bytes). */
export async function run(): Promise<Figure[]> {
	const baseline = kilobytes(
		await bundleForBrowser({ source: "export { record } from 'rrweb';", plugins: [] })
	);
	const figure = (name: string, script: string): Figure => ({
		figure: name,
		unit: 'KB',
		ours: kilobytes(script),
		baseline,
		baselineName: 'rrweb 2.2.2 `record` as published, without transport',
		ratio: Math.round((kilobytes(script) / baseline) * 100) / 100
	});
	const plugins = [leanRrweb(), withoutSocketIo];
	return [
		figure('recorder-gzip', await bundleForBrowser({ source: RECORDER })),
		figure('recorder-gzip-no-socket-io', await bundleForBrowser({ source: RECORDER, plugins })),
		figure('recorder-gzip-no-transport', await bundleForBrowser({ source: CAPTURE, plugins }))
	];
}

// Size of what an impersonating page downloads to be recorded: capture, sanitizer, transport, against rrweb's `record`
// alone as published, both bundled the same way.
import { gzipSync } from 'node:zlib';
import type { Figure } from './figure.ts';
import { bundleForBrowser } from '#support/recorder-bundle.ts';

const kilobytes = (script: string): number => Math.round(gzipSync(script).length / 100) / 10;

/** Builds both and compares their gzip sizes (KB = 1000 bytes). */
export async function run(): Promise<Figure[]> {
	const ours = kilobytes(
		await bundleForBrowser({ source: "export { startRecorder } from './recorder/index.ts';" })
	);
	const baseline = kilobytes(
		await bundleForBrowser({ source: "export { record } from 'rrweb';", plugins: [] })
	);
	return [
		{
			figure: 'recorder-gzip',
			unit: 'KB',
			ours,
			baseline,
			baselineName: 'rrweb 2.2.2 `record` as published, without transport',
			ratio: Math.round((ours / baseline) * 100) / 100
		}
	];
}

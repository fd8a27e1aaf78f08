// Build plugin: takes the postcss out of rrweb's recorder (61 → 24 KB gzip, recording.md §1.1). The published file
// inlines postcss twice and keeps it alive by bare property reads; a cleverer bundler setting does not reach it.
// Pinned to the exact rrweb version: `bench/recorder-gzip.ts` and a size test notice when it no longer bites.
import type { Plugin } from 'vite';

/** rrweb's published module with its postcss made removable and its recording of canvases, which we never start, cut out. */
export function leanSource(source: string): string {
	return withoutCanvas(source)
		.replace(
			/^var postcss_default = (import_postcss(?:\$\d+)?)\.default;$/gm,
			'var postcss_default = /* @__PURE__ */ (() => $1.default)();'
		)
		.replace(/^import_postcss(\$\d+)?\.default(\.\w+)?;$/gm, '')
		.replace(
			/^var (import_postcss(?:\$\d+)?) = ([\s\S]*?\n\}\)\)\)\(\)(?:, 1)?\);)$/gm,
			(_all, name: string, body: string) => `var ${name} = /* @__PURE__ */ (() => { return ${body} })();`
		);
}

/** The worker's text, what hands work to it and what hooks every canvas: nothing of it could ever run. */
const withoutCanvas = (source: string): string =>
	source
		.replace(/^var jsContent = "(?:[^"\\]|\\.)*";$/m, 'var jsContent = "";')
		.replace(/^\t\tif \(recordCanvas && [^\n]*\) this\.initCanvas\w+Observer\([^\n]*\);\n/gm, '')
		.replace(/^\tinitCanvas(?:FPS|Mutation)Observer\([^\n]*\{\n[\s\S]*?^\t\}\n/gm, '');

/** Vite plugin; harmless for the player, which uses the same file and keeps what it calls. */
export function leanRrweb(): Plugin {
	return {
		name: 'lean-rrweb',
		transform(code, id) {
			if (!/rrweb[\\/]dist[\\/]rrweb\.js(?:\?|$)/.test(id)) return null;
			return { code: leanSource(code), map: null };
		}
	};
}

// Build plugin: takes the postcss out of rrweb's recorder (61 → 24 KB gzip, recording.md §1.1). The published file
// inlines postcss twice and keeps it alive by bare property reads; a cleverer bundler setting does not reach it.
// Pinned to the exact rrweb version: `bench/recorder-gzip.ts` and a size test notice when it no longer bites.
import type { Plugin } from 'vite';

/** rrweb's published module with its postcss made removable; unchanged where nothing matches. */
export function leanSource(source: string): string {
	return source
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

/**
 * Where a redirect may lead: a path of the same host, else the fallback. `//evil.test`, `/\evil.test` and
 * `/<tab>/evil.test`, which browsers read as another host, would make our page the first half of somebody's phishing.
 */
export function localPath(next: string | null | undefined, fallback: string): string {
	if (!next?.startsWith('/')) return fallback;
	const base = 'http://here.invalid';
	if (!URL.canParse(next, base)) return fallback;
	const url = new URL(next, base);
	// What is returned is re-written by the parser, so that nothing it strips can come back. A path may still begin
	// with two slashes after "/.//evil.test" was resolved.
	const path = url.pathname + url.search;
	return url.origin === base && !path.startsWith('//') ? path : fallback;
}

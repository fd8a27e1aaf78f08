const FALLBACK = '/clients';

/**
 * Where to go after sign-in. Only a path of this host: `//evil.test`, `/\evil.test` and `/<tab>/evil.test`, which
 * browsers read as another host, would make our sign-in page the first half of somebody's phishing.
 */
export function localPath(next: string | null | undefined): string {
	if (!next?.startsWith('/')) return FALLBACK;
	const base = 'http://here.invalid';
	if (!URL.canParse(next, base)) return FALLBACK;
	const url = new URL(next, base);
	// What is returned is re-written by the parser, so that nothing it strips can come back. A path may still begin
	// with two slashes after "/.//evil.test" was resolved.
	const path = url.pathname + url.search;
	return url.origin === base && !path.startsWith('//') ? path : FALLBACK;
}

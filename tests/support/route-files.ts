// Every route there is, read from the folder itself: what a test must know about each, so that none is forgotten.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../src/routes', import.meta.url));

export type RouteFile = {
	side: 'agency' | 'portal' | 'replay';
	/** As it stands in an address: without side and groups, "/tasks/[id]". */
	route: string;
	/** A page, or an endpoint with its methods. */
	kind: 'page' | 'endpoint';
	methods: string[];
	/** Named form actions of a page. */
	actions: string[];
};

const addressOf = (folder: string): string => {
	const parts = folder.split('/').filter((part) => part !== '' && !/^\(.*\)$/.test(part));
	return `/${parts.slice(1).join('/')}`;
};

/** Top-level keys of `export const actions = { … }`; formatted by prettier, so one tab deep. */
function actionsOf(text: string): string[] {
	const from = /export const actions\b[^{]*\{/.exec(text);
	if (!from) return [];
	const body = text.slice(from.index + from[0].length);
	const end = body.search(/^\}/m);
	const inside = end < 0 ? body.slice(0, body.indexOf('}')) : body.slice(0, end);
	const deep = [...inside.matchAll(/^\t(\w+)(?=[:,(\s])/gm)].map((match) => match[1] ?? '');
	const flat = inside.includes('\n') ? [] : inside.split(',').map((part) => part.split(':')[0]?.trim() ?? '');
	return [...deep, ...flat].filter((name) => name !== '' && name !== 'async');
}

const methodsOf = (text: string): string[] => {
	const names = text.matchAll(
		/export (?:const|async function|function) (GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b/g
	);
	const fallback = /export (?:const|async function|function) fallback\b/.test(text) ? ['GET', 'POST'] : [];
	return [...names].map((match) => match[1] ?? '').concat(fallback);
};

/** All of `src/routes`. */
export function readRouteFiles(): RouteFile[] {
	const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).map((file) =>
		file.replaceAll('\\', '/')
	);
	const found: RouteFile[] = [];
	const seen = new Set<string>();
	for (const file of files.toSorted()) {
		const name = path.posix.basename(file);
		const folder = path.posix.dirname(file);
		const side = folder.split('/')[0] as RouteFile['side'];
		if (name === '+server.ts') {
			const methods = methodsOf(readFileSync(path.join(ROOT, file), 'utf8'));
			found.push({ side, route: addressOf(folder), kind: 'endpoint', methods, actions: [] });
		}
		if ((name !== '+page.svelte' && name !== '+page.server.ts') || seen.has(folder)) continue;
		seen.add(folder);
		const server = files.includes(`${folder}/+page.server.ts`)
			? readFileSync(path.join(ROOT, folder, '+page.server.ts'), 'utf8')
			: '';
		found.push({
			side,
			route: addressOf(folder),
			kind: 'page',
			methods: ['GET'],
			actions: actionsOf(server)
		});
	}
	return found;
}

import { builtinModules } from 'node:module';
import { describe, expect, it } from 'vitest';
import { TABLE, type Rule } from './import-table.ts';
import { readSources, type Import, type Source } from './source-graph.ts';

const sources = readSources();
const isBuiltin = (name: string): boolean => name.startsWith('node:') || builtinModules.includes(name);

function mayImport(rule: Rule, { target, isOwn, isTypeOnly }: Import): boolean {
	if (isOwn) {
		const allowed = isTypeOnly ? [...rule.own, ...(rule.types ?? [])] : rule.own;
		return allowed.some((prefix) => target.startsWith(prefix));
	}
	if (isBuiltin(target)) return rule.node === true || isTypeOnly;
	return (
		rule.packages.includes('*') || rule.packages.includes(target) || (isTypeOnly && target === 'prom-client')
	);
}

describe('imports flow in one direction', () => {
	it('finds the sources', () => {
		expect(sources.length).toBeGreaterThan(150);
	});

	it('every file belongs to a room of the table', () => {
		expect(
			sources.filter(({ file }) => !TABLE.some(({ room }) => room.test(file))).map(({ file }) => file)
		).toEqual([]);
	});

	it('no room imports what the table does not allow it', () => {
		const faults = sources.flatMap(({ file, imports }) => {
			const rule = TABLE.find(({ room }) => room.test(file));
			if (!rule) return [];
			const allowed = `${rule.name} may import ${[...rule.own, ...rule.packages].join(', ') || 'nothing'}`;
			return imports
				.filter((one) => !mayImport(rule, one))
				.map((one) => `${file} imports ${one.specifier}${one.isTypeOnly ? ' (type)' : ''}; ${allowed}`);
		});
		expect(faults).toEqual([]);
	});

	it('has no cycle, type-only imports included', () => {
		expect(cyclesOf(sources)).toEqual([]);
	});

	it('lets nothing a browser loads reach the server or the hub', () => {
		const byFile = new Map(sources.map((source) => [source.file, source]));
		const entries = sources.filter(
			({ file }) =>
				/^src\/(routes|lib\/(ui|live))\//.test(file) &&
				!/\.server\.ts$|\+server\.ts$|\.test\.ts$/.test(file) &&
				isBrowserSide(file)
		);
		const leaks = entries.flatMap(({ file }) => reach(byFile, file).map((path) => path.join(' → ')));
		expect(leaks).toEqual([]);
	});
});

/** Plain modules of a route folder may be the server's own; what is reached from a component is the browser's. */
const isBrowserSide = (file: string): boolean =>
	file.endsWith('.svelte') || /\+(page|layout)\.ts$/.test(file) || file.endsWith('.svelte.ts');

function reach(byFile: Map<string, Source>, from: string): string[][] {
	const found: string[][] = [];
	const seen = new Set<string>();
	const walk = (file: string, path: string[]): void => {
		if (seen.has(file)) return;
		seen.add(file);
		if (/^src\/lib\/server\/|^realtime\/(hub|room|worker|main)/.test(file)) found.push(path);
		for (const one of byFile.get(file)?.imports ?? [])
			if (one.isOwn && !one.isTypeOnly) walk(one.target, [...path, one.target]);
	};
	walk(from, [from]);
	return found;
}

function cyclesOf(all: Source[]): string[] {
	const graph = new Map(
		all.map(({ file, imports }) => [file, imports.filter((i) => i.isOwn).map((i) => i.target)])
	);
	const state = new Map<string, 'open' | 'done'>();
	const cycles: string[] = [];
	const walk = (file: string, path: string[]): void => {
		if (state.get(file) === 'done') return;
		if (state.get(file) === 'open') {
			cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
			return;
		}
		state.set(file, 'open');
		for (const next of graph.get(file) ?? []) if (graph.has(next)) walk(next, [...path, file]);
		state.set(file, 'done');
	};
	for (const file of graph.keys()) walk(file, []);
	return cycles;
}

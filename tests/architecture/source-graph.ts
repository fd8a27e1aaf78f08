// Reads the sources and their imports once; the architecture tests ask it.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type Import = {
	/** As written. */
	specifier: string;
	/** Path from the root for our own files, else the package's name. */
	target: string;
	isOwn: boolean;
	isTypeOnly: boolean;
};

export type Source = { file: string; text: string; imports: Import[] };

const ALIASES: Record<string, string> = Object.fromEntries(
	Object.entries(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')).imports).map(
		([key, value]) => [
			key.slice(0, -1),
			path.normalize((value as string).slice(0, -1)) + (value === './' ? '' : '')
		]
	)
);

const scriptsOf = (file: string, text: string): string =>
	file.endsWith('.svelte')
		? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]).join('\n')
		: text;

function resolve(file: string, specifier: string): Pick<Import, 'target' | 'isOwn'> {
	if (specifier.startsWith('.'))
		return { target: path.normalize(path.join(path.dirname(file), specifier)), isOwn: true };
	const alias = Object.keys(ALIASES).find((key) => specifier.startsWith(key));
	if (alias) return { target: path.join(ALIASES[alias]!, specifier.slice(alias.length)), isOwn: true };
	const parts = specifier.split('/');
	return { target: specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!, isOwn: false };
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
	if (ts.isExportDeclaration(node)) return node.isTypeOnly;
	const clause = node.importClause;
	if (!clause) return false;
	if (clause.isTypeOnly) return true;
	const named = clause.namedBindings;
	return (
		!clause.name &&
		!!named &&
		ts.isNamedImports(named) &&
		named.elements.length > 0 &&
		named.elements.every((e) => e.isTypeOnly)
	);
}

function importsOf(file: string, text: string): Import[] {
	const source = ts.createSourceFile(
		file,
		scriptsOf(file, text),
		ts.ScriptTarget.Latest,
		true,
		ts.ScriptKind.TS
	);
	const found: Import[] = [];
	const add = (specifier: ts.Expression | undefined, typeOnly: boolean): void => {
		if (!specifier || !ts.isStringLiteral(specifier)) return;
		found.push({ specifier: specifier.text, ...resolve(file, specifier.text), isTypeOnly: typeOnly });
	};
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node))
			add(node.moduleSpecifier, isTypeOnly(node));
		else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
			add(node.arguments[0], false);
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

/** Every source file below src, realtime, recorder, tests and bench, with its imports. */
export function readSources(): Source[] {
	return globSync('{src,realtime,recorder,tests,bench}/**/*.{ts,svelte,mjs}', { cwd: ROOT })
		.filter((file) => !file.endsWith('.d.ts'))
		.toSorted()
		.map((file) => {
			const text = readFileSync(path.join(ROOT, file), 'utf8');
			return { file, text, imports: importsOf(file, text) };
		});
}

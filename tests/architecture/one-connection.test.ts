import ts from 'typescript';
import { expect, it } from 'vitest';
import { readSources } from './source-graph.ts';

// Parsing is what takes time: only what knows the pool and could be within a transaction.
const sources = readSources().filter(
	({ file, text }) =>
		/^(src\/lib\/server|realtime)\/.*\.ts$/.test(file) &&
		!file.endsWith('.test.ts') &&
		/\bdb\b/.test(text) &&
		/\btx\b|\bact\b|\.(transaction|begin)\(/.test(text)
);

/** Arguments of these are work within a transaction; so is whatever takes one. */
const OPENS = /\bact\b|\.(transaction|begin)$/;
const POOL = /^(deps\.)?db$/;

const isWork = (node: ts.Node): node is ts.FunctionLikeDeclaration =>
	(ts.isArrowFunction(node) &&
		ts.isCallExpression(node.parent) &&
		OPENS.test(node.parent.expression.getText())) ||
	(ts.isFunctionLike(node) && node.parameters.some((one) => /^tx\b/.test(one.getText())));

/** Whether this asks the pool: a call on it, or one that it is handed to. */
const asksPool = (node: ts.Node): boolean =>
	ts.isCallExpression(node) &&
	(node.arguments.some((one) => POOL.test(one.getText())) ||
		(ts.isPropertyAccessExpression(node.expression) && POOL.test(node.expression.expression.getText())));

/** Lines, counted from one, on which work within a transaction asks for a second connection. */
function secondConnections(text: string): number[] {
	const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true);
	const found: number[] = [];
	const visit = (node: ts.Node, isInside: boolean): void => {
		if (isInside && asksPool(node))
			found.push(source.getLineAndCharacterOfPosition(node.getStart()).line + 1);
		ts.forEachChild(node, (child) => visit(child, isInside || isWork(node)));
	};
	visit(source, false);
	return found;
}

// Attack: as many posts at once as the pool has connections, each inside of its transaction and waiting for one more: nobody
// ever gets one, and the whole process stands still.
it('nothing within a transaction asks for a second connection', () => {
	const faults = sources.flatMap(({ file, text }) =>
		secondConnections(text).map((line) => `${file}:${line}`)
	);
	expect(faults).toEqual([]);
});

it.each([
	['act(actor, deed, async () => { await requireOpened(db, actor); })', [1]],
	['ifDifferent(act)(actor, deed, async (tx) => { await db.execute(x); })', [1]],
	['deps.db.transaction(async (inner) => read(deps.db))', [1]],
	['async function held(tx: Tx) {\n\tawait readHead(deps.db, id);\n}', [2]],
	['await readHead(db, id); await act(actor, deed, async (tx) => readHead(tx, id))', []]
] as [string, number[]][])('finds it in %s', (text, lines) => {
	expect(secondConnections(text)).toEqual(lines);
});

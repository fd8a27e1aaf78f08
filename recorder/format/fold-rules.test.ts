import { describe, expect, it } from 'vitest';
import { foldRules, type RuleChange } from './fold-rules.ts';

const insert = (rule: string, ...path: number[]): RuleChange => ({ kind: 'insert', rule, path });
const remove = (...path: number[]): RuleChange => ({ kind: 'delete', path });
const declare = (property: string, value: string, ...path: number[]): RuleChange => ({
	kind: 'declare',
	property,
	value,
	path
});

/** A sheet as a browser keeps it: names of rules, and rules within rules. */
type Rule = { name: string; declarations: Map<string, string>; inside: Sheet };
type Sheet = Rule[];
const rule = (name: string): Rule => ({ name, declarations: new Map(), inside: [] });

function carryOut(sheet: Sheet, changes: RuleChange[]): void {
	for (const change of changes) {
		let rules = sheet;
		const path = [...change.path];
		while (path.length > 1) rules = rules[path.shift()!]!.inside;
		const at = path[0]!;
		if (change.kind === 'insert') rules.splice(at, 0, rule(change.rule));
		else if (change.kind === 'delete') rules.splice(at, 1);
		else if (change.kind === 'declare') rules[at]!.declarations.set(change.property, change.value ?? '');
		else rules[at]!.declarations.delete(change.property);
	}
}
const shown = (sheet: Sheet): unknown =>
	sheet.map(({ name, declarations, inside }) => [
		name,
		[...declarations].toSorted(([a], [b]) => (a < b ? -1 : 1)),
		shown(inside)
	]);
const startSheet = (): Sheet =>
	['a', 'b', 'c', 'd'].map((name) => ({ ...rule(name), inside: [rule(`${name}1`), rule(`${name}2`)] }));

describe('foldRules', () => {
	it('forgets what was put in and taken out again', () => {
		expect(foldRules([insert('x{}', 2), insert('y{}', 2), remove(3), remove(2)])).toEqual([]);
	});
	it('keeps of a property its last value only', () => {
		const many = Array.from({ length: 50 }, (_, at) => declare('color', `${at}`, 1));
		expect(foldRules(many)).toEqual([declare('color', '49', 1)]);
	});
	it('names insertions by the older rules before them, so that one that fails moves no other', () => {
		expect(foldRules([insert('x{}', 1), insert('y{}', 2), remove(0)])).toEqual([
			remove(0),
			insert('y{}', 0),
			insert('x{}', 0)
		]);
	});
	it('has the same result as the whole history, for random histories [seed 7]', () => {
		let state = 7;
		const below = (limit: number): number => {
			state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
			return Math.floor((state / 2 ** 32) * limit);
		};
		for (let round = 0; round < 300; round++) {
			const sheet = startSheet();
			const history: RuleChange[] = [];
			for (let step = 0; step < 30; step++) {
				const isNested = below(3) === 0 && sheet.length > 0;
				const outer = isNested ? [below(sheet.length)] : [];
				const rules = isNested ? sheet[outer[0]!]!.inside : sheet;
				const at = below(rules.length || 1);
				const kind = rules.length === 0 ? 0 : below(4);
				const next =
					kind === 0
						? insert(`r${step}`, ...outer, below(rules.length + 1))
						: kind === 1
							? remove(...outer, at)
							: kind === 2
								? declare('p', `${step}`, ...outer, at)
								: ({ kind: 'undeclare', property: 'p', path: [...outer, at] } as RuleChange);
				history.push(next);
				carryOut(sheet, [next]);
			}
			const folded = startSheet();
			const short = foldRules(history);
			carryOut(folded, short);
			expect(shown(folded), `round ${round}`).toEqual(shown(sheet));
			expect(short.length).toBeLessThanOrEqual(history.length);
		}
	});
});

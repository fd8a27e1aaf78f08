import { expect, it } from 'vitest';
import { isWithoutTransaction, statementsOf } from './build-indexes.ts';

it('takes a file for one without a transaction by its first line only', () => {
	expect(isWithoutTransaction('-- no transaction\nANALYZE task;')).toBe(true);
	expect(isWithoutTransaction('-- A table.\n-- no transaction\n')).toBe(false);
});

it('gives its statements one by one, without what is said about them', () => {
	const text =
		'-- no transaction\n-- One; two.\nCREATE INDEX CONCURRENTLY a_b ON a (b)\n\tWHERE c;\n\nANALYZE a;\n';
	expect(statementsOf(text)).toEqual(['CREATE INDEX CONCURRENTLY a_b ON a (b)\n\tWHERE c', 'ANALYZE a']);
});

it.each([
	'CREATE INDEX a_b ON a (b)',
	'ALTER TABLE a ADD COLUMN c int',
	'CREATE INDEX CONCURRENTLY ON a (b)',
	'DROP INDEX CONCURRENTLY a_b'
])('refuses what a kill in between would break: %s', (statement) => {
	expect(() => statementsOf(`-- no transaction\n${statement};`)).toThrow('CONCURRENTLY');
});

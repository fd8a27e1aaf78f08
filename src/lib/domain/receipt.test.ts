import { describe, expect, it } from 'vitest';
import { ACTIONS } from './actions.ts';
import { undoState, undoUntil, UNDO_WAYS, type Done } from './receipt.ts';

const row = (seq: string, action: Done['action'], subjectId = 'one'): Done => ({ seq, action, subjectId });

describe('a deed of the receipt', () => {
	const created = row('9', 'task.created');

	it.each([
		['stands', [created], 'open'],
		['was taken back', [created, row('10', 'task.deleted')], 'taken_back'],
		['stands again', [created, row('10', 'task.deleted'), row('11', 'task.restored')], 'open'],
		['stands, whatever was done to another one', [created, row('10', 'task.deleted', 'two')], 'open'],
		['stands beside what does not take it back', [created, row('10', 'task.completed')], 'open']
	] as const)('%s', (_name, since, state) => {
		expect(undoState(created, since)).toBe(state);
	});

	it('is taken back at its last time alone', () => {
		const [first, second] = [row('1', 'task.completed'), row('3', 'task.completed')];
		const since = [first, row('2', 'task.reopened'), second];
		expect(undoState(first, since)).toBe('none');
		expect(undoState(second, since)).toBe('open');
	});

	it('has no way back where the entity has none', () => {
		expect(undoState(row('1', 'order.placed'), [row('1', 'order.placed')])).toBe('none');
		expect(undoState({ ...created, subjectId: null }, [])).toBe('none');
	});
});

it('every way back is an action that staff do with a permission of their own', () => {
	for (const way of Object.values(UNDO_WAYS)) expect(ACTIONS[way.by].permission).not.toBeNull();
});

it('counts the time to take back from the end', () => {
	expect(undoUntil(0)).toBe(900_000);
});

import { expect, it } from 'vitest';
import { effectivePermissions } from './permissions.ts';
import { mayHelp, watchRole } from './watch-role.ts';

const roleOf = (given: string[], withdrawn: string[] = []) =>
	watchRole(effectivePermissions(given, [], withdrawn));

it.each([
	[['supervise'], 'moderator'],
	[['assist'], 'helper'],
	[['observe'], 'observer'],
	[['observe', 'supervise'], 'moderator'],
	[['review', 'impersonate'], null]
])('%j makes %s', (given, role) => {
	expect(roleOf(given)).toBe(role);
});

it('takes with a withdrawn permission all that includes it, and leaves what it is made of', () => {
	expect(roleOf(['supervise'], ['supervise'])).toBeNull();
	expect(roleOf(['observe', 'assist', 'supervise'], ['supervise'])).toBe('helper');
	expect(roleOf(['supervise'], ['assist'])).toBe('observer');
	expect(roleOf(['supervise'], ['observe'])).toBeNull();
});

it('lets an observer only look', () => {
	expect(['observer', 'helper', 'moderator'].map((role) => mayHelp(role as 'observer'))).toEqual([
		false,
		true,
		true
	]);
});

import { sql } from 'drizzle-orm';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { expect, it } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { safeError } from './safe-error.ts';

const SECRET = 'a-session-token';

it('tells of a failed query what failed and where, and none of its values', () => {
	const cause = Object.assign(new Error('deadlock detected'), {
		code: '40P01',
		detail: `Key (token)=(${SECRET})`,
		where: `parameter $1 = '${SECRET}'`,
		parameters: [SECRET]
	});
	const shown = safeError(new DrizzleQueryError('SELECT FROM t WHERE token = $1', [SECRET], cause));
	expect(JSON.stringify(shown)).not.toContain(SECRET);
	expect(shown).toMatchObject({
		query: 'SELECT FROM t WHERE token = $1',
		cause: { message: 'deadlock detected', code: '40P01' }
	});
	expect(shown.stack).toContain('safe-error.test.ts');
});

it('leaves out what a careless thrower hung on an error', () => {
	const error = Object.assign(new AppError('invalid', 'Type your email.', { typed: SECRET }), {
		request: { headers: { cookie: SECRET } }
	});
	expect(safeError(error)).toMatchObject({ message: 'Type your email.', code: 'invalid' });
	expect(JSON.stringify(safeError(error))).not.toContain(SECRET);
	expect(JSON.stringify(safeError(sql`${SECRET}`))).not.toContain(SECRET);
});

it('ends at a ring of causes', () => {
	const ring = new Error('ring');
	ring.cause = ring;
	expect(JSON.stringify(safeError(ring)).match(/"ring"/g)?.length).toBeLessThan(10);
});

import { describe, expect, it } from 'vitest';
import { growth } from '#support/growth.ts';
import { HIDDEN, isSecretName, scrubState, scrubText, scrubUrl, withoutQuery } from './scrub.ts';

describe('scrubUrl', () => {
	it.each([
		['/a?token=abc', `/a?token=${HIDDEN}`],
		['/a?page=2&access_token=abc#top', `/a?page=2&access_token=${HIDDEN}#top`],
		['/cb?code=abc&state=def', `/cb?code=${HIDDEN}&state=${HIDDEN}`],
		['/#id_token=abc', `/#id_token=${HIDDEN}`],
		['/a?X-Amz-Signature=abc', `/a?X-Amz-Signature=${HIDDEN}`],
		['/a?apiKey=abc', `/a?apiKey=${HIDDEN}`],
		['https://user:word@host.test/x', 'https://host.test/x'],
		['//user:word@host.test/x', '//host.test/x'],
		[`/reset/${'a1B2'.repeat(10)}`, `/reset/${HIDDEN}`],
		[`/a?x=${'a1B2'.repeat(10)}`, `/a?x=${HIDDEN}`]
	])('hides what lets somebody in: %s', (url, scrubbed) => {
		expect(scrubUrl(url)).toBe(scrubbed);
	});
	it.each([
		'/invoices?page=2&q=blue&sort=-due',
		'/tasks/0195b7a2-4c11-7d3e-9c0a-1f2e3d4c5b6a',
		'/tasks?client=0195b7a2-4c11-7d3e-9c0a-1f2e3d4c5b6a',
		'/_app/immutable/assets/inter-latin-wght-normal.Dx4kXJAl1234567890.woff2',
		'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk'
	])('keeps addresses a reviewer needs: %s', (url) => {
		expect(scrubUrl(url)).toBe(url);
	});
});

describe('scrubText', () => {
	it('hides credentials that show by their look', () => {
		for (const secret of [
			'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
			'sk_live_4eC39HqLyjWDarjtT1zdp7dc',
			'AKIAIOSFODNN7EXAMPLE'
		])
			expect(scrubText(`It is ${secret} here`)).toBe(`It is ${HIDDEN} here`);
	});
	it('keeps ordinary sentences', () => {
		const text = 'Ask Bea = owner; total 1,240.00, see https://bluebird.test/menu?table=4';
		expect(scrubText(text)).toBe(text);
	});
	it('hides the number of a card, however it is written, and leaves other numbers', () => {
		for (const card of ['4929 1234 5678 9015', '4929123456789015', '3782-822463-10005'])
			expect(scrubText(`Pay with ${card} please`)).toBe(`Pay with ${HIDDEN} please`);
		for (const number of ['4929 1234 5678 9016', '2026-014-4929123456', '1,240.00', '+44 20 7946 0958 4321'])
			expect(scrubText(`See ${number}.`)).toBe(`See ${number}.`);
	});
	it('finds a credential wherever it stands in a text of any length', () => {
		const secret = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc';
		for (const before of [199_990, 200_000, 1_000_000])
			expect(scrubText(`${'word '.repeat(before / 5)}${secret} and`)).not.toContain('4eC39');
		expect(() => scrubState(`a="${'a1'.repeat(2_000_000)}"`)).not.toThrow();
	});
	it.each(['eyJaaaaaaaa.', '-eyJaaaaaaaa', '?a', '&token', '-----BEGIN PRIVATE KEY-----', 'sk_', '/a1'])(
		'stays linear on hostile text: %s',
		(piece) => {
			const scrubAll = (count: number): void => {
				for (const scrub of [scrubUrl, scrubState, withoutQuery]) scrub(piece.repeat(count));
			};
			expect(growth(scrubAll, 2_000, 8)).toBeLessThan(24);
		}
	);
});

describe('scrubState', () => {
	it('hides what is named for a secret in the state that attributes carry', () => {
		for (const state of ['{"token":"abc"}', "{token:'abc'}", 'api_key=abc', '{"a":1,"csrfToken": "abc"}'])
			expect(scrubState(state)).not.toContain('abc');
		expect(scrubState('{"token":"a\\"bc","b":"c"}')).toBe(`{"token":"${HIDDEN}","b":"c"}`);
	});
	it('leaves the rest alone', () => {
		for (const state of [
			'{"title":"Menu","count":3}',
			'width=device-width, initial-scale=1',
			'{"token":false}'
		])
			expect(scrubState(state)).toBe(state);
	});
});

describe('withoutQuery', () => {
	it.each([
		['/tasks?q=bea&page=2#x', `/tasks?q=${HIDDEN}&page=${HIDDEN}`],
		['/tasks?bea', '/tasks'],
		['/tasks#bea', '/tasks'],
		['/tasks', '/tasks'],
		['data:image/png;base64,AA==', 'data:image/png;base64,AA==']
	])('takes out of %s what was typed', (url, clean) => {
		expect(withoutQuery(url)).toBe(clean);
	});
});

describe('isSecretName', () => {
	it('knows the names of secrets in every spelling', () => {
		for (const name of [
			'csrf-token',
			'authToken',
			'X-Api-Key',
			'new_password',
			'userPin',
			'otp',
			'sessionId',
			'client_secret'
		])
			expect([name, isSecretName(name)]).toEqual([name, true]);
	});
	it('leaves ordinary names alone', () => {
		for (const name of [
			'title',
			'description',
			'keyboard',
			'author',
			'monkey',
			'spinner',
			'due',
			'passenger',
			'compass'
		])
			expect([name, isSecretName(name)]).toEqual([name, false]);
	});
});

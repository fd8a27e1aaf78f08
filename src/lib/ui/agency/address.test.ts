import { describe, expect, it } from 'vitest';
import { withParams } from './address.ts';

const at = (address: string) => new URL(address, 'http://localhost');

describe('withParams', () => {
	it('changes one parameter and keeps the others', () => {
		expect(withParams(at('/clients?q=blue&page=2'), { page: 3 })).toBe('?q=blue&page=3');
	});
	it('removes what is null or empty', () => {
		expect(withParams(at('/clients?q=blue&page=2'), { page: null, q: '' })).toBe('/clients');
	});
	it('drops the form action of a page that was posted to', () => {
		expect(withParams(at('/clients/1?/impersonate&tab=files'), { page: 2 })).toBe('?tab=files&page=2');
	});
});

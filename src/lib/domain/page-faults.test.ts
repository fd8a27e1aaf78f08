import { describe, expect, it } from 'vitest';
import { faultTold, type SeenFault } from './page-faults.ts';

const fault = (with_: Partial<SeenFault>): SeenFault => ({
	id: '1',
	at: 0,
	kind: 'error',
	words: '',
	place: '',
	method: '',
	status: 0,
	times: 1,
	pageId: null,
	...with_
});

describe('what went wrong in a page', () => {
	it('is told by what was said, where, and how often', () => {
		expect(faultTold(fault({ words: 'x is undefined', place: '/app.js:1:2', times: 3 }))).toEqual({
			title: 'Error in the page',
			subject: 'x is undefined',
			note: '/app.js:1:2, 3 times'
		});
	});
	it('is told by its place where the words are masked', () => {
		expect(faultTold(fault({ place: '/app.js:1:2' }))).toMatchObject({ subject: '/app.js:1:2', note: null });
		expect(faultTold(fault({ kind: 'console' }))).toEqual({
			title: 'Console error',
			subject: null,
			note: null
		});
	});
	it('says how many of its page are not listed', () => {
		expect(faultTold(fault({ place: '/app.js:1:2', times: 2, more: 800 })).note).toBe(
			'2 times, and 800 more in this page that are not listed'
		);
	});
	it('of a request is what was asked, and what was answered', () => {
		const request = fault({ kind: 'request', method: 'POST', place: '/invoices?page=2' });
		expect(faultTold({ ...request, status: 503 })).toEqual({
			title: 'Request failed',
			subject: 'POST /invoices?page=2',
			note: 'answered 503'
		});
		expect(faultTold({ ...request, times: 2 }).note).toBe('no answer, 2 times');
	});
});

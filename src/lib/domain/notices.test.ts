import { describe, expect, it } from 'vitest';
import { noticeWish } from './notices.ts';

const OFF = { inApp: false, mail: false };

describe('how somebody is told', () => {
	it('is their own choice, else the agency’s, else the default', () => {
		expect(noticeWish('billing', {}, {})).toEqual({ inApp: true, mail: true });
		expect(noticeWish('billing', {}, { billing: { mail: false } })).toEqual({ inApp: true, mail: false });
		expect(noticeWish('billing', { billing: { mail: true } }, { billing: OFF })).toEqual({
			inApp: false,
			mail: true
		});
	});

	it('of visits to their account is no agency’s to switch off', () => {
		expect(noticeWish('access', {}, { access: OFF })).toEqual({ inApp: true, mail: true });
		expect(noticeWish('access', { access: OFF }, {})).toEqual(OFF);
	});
});

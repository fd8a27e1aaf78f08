import { describe, expect, it } from 'vitest';
import { scrubUrl } from '#recorder/capture/scrub.ts';
import { storedAddress } from './stored-address.ts';

const CUT = '••••••••';
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.s5fLw2b1';
const RANDOM = 'q8Zr2LmX0vB7tYc4NdE9wKfH';

describe('what is stored of an address', () => {
	it.each([
		'/',
		'/tasks',
		'/tasks?status=done&page=2',
		'/tasks?view=board&sort=-due',
		'/invoices?q=spring+menu+of+2026+and+the+season+after&status=open',
		'/invoices?q=Caf%C3%A9%20%26%20Bar',
		'/orders?from=2026-01-01&to=2026-01-31&zone=America%2FArgentina%2FBuenos_Aires',
		'/tasks/0195f3a2-7b1c-7d3e-8f4a-1b2c3d4e5f60?tab=comments',
		'/files?folder=0195f3a2-7b1c-7d3e-8f4a-1b2c3d4e5f60',
		'/files/spring-menu-for-the-season-2026-final-version.pdf',
		'/services?package=basic&keyword=design&statement=yes&passage=2&author=bea',
		'/search?q=100%&empty=&flag',
		'/back?next=/tasks%3Fstatus%3Ddone',
		'/orders?number=1234567890123&phone=4915112345679',
		'/tasks?q=C%23%20%26%20a%3D1'
	])('keeps %s as it is', (address) => {
		expect(storedAddress(address)).toBe(address);
	});

	it.each([
		['/join?token=abc', `/join?token=${CUT}`],
		['/back?code=9f3&state=xyz&page=2', `/back?code=${CUT}&state=${CUT}&page=2`],
		['/back?page=2&access_token=a', `/back?page=2&access_token=${CUT}`],
		[
			'/x?accessToken=a&apiKey=b&user%5Bpassword%5D=c',
			`/x?accessToken=${CUT}&apiKey=${CUT}&user%5Bpassword%5D=${CUT}`
		],
		['/x?X-Amz-Signature=ab12&q=menu', `/x?X-Amz-Signature=${CUT}&q=menu`],
		// Attack: the name is written so that it does not look like one.
		['/x?%74oken=abc', `/x?%74oken=${CUT}`],
		['/x?%2574oken=abc', `/x?%2574oken=${CUT}`],
		['/x?a=1;token=abc', `/x?a=1;token=${CUT}`],
		['/x?TOKEN=abc&Code=1', `/x?TOKEN=${CUT}&Code=${CUT}`],
		// By its look, under any name or none.
		[`/x?q=${JWT}`, `/x?q=${CUT}`],
		[`/x?${JWT}`, `/x?${CUT}`],
		[`/x?ref=${RANDOM}`, `/x?ref=${CUT}`],
		['/x?q=sk_live_4eC39HqLyjWDarjtT1zdp7dc', `/x?q=${CUT}`],
		['/x?q=Bearer+abcdefghijklmnop', `/x?q=${CUT}`],
		['/x?q=4242+4242+4242+4242', `/x?q=${CUT}`],
		['/x?q=4242424242424242', `/x?q=${CUT}`],
		// An address within it.
		['/login?next=/files%3Ftoken%3Dabc', `/login?next=${CUT}`],
		['/login?next=%252Ffiles%253Ftoken%253Dabc', `/login?next=${CUT}`],
		['/login?next=/a?token=abc&page=2', `/login?next=${CUT}&page=2`],
		['/login?next=%26token%3Dabc', `/login?next=${CUT}`],
		['/login?next=/a%23access_token%3Dabc', `/login?next=${CUT}`],
		['/x#access_token=abc', '/x'],
		[`/join/${RANDOM}${RANDOM}/now`, `/join/${CUT}/now`],
		[`/join/${JWT}`, `/join/${CUT}`]
	])('cuts what lets somebody in out of %s', (address, stored) => {
		expect(storedAddress(address)).toBe(stored);
		// Stored again it stays as it is.
		expect(storedAddress(stored)).toBe(stored);
	});

	it('cuts the values of the same names as the recording does', () => {
		const words =
			'access api auth authorization bearer cred credential credentials csrf cvc cvv jwt key nonce otp pass passcode password ' +
			'passwd pin pwd saml samlresponse secret session sessionid sid sig signature ticket token xsrf code state invite reset magic ' +
			'verify confirm hash link t k apikey accesskey privatekey jsessionid authcode assertion ' +
			'status page q sort view folder plan package tab from to keyword keys passport linked tx author monkey';
		const names = words.split(' ').flatMap((word) => [word, `my_${word}`, `my${word}`, word.toUpperCase()]);
		const cutBy = (cut: (address: string) => string) =>
			names.filter((name) => cut(`/x?${name}=abc`) !== `/x?${name}=abc`);
		expect(cutBy(storedAddress)).toEqual(cutBy(scrubUrl));
		expect(cutBy(storedAddress).length).toBeGreaterThan(80);
	});

	it('goes through what is long, and through what is nested without end', () => {
		const long = `/x?${'a=%25;'.repeat(20_000)}&token=abc`;
		expect(storedAddress(long).endsWith(`token=${CUT}`)).toBe(true);
		expect(storedAddress(`/x?q=${'?'.repeat(50_000)}`)).toBe(`/x?q=${'?'.repeat(50_000)}`);
		expect(storedAddress(`/x?${'q=?'.repeat(20_000)}`)).toBe(`/x?q=${CUT}`);
	});
});

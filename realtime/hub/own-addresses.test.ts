import { expect, it } from 'vitest';
import { ownAddresses } from './own-addresses.ts';

const name = ownAddresses({ portalOrigin: 'https://portal.test', replayOrigin: 'https://replay.test' });

it('names what lies on the portal, and nothing else', () => {
	expect(name('https://portal.test/_app/immutable/assets/inter.Ab1.woff2')).toBe(
		'https://replay.test/_app/immutable/assets/inter.Ab1.woff2'
	);
	expect(name('https://portal.test/logo?v=1')).toBe('recorded:/logo?v=1');
	expect(name('https://elsewhere.test/_app/immutable/assets/inter.woff2')).toBeNull();
	expect(name('https://portal.test.elsewhere.test/logo')).toBeNull();
	expect(name('http://')).toBeNull();
});

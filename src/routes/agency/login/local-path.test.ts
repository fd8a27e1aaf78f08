import { describe, expect, it } from 'vitest';
import { localPath } from './local-path.ts';

describe('where sign-in leads', () => {
	it('keeps a path of this host with its query', () => {
		expect(localPath('/clients/1?tab=files')).toBe('/clients/1?tab=files');
	});
	it.each([
		'https://evil.test/',
		'//evil.test/',
		'/\\evil.test/',
		'\\\\evil.test',
		'/\t/evil.test',
		'/\n/evil.test',
		'/.//evil.test',
		'/x/..//evil.test',
		'javascript:alert(1)',
		' /clients',
		'',
		null
	])('never leads to another host: %j', (next) => {
		expect(localPath(next)).toBe('/clients');
	});
});

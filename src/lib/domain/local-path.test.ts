import { describe, expect, it } from 'vitest';
import { localPath } from './local-path.ts';

describe('where a redirect leads', () => {
	it('keeps a path of this host with its query', () => {
		expect(localPath('/clients/1?tab=files', '/')).toBe('/clients/1?tab=files');
	});
	it('writes what cannot stand in a header as the parser does', () => {
		expect(localPath('/clients/é\r\nset-cookie: a=b', '/')).toBe('/clients/%C3%A9set-cookie:%20a=b');
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
		expect(localPath(next, '/clients')).toBe('/clients');
	});
});

import { expect, it } from 'vitest';
import { filesAction, filesHref } from './staff-address.ts';

it('leaves out what is as it always is', () => {
	expect(filesHref('c1', { folder: null, q: '', sort: 'name', page: 1, deleted: false, edit: null })).toBe(
		'/clients/c1?tab=files'
	);
});

it('keeps what is shown in the address and in the forms', () => {
	const view = { folder: 'f1', q: 'a b', sort: '-size', page: 2, deleted: true };
	expect(filesHref('c1', view)).toBe('/clients/c1?tab=files&folder=f1&q=a+b&sort=-size&page=2&view=deleted');
	expect(filesAction('c1', { folder: 'f1' }, 'upload')).toBe('/clients/c1/files?folder=f1&/upload');
	expect(filesAction('c1', {}, 'upload')).toBe('/clients/c1/files?/upload');
});

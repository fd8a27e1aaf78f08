import { describe, expect, it } from 'vitest';
import { assetName, isAssetName, MAX_ASSET_NAME, splitAssetName } from './assets.ts';

const PORTAL = 'https://portal.example.com';

describe('the name of an asset', () => {
	it('is its path and search on the page’s own origin', () => {
		expect(assetName('https://portal.example.com/logo?v=2', PORTAL)).toBe('recorded:/logo?v=2');
		expect(assetName('/files/a b/preview', PORTAL)).toBe('recorded:/files/a%20b/preview');
		expect(assetName('/icons.svg#cart', PORTAL)).toBe('recorded:/icons.svg#cart');
	});

	it.each([
		'https://elsewhere.example.com/logo',
		'http://portal.example.com/logo',
		'https://portal.example.com:8443/logo',
		'//elsewhere.example.com/logo',
		'data:image/png;base64,AA',
		'blob:https://portal.example.com/1',
		'javascript:alert(1)',
		'recorded:/logo',
		'https://portal.example.com/' + 'a'.repeat(MAX_ASSET_NAME)
	])('is none for %s', (address) => {
		expect(assetName(address, PORTAL)).toBeNull();
	});

	it.each(['recorded:', 'recorded://host/x', 'recorded:logo', 'recorded:/a"b', 'recorded:/a b', '/logo', ''])(
		'is not %j',
		(text) => {
			expect(isAssetName(text)).toBe(false);
		}
	);

	it('knows the file from the part of it that is shown', () => {
		expect(splitAssetName('recorded:/icons.svg#cart')).toEqual({
			name: 'recorded:/icons.svg',
			fragment: '#cart'
		});
		expect(splitAssetName('recorded:/logo')).toEqual({ name: 'recorded:/logo', fragment: '' });
	});
});

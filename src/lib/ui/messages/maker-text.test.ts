import { describe, expect, it } from 'vitest';
import { makerText } from './maker-text.ts';

describe('who wrote a message', () => {
	it.each([
		[
			{ contact: 'Bea', staff: null },
			{ name: 'Bea', by: null }
		],
		[
			{ contact: 'Bea', staff: 'Maya' },
			{ name: 'Bea', by: 'by Maya, Northwind' }
		],
		[
			{ contact: null, staff: 'Maya' },
			{ name: 'Maya, Northwind', by: null }
		],
		[
			{ contact: null, staff: null },
			{ name: 'Northwind', by: null }
		]
	])('%o is %o', (maker, text) => {
		expect(makerText(maker, 'Northwind')).toEqual(text);
	});
});

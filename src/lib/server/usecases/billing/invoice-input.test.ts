import { describe, expect, it } from 'vitest';
import { invoiceInput, parsePercent } from './invoice-input.ts';

const form = (more: Record<string, string> = {}) => ({
	currency: 'eur',
	taxRate: '20',
	dueOn: '2026-12-01',
	'description-0': 'Design',
	'quantity-0': '3',
	'price-0': '82.75',
	'description-1': '',
	'quantity-1': '1',
	'price-1': '',
	...more
});
const faults = (more: Record<string, string>): Record<string, string> =>
	Object.fromEntries(
		(invoiceInput.safeParse(form(more)).error?.issues ?? []).map((issue) => [issue.path[0], issue.message])
	);

describe('the form of an invoice', () => {
	it('reads lines in their order and leaves empty rows out', () => {
		const read = invoiceInput.parse(
			form({ 'description-12': 'Hosting', 'price-12': '9', 'quantity-12': '' })
		);
		expect(read).toEqual({
			currency: 'EUR',
			taxRateBp: 2_000,
			dueOn: '2026-12-01',
			note: '',
			lines: [
				{ description: 'Design', quantity: 3, unitMinor: 8_275 },
				{ description: 'Hosting', quantity: 1, unitMinor: 900 }
			]
		});
	});

	it('names the field that is wrong', () => {
		expect(Object.keys(faults({ 'quantity-0': '1.5', 'price-0': '1,250' }))).toEqual([
			'quantity-0',
			'price-0'
		]);
		expect(Object.keys(faults({ 'description-0': '' }))).toEqual(['description-0']);
		expect(Object.keys(faults({ currency: 'ZZZ', taxRate: '101', dueOn: '2026-02-30' }))).toEqual([
			'currency',
			'taxRate',
			'dueOn'
		]);
		expect(Object.keys(faults({ 'price-0': '-5' }))).toEqual(['price-0']);
	});

	it('wants a line, and not too many', () => {
		expect(faults({ 'description-0': '', 'price-0': '' })['']).toContain('at least one line');
		const many = Object.fromEntries(
			Array.from({ length: 101 }, (_, n) => [
				[`description-${n}`, 'x'],
				[`price-${n}`, '1']
			]).flat()
		);
		expect(faults(many)['']).toContain('up to 100');
	});

	it('counts in the currency’s own digits', () => {
		expect(invoiceInput.parse(form({ currency: 'JPY', 'price-0': '900' })).lines[0]?.unitMinor).toBe(900);
		expect(Object.keys(faults({ currency: 'JPY' }))).toEqual(['price-0']);
	});

	it('reads percentages exactly', () => {
		expect([parsePercent('19'), parsePercent('7,7'), parsePercent('0.05'), parsePercent('100')]).toEqual([
			1_900, 770, 5, 10_000
		]);
		expect([parsePercent('100.01'), parsePercent('-1'), parsePercent('1.234'), parsePercent('')]).toEqual([
			null,
			null,
			null,
			null
		]);
	});
});

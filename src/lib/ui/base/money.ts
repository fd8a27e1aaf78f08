import { formatMoney as format } from '#domain/money.ts';

const LOCALE = 'en-US';

/**
 * An amount in a currency's minor units as text: `formatMoney(123456, 'EUR')` is `€1,234.56`. A code that is none is shown
 * as it is instead of failing the page.
 */
export function formatMoney(minorUnits: number, currency: string): string {
	if (!/^[A-Za-z]{3}$/.test(currency)) return `${(minorUnits / 100).toFixed(2)} ${currency}`.trim();
	return format({ minor: minorUnits, currency }, LOCALE);
}

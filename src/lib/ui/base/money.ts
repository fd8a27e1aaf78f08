const LOCALE = 'en-US';

/**
 * An amount in a currency's minor units as text: `formatMoney(123456, 'EUR')` is `€1,234.56`. How many
 * minor digits a currency has is Intl's knowledge (yen has none). A code that is none is shown as it is.
 */
export function formatMoney(minorUnits: number, currency: string): string {
	if (!/^[A-Za-z]{3}$/.test(currency)) return `${(minorUnits / 100).toFixed(2)} ${currency}`.trim();
	const format = new Intl.NumberFormat(LOCALE, { style: 'currency', currency });
	const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
	return format.format(minorUnits / 10 ** digits);
}

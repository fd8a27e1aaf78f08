import { CHARGE_SUFFIX, type Charge, type Price } from '#domain/shown-service.ts';
import { formatMoney } from '#ui/base/money.ts';

/** "€490.00", or "€49.00 a month"; nothing where prices are hidden. */
export function priceText(price: Price, billing: Charge = 'once'): string {
	if (!price) return '';
	const amount = formatMoney(price.minor, price.currency);
	return billing === 'once' ? amount : `${amount} ${CHARGE_SUFFIX[billing]}`;
}

import { formatMoney } from '#ui/base/money.ts';

/** "€100.00 a month". */
export const pricePer = (minor: number, currency: string, billing: 'month' | 'year'): string =>
	`${formatMoney(minor, currency)} a ${billing}`;

export const SUBSCRIPTION_WORDS = {
	active: 'Active',
	paused: 'Paused',
	ending: 'Ending',
	cancelled: 'Ended'
} as const;

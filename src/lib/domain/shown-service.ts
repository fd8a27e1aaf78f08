// A service as a client sees it: on the portal, and in the preview of whoever edits it. Types only, so both sides agree.
import type { IntakeQuestion } from './intake-kinds.ts';

export type Charge = 'once' | 'month' | 'year';

/** "Once", or how often it comes again. */
export const CHARGES: Record<Charge, string> = { once: 'Once', month: 'Every month', year: 'Every year' };

/** What stands behind a price. */
export const CHARGE_SUFFIX: Record<Charge, string> = { once: '', month: 'a month', year: 'a year' };

/** Null: prices are hidden from this contact, and never leave the server. */
export type Price = { minor: number; currency: string } | null;

export type ShownPackage = {
	id: string;
	name: string;
	description: string;
	features: string[];
	price: Price;
	billing: Charge;
	maxQuantity: number;
};
export type ShownAddOn = { id: string; name: string; description: string; price: Price; maxQuantity: number };
export type ShownFaq = { question: string; answer: string };

export type ShownService = {
	id: string;
	name: string;
	category: string;
	summary: string;
	description: string;
	packages: ShownPackage[];
	addOns: ShownAddOn[];
	/** Null: the section is hidden. */
	faq: ShownFaq[] | null;
	questions: IntakeQuestion[];
};

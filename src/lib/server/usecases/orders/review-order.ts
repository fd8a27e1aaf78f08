// The steps before an order: its form, and the review of what was chosen. Both only read.
import type { IntakeAnswer } from '#domain/intake-kinds.ts';
import type { Totals } from '#domain/money.ts';
import type { Charge, ShownService } from '#domain/shown-service.ts';
import { may } from '#domain/visibility.ts';
import type { Db, Reader } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { requireClient, requireReader } from '../agency/require-reader.ts';
import { accountOf, inPortal, type EitherActor } from '../portal/either-side.ts';
import { requireArea } from '../portal/scope.ts';
import { findService, shownService } from '../services/find-service.ts';
import type { OrderChoice } from './order-input.ts';
import { quoteOrder } from './quote-order.ts';

/** `clientId` is named by staff only; in the portal it is the actor's own. */
export type For = { clientId?: string };

async function requireOrdering(reader: Reader, actor: EitherActor, named: For) {
	if (!inPortal(actor)) {
		await requireReader(reader, actor, 'orders.manage');
		await requireClient(reader, actor, named.clientId ?? '');
		return { account: accountOf(actor, named.clientId), prices: true };
	}
	await requireArea(reader, actor, 'orders.place');
	const view = await requireArea(reader, actor, 'services');
	return { account: accountOf(actor, null), prices: may('services.prices', view, 'see') };
}

/** @throws AppError `not_found` where nothing can be ordered, or not this; `not_allowed` */
export const readOrderForm =
	({ db }: { db: Db }) =>
	async (actor: EitherActor, of: For & { serviceId: string }): Promise<ShownService> => {
		const { account, prices } = await requireOrdering(db, actor, of);
		return shownService(await findService(db, account, of.serviceId), { prices, faq: false });
	};

export type OrderReview = {
	serviceName: string;
	packageName: string;
	billing: Charge;
	lines: {
		description: string;
		quantity: number;
		amount: { unitMinor: number; amountMinor: number } | null;
	}[];
	/** Null: prices are hidden from this contact. */
	sums: (Totals & { currency: string; taxRateBp: number }) | null;
	paymentDays: number;
	answers: IntakeAnswer[];
	/** Fields that are not right yet; while there are any, this is no review. */
	issues: Record<string, string>;
	/** A fresh one for each review: placing it twice is placing it once. */
	key: string;
};

/** @throws AppError as `quoteOrder`, and as `readOrderForm` */
export const reviewOrder =
	({ db, ids }: { db: Db; ids: Ids }) =>
	async (actor: EitherActor, choice: OrderChoice, named: For = {}): Promise<OrderReview> => {
		const { account, prices } = await requireOrdering(db, actor, named);
		const quote = await quoteOrder(db, account, choice);
		return {
			serviceName: quote.service.name,
			packageName: quote.package.name,
			billing: quote.package.billing,
			lines: quote.lines.map(({ description, quantity, unitMinor }) => ({
				description,
				quantity,
				amount: prices ? { unitMinor, amountMinor: quantity * unitMinor } : null
			})),
			sums: prices ? { ...quote.totals, currency: quote.currency, taxRateBp: quote.terms.taxRateBp } : null,
			paymentDays: quote.terms.paymentDays,
			answers: quote.answers,
			issues: quote.issues,
			key: ids.uuid()
		};
	};

// Places an order, in the portal or by staff for a client: order, tasks, subscription and invoice in one change.
import { sql } from 'drizzle-orm';
import type { Origin } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { OrderId } from '#domain/ids.ts';
import { formatMoney } from '#domain/money.ts';
import { may } from '#domain/visibility.ts';
import type { Act } from '#server/db/act.ts';
import type { Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import {
	accountOf,
	inPortal,
	requireAccount,
	type Account,
	type EitherActor
} from '../portal/either-side.ts';
import { requireArea, requireId } from '../portal/scope.ts';
import type { OrderInput } from './order-input.ts';
import { quoteOrder, type Quote } from './quote-order.ts';
import { writeOrder } from './write-order.ts';

/** The same form came before: nothing is done again, and nothing is logged twice. */
class AlreadyPlaced extends Error {
	readonly orderId: OrderId;
	constructor(orderId: OrderId) {
		super('This order is placed already.');
		this.orderId = orderId;
	}
}

/** Two requests of one form wait for each other here; the second finds what the first made. */
async function refuseTwice(tx: Tx, { clientId, agencyId }: Account, key: string): Promise<void> {
	await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`order ${clientId} ${key}`}, 0))`);
	const [placed] = await tx.execute<{ id: OrderId }>(sql`
		SELECT id FROM client_order WHERE client_id = ${clientId} AND agency_id = ${agencyId} AND request_key = ${key}`);
	if (placed) throw new AlreadyPlaced(placed.id);
}

/** Whether the buyer sees prices. @throws AppError `not_found` where services are hidden from this contact */
async function seesPrices(tx: Tx, actor: EitherActor): Promise<boolean> {
	if (!inPortal(actor)) return true;
	return may('services.prices', await requireArea(tx, actor, 'services'), 'see');
}

type Seen = { prices: boolean; isApproving: boolean };

/**
 * What was seen is what is charged, or nothing is. What staff prepared has its total with it (`pinTotal`), also for a
 * contact who is shown no prices; such a contact's own form has none, and what it names is no way to find prices out.
 * @throws AppError `conflict`, `invalid`
 */
function requireSeenTotal({ totals, currency }: Quote, expected: number | null, seen: Seen): void {
	if (!seen.prices && !seen.isApproving) return;
	if (expected === null)
		throw new AppError('invalid', 'Look at the total first, then place the order from there.');
	if (expected === totals.totalMinor) return;
	const now = seen.prices ? `: the total is ${formatMoney({ minor: totals.totalMinor, currency })} now` : '';
	throw new AppError(
		'conflict',
		`The price has changed meanwhile${now}. Nothing was ordered. Look at it again and place the order if you still want it.`,
		{ priceChanged: true }
	);
}

function requireAnswers({ issues }: Quote): void {
	const [first] = Object.entries(issues);
	if (first) throw new AppError('invalid', first[1], { field: first[0] });
}

type Dependencies = { act: Act; ids: Ids };

/**
 * `clientId` is named by staff; in the portal it is the actor's own, whatever was sent.
 * @returns the order, also when this very form had placed it before
 * @throws AppError `not_found`, `conflict` (price changed, not offered any more, approved but placed before), `invalid`; the gate's refusals (logged)
 */
export const placeOrder =
	({ act, ids }: Dependencies) =>
	async (actor: EitherActor, input: OrderInput & { clientId?: string }, origin: Origin): Promise<OrderId> => {
		const account = accountOf(actor, input.clientId);
		const id = ids.uuid() as OrderId;
		const subject = { type: 'order', id };
		const serviceId = requireId<string>(input.serviceId, 'service');
		const isApproving = actor.kind === 'client' && actor.approves !== undefined;
		try {
			return await act(
				actor,
				{ action: 'order.placed', clientId: account.clientId, subject, origin },
				async (tx) => {
					await requireAccount(tx, actor, account);
					const prices = await seesPrices(tx, actor);
					await refuseTwice(tx, account, input.key);
					// Whoever edits the service holds it for himself: prices stand still until this is done.
					await tx.execute(sql`SELECT FROM service WHERE id = ${serviceId} FOR SHARE`);
					const quote = await quoteOrder(tx, account, input);
					requireAnswers(quote);
					requireSeenTotal(quote, input.expectedTotalMinor, { prices, isApproving });
					const { number, ...made } = await writeOrder(
						{ tx, ids, actor },
						{ id, account, quote, key: input.key }
					);
					const label = `${number} ${quote.service.name}`;
					const details = { ...made, package: quote.package.name, total: quote.totals.totalMinor };
					return { value: id, subject: { ...subject, label }, details };
				}
			);
		} catch (caught) {
			if (!(caught instanceof AlreadyPlaced)) throw caught;
			// What was rolled back is the approval as well: it must not look as if it had been given.
			if (isApproving)
				throw new AppError(
					'conflict',
					'This order was placed already. Reload the page; decline it if it still waits.'
				);
			return caught.orderId;
		}
	};

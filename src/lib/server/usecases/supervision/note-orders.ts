// What the holder of control ordered and what the page answered, one row of the log for each stretch of it: by it anybody can tell what
// was theirs and what was not. What was typed is never among it.
import type { Origin, StaffActor } from '#domain/actor.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import type { ControlAnswer, ControlDeed } from '#protocol/control.ts';
import { accountOf, findSession, requireOther } from './helped-session.ts';

/** Orders of one kind in a row with the same answer; ms after the stretch began. */
export type OrderRun = {
	kind: ControlDeed['kind'];
	answer: ControlAnswer;
	n: number;
	from: number;
	to: number;
};

/** `at` is the hub time at which the first was given. */
export type OrderStretch = { impersonationId: string; pageId: string; at: number; orders: OrderRun[] };

const KINDS: Record<ControlDeed['kind'], [one: string, many: string]> = {
	click: ['click', 'clicks'],
	type: ['text', 'texts'],
	select: ['choice', 'choices'],
	key: ['key', 'keys'],
	scroll: ['scroll', 'scrolls']
};

/** "3 clicks, 12 keys; 1 not done". */
function summaryOf(orders: readonly OrderRun[]): string {
	const count = (wanted: (run: OrderRun) => boolean) =>
		orders.filter(wanted).reduce((sum, { n }) => sum + n, 0);
	const done = (Object.keys(KINDS) as ControlDeed['kind'][]).flatMap((kind) => {
		const n = count((run) => run.kind === kind && run.answer === 'done');
		return n === 0 ? [] : `${n} ${KINDS[kind][n === 1 ? 0 : 1]}`;
	});
	const others = count(({ answer }) => answer !== 'done');
	return [done.join(', ') || 'Nothing done', ...(others > 0 ? [`${others} not done`] : [])].join('; ');
}

/** Of what was ordered already, with the right to it. @throws AppError `not_allowed`: no such impersonation here, or the own one */
export const noteOrders =
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: StaffActor, stretch: OrderStretch & { origin: Origin }): Promise<void> => {
		const { impersonationId, origin, pageId, at, orders } = stretch;
		const row = await findSession(db, actor.agencyId, impersonationId);
		const account = accountOf(row);
		const subject = { ...account.subject, label: summaryOf(orders) };
		await act(actor, { action: 'control.steered', ...account, subject, origin }, () => {
			requireOther(row, actor);
			return Promise.resolve({ value: undefined, details: { steered: { pageId, at, orders } } });
		});
	};

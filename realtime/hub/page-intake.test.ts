// What a page may cost, seen from what it is answered; the rest of its way is tested over real sockets.
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import type { AgencyId, ImpersonationId, PageId, StaffId } from '#domain/ids.ts';
import type { AppendReply } from '#protocol/index.ts';
import type { ScribePage } from '#realtime/scribe/scribe.ts';
import { createHubMetrics } from './metrics.ts';
import { Intakes } from './intakes.ts';
import { PageIntake, type PageIntakeOptions } from './page-intake.ts';

const START = 1_800_000_000_000;

/** An intake whose batches cost as much as told, on a clock of its own. */
function world() {
	let now = START;
	let costMs = 0;
	const intakes = new Intakes(() => now);
	/** As the hub makes the intake of a page that connects; each has a log of its own. */
	const open = (pageId: string, impersonationId = 'impersonation') =>
		opened({ intakes, pageId, impersonationId, now: () => now, cost: () => costMs });
	return {
		...open('page'),
		open,
		cost: (ms: number) => (costMs = ms),
		later: (ms: number) => (now += ms),
		now: () => now
	};
}

type Opening = {
	intakes: Intakes;
	pageId: string;
	impersonationId: string;
	now(): number;
	cost(): number;
};

function opened({ intakes, pageId, impersonationId, now, cost }: Opening) {
	let got = -1;
	const page = { nextSeq: 0, hasSnapshot: true };
	const standIns = {
		liveLog: { got: () => got, append: ({ seq }: { seq: number }) => Promise.resolve(void (got = seq)) },
		rooms: {
			get: () => ({ state: { ended: null, pages: new Map([[pageId, page]]) } }),
			apply: (_: string, { seq }: { seq: number }) => {
				page.nextSeq = seq + 1;
				return [];
			}
		},
		pulses: { note: () => undefined, flush: () => Promise.resolve() },
		sealing: { stored: () => undefined },
		scribe: {
			write: ({ budget }: ScribePage) => {
				budget.spendElsewhere(cost());
				return { bytes: new Uint8Array(1), times: [], hasSnapshot: false, interaction: false, faults: [] };
			}
		}
	};
	const identity = {
		agencyId: 'agency' as AgencyId,
		impersonationId: impersonationId as ImpersonationId,
		staffId: 'staff' as StaffId,
		pageId: pageId as PageId,
		sealedSeq: -1,
		page: { openedAt: START, address: '/', title: '', hasSnapshot: true }
	};
	const intake = intakes.of(
		identity,
		(session) =>
			new PageIntake({
				...(standIns as unknown as PageIntakeOptions),
				identity,
				session,
				now,
				metrics: createHubMetrics(new Registry()),
				noteFaults: () => Promise.resolve(),
				relay: () => undefined,
				reconnect: () => undefined,
				onError: (error) => {
					throw error;
				}
			})
	);
	const send = (seq: number): Promise<AppendReply> | AppendReply => {
		const early = intake.judgePart({ seq, part: 0, parts: 1 });
		if (early) return early;
		return new Promise((answer) => {
			const readings = Promise.resolve({ wall: null, mono: null });
			intake.take({
				seq,
				content: '[]',
				clock: undefined,
				readings: readings as never,
				countsAsActivity: true,
				answer
			});
		});
	};
	return { intake, send };
}

it('takes nothing of a page whose batches cost too much, until that is paid for, and its beats prove nothing meanwhile [R21]', async () => {
	const { intake, send, cost, later, now } = world();
	cost(12_000);
	expect(await send(0)).toEqual({ ok: true, got: 0 });
	expect(await send(1)).toEqual({ ok: true, got: 1 });
	const refusedAt = now();
	expect(send(2)).toEqual({ ok: false, refusal: 'too_fast', got: 1 });
	later(10_000);
	expect(send(2)).toMatchObject({ ok: false, refusal: 'too_fast' });
	expect(intake.keptUntil(now())).toBe(refusedAt);
	later(60_000);
	cost(1);
	expect(await send(2)).toEqual({ ok: true, got: 2 });
	expect(intake.keptUntil(now())).toBe(now());
});

it('asks nothing for what is known already', async () => {
	const { send, cost } = world();
	cost(60_000);
	await send(0);
	expect(send(0)).toEqual({ ok: true, got: 0 });
});

it('takes nothing of a page that was loaded anew, too, until what those before it cost is paid for; others are let be', async () => {
	const { open, cost, later } = world();
	cost(11_000);
	for (const pageId of ['first', 'second', 'third'])
		expect(await open(pageId).send(0)).toEqual({ ok: true, got: 0 });
	expect(open('fourth').send(0)).toMatchObject({ ok: false, refusal: 'too_fast' });
	expect(await open('colleague', 'other').send(0)).toEqual({ ok: true, got: 0 });
	later(60_000);
	expect(await open('fifth').send(0)).toEqual({ ok: true, got: 0 });
});

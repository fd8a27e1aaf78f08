// The review queue, the list of recordings and the charts of coverage, called as their pages call them, with every filter and order.
import { RISK_KEYS } from '#domain/risk-words.ts';
import { recordingFilters } from '#server/usecases/recordings/recording-filters.ts';
import { reviewFilters } from '#server/usecases/review/review-filters.ts';
import { each, type Call } from './list-call.ts';
import { uid } from './seed-log.ts';

const client = uid('client', 7);
const staff = uid('staff', 7);
const spring = { from: '2026-03-01', to: '2026-05-31' };
const by = (sorts: readonly string[], rest: Record<string, string> = {}) =>
	sorts.map((sort) => ({ ...rest, sort }));

export const QUEUE_CALLS: Readonly<Record<string, Call>> = {
	...each('reviews', reviewFilters, (app) => app.review.list, [
		{},
		{ page: '40' },
		{ client },
		{ staff },
		{ client, staff },
		{ late: '1' },
		{ late: '1', page: '40' },
		...RISK_KEYS.map((why) => ({ why })),
		{ why: 'stopped', sort: 'due' },
		{ why: 'stopped', late: '1' },
		...by(['risk', 'due', '-due']),
		{ show: 'mine' },
		{ show: 'mine', why: 'permissions' },
		{ show: 'done' },
		{ show: 'done', page: '40' },
		{ show: 'done', client },
		{ show: 'done', staff },
		{ show: 'done', why: 'stopped' },
		{ show: 'done', verdict: 'breach' },
		...by(['done', 'risk', '-risk', 'due', '-due'], { show: 'done' })
	])
};

export const RECORDING_CALLS: Readonly<Record<string, Call>> = {
	coverage: ({ app, staff: reader }) => app.review.readCoverage(reader),
	...each('recordings', recordingFilters, (app) => app.recordings.list, [
		{},
		{ page: '40' },
		{ client },
		{ staff },
		{ client, staff },
		{ mode: 'act' },
		{ reason: 'billing' },
		{ ticket: 'SUP-777' },
		{ ticket: 'nothing like it' },
		{ did: 'task.created' },
		{ did: 'order.placed' },
		{ did: 'contact.invited' },
		{ area: 'invoices' },
		{ area: 'access-history' },
		{ risk: 'high' },
		{ length: '30' },
		{ review: 'waits' },
		{ review: 'done' },
		{ review: 'breach' },
		{ incomplete: '1' },
		{ held: '1' },
		{ refused: '1' },
		spring,
		{ ...spring, client },
		{ ...spring, length: '30', mode: 'act' },
		...by(['when', 'length', '-length', 'risk', '-risk', 'client', '-client']),
		...by(['length', '-risk', '-client'], { page: '30' }),
		...by(['-length', '-risk', 'client'], { risk: 'high', review: 'waits' })
	])
};

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ACTIONS } from './actions.ts';
import { assessRisk, drawOf, isOutOfHours, reviewRulesSchema, type RiskFacts } from './risk.ts';
import { riskLevel } from './risk-words.ts';

/** A Tuesday, ten in the morning. */
const TUESDAY = Date.parse('2026-11-24T10:00:00Z');
const rules = reviewRulesSchema.parse({ sharePercent: 0 });
const calm: RiskFacts = {
	draw: 0,
	startedAt: TUESDAY,
	deeds: [],
	isIncomplete: false,
	wasStopped: false,
	startsBefore: 0
};
const done = (action: keyof typeof ACTIONS, count = 1) => ({ action, outcome: 'done' as const, count });
const refused = (action: keyof typeof ACTIONS, count = 1) => ({ action, outcome: 'refused' as const, count });
const keysOf = (facts: Partial<RiskFacts>) =>
	assessRisk({ ...calm, ...facts }, rules).reasons.map(({ key }) => key);

describe('the risk of a recording', () => {
	it('is none where somebody only looked in working hours', () => {
		expect(assessRisk(calm, rules)).toEqual({ risk: 0, reasons: [], isQueued: false });
	});

	it.each([
		[{ deeds: [done('order.placed')] }, ['money']],
		[{ deeds: [refused('order.placed')] }, ['money', 'refused']],
		[{ deeds: [refused('contact.invited')] }, ['permissions', 'refused']],
		[{ deeds: [done('file.downloaded', 3), done('invoice.downloaded', 2)] }, ['exports']],
		[{ deeds: [done('file.downloaded', 4)] }, []],
		[{ deeds: [done('file.deleted')] }, ['sensitive']],
		[{ deeds: [refused('task.edited', 3)] }, ['refused']],
		[{ isIncomplete: true }, ['incomplete']],
		[{ wasStopped: true }, ['stopped']],
		[{ startsBefore: 5 }, ['many']],
		[{ startsBefore: 4 }, []],
		[{ startedAt: Date.parse('2026-11-24T22:30:00Z') }, ['hours']],
		[{ startedAt: Date.parse('2026-11-22T10:00:00Z') }, ['hours']]
	] as [Partial<RiskFacts>, string[]][])('of %o has the reasons %o', (facts, keys) => {
		expect(keysOf(facts)).toEqual(keys);
	});

	it('grows with each reason and each further one of a kind, and ends at 100', () => {
		const risk = (facts: Partial<RiskFacts>) => assessRisk({ ...calm, ...facts }, rules).risk;
		const [one, two] = [[done('order.placed')], [done('order.placed', 2)]];
		expect(risk({ deeds: two })).toBeGreaterThan(risk({ deeds: one }));
		expect(risk({ deeds: one, isIncomplete: true })).toBeGreaterThan(risk({ deeds: one }));
		const all = { deeds: [done('order.placed', 50), refused('contact.invited', 50)], wasStopped: true };
		expect(risk({ ...all, isIncomplete: true })).toBeLessThanOrEqual(100);
		expect(riskLevel(risk({ ...all, isIncomplete: true }))).toBe('high');
	});

	it('counts money and access as worth a look whatever the threshold is', () => {
		const deaf = { ...rules, fromRisk: 100 };
		expect(assessRisk({ ...calm, deeds: [done('order.placed')] }, deaf).isQueued).toBe(true);
		expect(assessRisk({ ...calm, deeds: [refused('consent.changed')] }, deaf).isQueued).toBe(true);
		expect(assessRisk({ ...calm, isIncomplete: true }, deaf).isQueued).toBe(false);
	});

	it('chooses of the rest whatever was drawn below the share, and nothing where none is set', () => {
		const tenth = { ...rules, sharePercent: 10 };
		const chosen = { risk: 0, reasons: [{ key: 'share', count: 1 }], isQueued: true };
		expect(assessRisk({ ...calm, draw: 0.099 }, tenth)).toEqual(chosen);
		expect(assessRisk({ ...calm, draw: 0.1 }, tenth).isQueued).toBe(false);
		expect(assessRisk({ ...calm, draw: 0 }, rules).isQueued).toBe(false);
	});

	it('draws evenly, from the first share to below one', () => {
		expect(drawOf('A'.repeat(43))).toBe(0);
		expect(drawOf('_'.repeat(43))).toBeLessThan(1);
		expect(drawOf(`g${'A'.repeat(42)}`)).toBe(0.5);
		const draws = Array.from({ length: 4_000 }, () => drawOf(randomBytes(32).toString('base64url')));
		const low = draws.filter((draw) => draw < 0.1).length;
		// Nine standard deviations: never by chance.
		expect(Math.abs(low - 400)).toBeLessThan(171);
	});

	it('counts hours where the agency is, over the change of its clocks', () => {
		const berlin = { ...rules, zone: 'Europe/Berlin', workFrom: 8, workUntil: 18 };
		expect(isOutOfHours(Date.parse('2026-07-07T06:30:00Z'), berlin)).toBe(false);
		expect(isOutOfHours(Date.parse('2026-12-08T06:30:00Z'), berlin)).toBe(true);
		expect(isOutOfHours(Date.parse('2026-12-08T17:00:00Z'), berlin)).toBe(true);
		expect(isOutOfHours(Date.parse('2026-12-06T10:00:00Z'), { ...berlin, weekends: true })).toBe(false);
	});
});

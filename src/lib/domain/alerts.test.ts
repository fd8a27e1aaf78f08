import { describe, expect, it } from 'vitest';
import { ALERT_RULE_KEYS, ALERT_RULES, alertSentence } from './alert-words.ts';
import {
	alertRulesSchema,
	bucketOf,
	judgeRows,
	judgeRunning,
	parseAlertRules,
	type AlertRules,
	type Happened,
	type Tally
} from './alerts.ts';
import { reviewRulesSchema } from './risk.ts';

/** A Tuesday, 10:00 UTC. */
const AT = Date.UTC(2026, 2, 3, 10);
const MINUTE = 60_000;
const hours = reviewRulesSchema.parse({});
const rules = (set: Partial<AlertRules> = {}) => alertRulesSchema.parse(set);
const row = (more: Partial<Happened>): Happened => ({
	at: AT,
	action: 'file.downloaded',
	outcome: 'done',
	staffId: 's',
	clientId: 'c',
	impersonationId: 'i',
	clients: 0,
	...more
});
const judge = (rows: Happened[], set: Partial<AlertRules> = {}, before: Tally[] = []) =>
	judgeRows(rows, before, { rules: rules(set), hours });
const shown = (rows: Happened[], set: Partial<AlertRules> = {}, before: Tally[] = []) =>
	judge(rows, set, before).found.map(({ rule, count }) => [rule, count]);

describe('rows of the log', () => {
	it('alert once to as many downloads as the limit within an hour, and say where it was reached', () => {
		const many = Array.from({ length: 5 }, (_, n) => row({ at: AT + n * MINUTE, impersonationId: `i${n}` }));
		const { found, added } = judge(many, { downloadsAnHour: 3 });
		expect(found).toEqual([
			{
				at: AT + 2 * MINUTE,
				staffId: 's',
				clientId: 'c',
				impersonationId: 'i2',
				rule: 'downloads',
				count: 5,
				span: '2026-03-03T10:00:00.000Z'
			}
		]);
		expect(added).toEqual([{ staffId: 's', rule: 'downloads', bucket: bucketOf(AT), count: 5 }]);
	});

	it('count on from what was counted before, and forget what is an hour old', () => {
		const before = (bucket: number): Tally[] => [{ staffId: 's', rule: 'downloads', bucket, count: 2 }];
		expect(shown([row({})], { downloadsAnHour: 3 }, before(bucketOf(AT) - 11))).toEqual([['downloads', 3]]);
		expect(shown([row({})], { downloadsAnHour: 3 }, before(bucketOf(AT) - 12))).toEqual([]);
	});

	it('of one person say nothing of another', () => {
		expect(shown([row({}), row({ staffId: 't' })], { downloadsAnHour: 2 })).toEqual([]);
	});

	it('alert to what is tried and refused, whatever it was', () => {
		const tries = [row({ outcome: 'refused' }), row({ outcome: 'refused', action: 'task.created' })];
		expect(shown(tries, { refusedAnHour: 2 })).toEqual([['refused', 2]]);
		expect(shown(tries, { refusedAnHour: 2, refused: false })).toEqual([]);
	});

	it('alert to many clients, and to an entry outside of the hours that the review knows', () => {
		const entered = row({ action: 'impersonation.entered', clients: 4 });
		expect(shown([entered], { clients: 4 })).toEqual([['many_clients', 4]]);
		expect(shown([entered], { clients: 5, out_of_hours: true })).toEqual([]);
		const atNight = { ...entered, at: AT + 12 * 60 * MINUTE };
		expect(shown([atNight], { clients: 5, out_of_hours: true })).toEqual([['out_of_hours', 1]]);
		expect(judge([atNight], { out_of_hours: true, clients: 5 }).found[0]).toMatchObject({ span: 'i' });
	});
});

describe('a running impersonation', () => {
	const running = (more: object) => ({ silentMs: 0, ageMs: 0, usual: { lengthMs: 0, count: 0 }, ...more });

	it('alerts to a silent recorder from the limit on', () => {
		expect(judgeRunning(running({ silentMs: 29_999 }), rules())).toEqual([]);
		expect(judgeRunning(running({ silentMs: 31_500 }), rules())).toEqual([{ rule: 'silent', count: 31 }]);
		expect(judgeRunning(running({ silentMs: 31_500 }), rules({ silent: false }))).toEqual([]);
	});

	it('alerts to its length, in minutes or against the agency’s own once there are enough of them', () => {
		const usual = { lengthMs: 4 * MINUTE, count: 20 };
		expect(judgeRunning(running({ ageMs: 45 * MINUTE }), rules())).toEqual([{ rule: 'long', count: 45 }]);
		expect(judgeRunning(running({ ageMs: 12 * MINUTE, usual }), rules())).toEqual([
			{ rule: 'long', count: 12 }
		]);
		expect(judgeRunning(running({ ageMs: 11 * MINUTE, usual }), rules())).toEqual([]);
		const few = { ...usual, count: 19 };
		expect(judgeRunning(running({ ageMs: 12 * MINUTE, usual: few }), rules())).toEqual([]);
		const short = { lengthMs: 1_000, count: 50 };
		expect(judgeRunning(running({ ageMs: 4 * MINUTE, usual: short }), rules())).toEqual([]);
	});
});

describe('the settings', () => {
	it('have a switch for each rule, and a number for each limit, within the bounds that the form shows', () => {
		for (const key of ALERT_RULE_KEYS) {
			expect(typeof rules()[key]).toBe('boolean');
			for (const { key: limit, min, max } of ALERT_RULES[key].limits) {
				expect(rules()[limit]).toBeGreaterThanOrEqual(min);
				expect(rules({ [limit]: max })[limit]).toBe(max);
				expect(alertRulesSchema.safeParse({ [limit]: min - 1 }).success).toBe(false);
				expect(alertRulesSchema.safeParse({ [limit]: max + 1 }).success).toBe(false);
			}
			expect(alertSentence(key, 7)).not.toBe('');
		}
	});

	it('of a release that knew others are the usual ones', () => {
		expect(parseAlertRules({ clients: 'many' })).toEqual(rules());
		expect(parseAlertRules(null)).toEqual(rules());
	});
});

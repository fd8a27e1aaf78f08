import { describe, expect, it } from 'vitest';
import { ALERT_RULE_KEYS, ALERT_RULES } from './alert-words.ts';
import { isAsStrict, slackened, tightened, type AlertSettings } from './alert-slack.ts';
import { alertRulesSchema, type AlertRules } from './alerts.ts';
import { reviewRulesSchema, type ReviewRules } from './risk.ts';

const settings = (rules: Partial<AlertRules> = {}, hours: Partial<ReviewRules> = {}): AlertSettings => ({
	rules: alertRulesSchema.parse({ out_of_hours: true, ...rules }),
	hours: reviewRulesSchema.parse(hours)
});
const USUAL = settings();

describe('a change of the rules', () => {
	it('lets go of a rule by its switch and by each of its limits, and takes it up again the same way', () => {
		for (const rule of ALERT_RULE_KEYS) {
			const changes = [
				{ [rule]: false },
				...ALERT_RULES[rule].limits.map(({ key, max }) => ({ [key]: max }))
			];
			for (const change of changes) {
				expect(slackened(USUAL, settings(change)), JSON.stringify(change)).toEqual([rule]);
				expect(tightened(settings(change), USUAL), JSON.stringify(change)).toEqual([rule]);
				expect(tightened(USUAL, settings(change)), JSON.stringify(change)).toEqual([]);
			}
		}
	});

	it('of what is off changes nothing', () => {
		const off = settings({ downloads: false });
		expect(slackened(off, settings({ downloads: false, downloadsAnHour: 500 }))).toEqual([]);
		expect(tightened(off, settings({ downloads: false, downloadsAnHour: 2 }))).toEqual([]);
	});

	it('that raises one limit and lowers another is both', () => {
		const mixed = settings({ longTimes: 20, longMinutes: 5 });
		expect([slackened(USUAL, mixed), tightened(USUAL, mixed)]).toEqual([['long'], ['long']]);
	});

	it('of the working hours lets go of what is out of them and takes it up', () => {
		for (const hours of [{ workFrom: 0 }, { workUntil: 24 }, { weekends: true }, { zone: 'Asia/Tokyo' }]) {
			const after = settings({}, hours);
			expect([slackened(USUAL, after), tightened(USUAL, after)]).toEqual([
				['out_of_hours'],
				['out_of_hours']
			]);
		}
		expect(slackened(USUAL, settings({}, { fromRisk: 99, sharePercent: 0 }))).toEqual([]);
	});

	it('is made good by rules that find as much as before, not by any that are on', () => {
		expect(isAsStrict('downloads', settings({ downloadsAnHour: 19 }), USUAL)).toBe(true);
		expect(isAsStrict('downloads', settings({ downloadsAnHour: 21 }), USUAL)).toBe(false);
		expect(isAsStrict('silent', settings({ downloads: false }), USUAL)).toBe(true);
	});
});

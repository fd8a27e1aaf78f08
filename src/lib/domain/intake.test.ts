import { describe, expect, it } from 'vitest';
import { checkAnswers, questionSchema, readQuestions } from './intake.ts';
import type { IntakeKind, IntakeQuestion } from './intake-kinds.ts';

const ask = (kind: IntakeKind, more: Partial<IntakeQuestion> = {}): IntakeQuestion => ({
	key: 'q',
	label: 'Question',
	kind,
	required: false,
	hint: '',
	options: [],
	min: null,
	max: null,
	...more
});
const tryOne = (question: IntakeQuestion, value: string | string[]) =>
	checkAnswers([question], [{ key: 'q', value }]);
const kept = (question: IntakeQuestion, value: string | string[]) =>
	tryOne(question, value).answers[0]?.value ?? null;
const refused = (question: IntakeQuestion, value: string | string[]) =>
	tryOne(question, value).issues['answer.q'] ?? null;

describe('answers', () => {
	it('keeps each kind as it was meant, with the question beside it', () => {
		expect(tryOne(ask('short_text'), '  Bluebird ').answers).toEqual([
			{ key: 'q', label: 'Question', kind: 'short_text', value: 'Bluebird' }
		]);
		expect(kept(ask('number'), ' 12.5 ')).toBe('12.5');
		expect(kept(ask('date'), '2028-02-29')).toBe('2028-02-29');
		expect(kept(ask('yes_no'), 'No')).toBe('No');
		expect(kept(ask('link'), 'https://example.com/a?b=c')).toBe('https://example.com/a?b=c');
		expect(kept(ask('email'), 'bea@bluebird.test')).toBe('bea@bluebird.test');
		const options = ['Red', 'Blue', 'Green'];
		expect(kept(ask('choice', { options }), 'Blue')).toBe('Blue');
		expect(kept(ask('multiple', { options }), ['Red', 'Green'])).toEqual(['Red', 'Green']);
	});

	it('leaves out what was left empty, and asks for it where it is required', () => {
		for (const empty of ['', '   ', []]) {
			expect(tryOne(ask('short_text'), empty)).toEqual({ answers: [], issues: {} });
			expect(refused(ask('short_text', { required: true }), empty)).toMatch(/fill this in/);
		}
		expect(checkAnswers([ask('yes_no', { required: true })], []).issues).toHaveProperty(['answer.q']);
	});

	it('holds limits of texts, numbers and picks', () => {
		expect(refused(ask('short_text', { max: 5 }), 'abcdef')).toMatch(/under 5/);
		expect(refused(ask('long_text', { min: 10 }), 'short')).toMatch(/at least 10/);
		expect(refused(ask('number', { min: 1, max: 9 }), '0')).toMatch(/smallest is 1/);
		expect(refused(ask('number', { min: 1, max: 9 }), '9.01')).toMatch(/largest is 9/);
		const picks = ask('multiple', { options: ['a', 'b', 'c'], min: 2, max: 2 });
		expect(refused(picks, ['a'])).toMatch(/at least 2/);
		expect(refused(picks, ['a', 'b', 'c'])).toMatch(/at most 2/);
	});

	it('refuses what only looks right', () => {
		for (const wrong of ['1e9', '0x10', 'Infinity', '1,5', '--1', '9'.repeat(400)])
			expect(refused(ask('number'), wrong)).not.toBeNull();
		for (const wrong of ['2026-02-30', '31.12.2026', '2026-13-01'])
			expect(refused(ask('date'), wrong)).not.toBeNull();
		for (const wrong of ['javascript:alert(1)', 'data:text/html,x', 'example.com', 'file:///etc/passwd'])
			expect(refused(ask('link'), wrong)).not.toBeNull();
		expect(refused(ask('email'), 'bea@')).not.toBeNull();
		expect(refused(ask('choice', { options: ['a', 'b'] }), 'c')).not.toBeNull();
		expect(refused(ask('multiple', { options: ['a', 'b'] }), ['a', 'a'])).not.toBeNull();
	});

	it('refuses an answer of the wrong kind', () => {
		expect(refused(ask('short_text'), ['a'])).not.toBeNull();
		expect(refused(ask('number'), ['1'])).not.toBeNull();
		expect(refused(ask('multiple', { options: ['a', 'b'] }), 'a')).not.toBeNull();
	});

	it('never takes more than our own limit, whatever the definition allows', () => {
		expect(refused(ask('long_text', { max: 1e9 }), 'x'.repeat(1_000_000))).toMatch(/under 10000/);
		expect(refused(ask('short_text', { max: -4 }), 'x'.repeat(501))).toMatch(/under 500/);
	});

	it('refuses keys that nobody asked for, and one key twice', () => {
		for (const key of ['other', '__proto__', 'constructor', 'toString']) {
			const { answers, issues } = checkAnswers([ask('short_text')], [{ key, value: 'x' }]);
			expect(issues['']).toMatch(/have changed/);
			expect(answers).toEqual([]);
		}
		const twice = [
			{ key: 'q', value: 'a' },
			{ key: 'q', value: 'b' }
		];
		expect(checkAnswers([ask('short_text')], twice).issues['']).toMatch(/have changed/);
	});
});

describe('stored definitions', () => {
	it('reads what makes sense and leaves out the rest', () => {
		const good = { key: 'name', label: 'Name', kind: 'short_text' };
		const stored = [
			good,
			{ ...good, label: 'The same key again' },
			{ ...good, key: '__proto__' },
			{ ...good, key: 'a', kind: 'script' },
			{ ...good, key: 'b', kind: 'choice', options: ['only one'] },
			{ ...good, key: 'c', min: 5, max: 1 },
			null,
			'text',
			42
		];
		expect(readQuestions(stored).map((question) => question.label)).toEqual(['Name']);
		for (const none of [null, undefined, 'x', {}, 7]) expect(readQuestions(none)).toEqual([]);
	});

	it('keeps choices and bounds only for kinds that have them', () => {
		const parsed = questionSchema.parse({
			key: 'when',
			label: 'When',
			kind: 'date',
			options: ['a', 'b'],
			min: 1,
			max: 2
		});
		expect(parsed).toMatchObject({ options: [], min: null, max: null });
	});

	it('reads no more than its limit', () => {
		const many = Array.from({ length: 5_000 }, (_, n) => ({ key: `q${n}`, label: 'Q', kind: 'date' }));
		expect(readQuestions(many)).toHaveLength(30);
	});
});

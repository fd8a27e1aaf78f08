import { expect, it } from 'vitest';
import { isNothing, keptSentence, runSentence, runWords } from './erasure-words.ts';

const run = {
	id: 'e',
	by: 'Olivia',
	reason: 'Asked for by letter',
	askedAt: 0,
	endedAt: 1,
	isStopped: false,
	total: 5,
	erased: 0,
	kept: 0,
	keptOnes: []
};

it.each([
	[{ endedAt: null, erased: 2, kept: 1 }, '3 of 5 looked at.'],
	[{ erased: 5 }, '5 recordings erased for good.'],
	[{ erased: 1, kept: 4 }, '1 recording erased for good. 4 kept, for the reasons below.'],
	[{ erased: 2, isStopped: true }, '2 recordings erased for good. 3 left as they were: it was stopped.'],
	[{ kept: 5 }, 'Nothing was erased. 5 kept, for the reasons below.']
])('says of %o “%s”', (over, sentence) => {
	expect(runSentence({ ...run, ...over })).toBe(sentence);
});

it('calls one that was stopped stopped, never done', () => {
	expect(runWords({ ...run, endedAt: null })).toEqual({ title: 'Erasing 5 recordings', label: 'Erasing' });
	expect(runWords({ ...run, erased: 5 })).toEqual({ title: 'Erased', label: 'Done' });
	expect(runWords({ ...run, erased: 3, isStopped: true })).toEqual({ title: 'Stopped', label: 'Stopped' });
});

it('says how many stay, and why', () => {
	expect(keptSentence('held', 1)).toBe('1 recording stays: on hold');
	expect(keptSentence('erased', 2)).toBe('2 recordings stay: erased before');
	const kept = { held: [], review: [], own: [], running: [], erased: [] };
	expect(isNothing({ free: [], kept })).toBe(true);
	expect(isNothing({ free: ['r'], kept })).toBe(false);
});

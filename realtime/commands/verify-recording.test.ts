import { expect, it } from 'vitest';
import type { Verified } from '#server/usecases/recordings/verify-recording.ts';
import { linesOf } from './verify-recording.ts';

const found = (over: object) => over as unknown as Verified;

it('never lets a file steer the operator’s terminal or add a line of its own', () => {
	const index = { client: 'Blue\u001b[2Jbird\nrecording whole to block 9', staff: '\u202eMaya', pages: [] };
	const whole = found({ whole: true, index, blocks: 2, isOpened: true, missing: ['a\r\u009bb'] });
	expect(linesOf(whole)).toEqual([
		'Blue [2Jbird recording whole to block 9,  Maya: 0 pages, 2 blocks.',
		'Every block was opened and its batches were hashed again.',
		'Lost before it was sealed: a b.',
		'recording whole to block 2'
	]);
	expect(linesOf(found({ whole: false, block: null, fault: 'x\u001b]0;y\u0007' }))).toEqual([
		'What is wrong: x ]0;y .',
		'broken at the index'
	]);
});

import { expect, it } from 'vitest';
import { fitted } from './fitted.ts';

it.each([
	[
		{ width: 1000, height: 500 },
		{ width: 1000, height: 1000 },
		{ left: 250, top: 0, width: 500, height: 500 }
	],
	[
		{ width: 500, height: 1000 },
		{ width: 1000, height: 1000 },
		{ left: 0, top: 250, width: 500, height: 500 }
	],
	[
		{ width: 640, height: 360 },
		{ width: 1280, height: 720 },
		{ left: 0, top: 0, width: 640, height: 360 }
	]
])('puts a screen into %o as the player does', (frame, screen, box) => {
	expect(fitted(frame, screen)).toEqual(box);
});

import { expect, it } from 'vitest';
import { modeWords } from './mode-words.ts';

it.each([
	[['view'], 'View only'],
	[['view', 'act'], 'View only, then Act'],
	[['act', 'view', 'act'], 'Act, then View only, then Act'],
	[['view', 'act', 'view', 'act', 'view'], 'View only and Act, switched 4 times']
] as const)('tells the modes of a visit: %j', (modes, words) => expect(modeWords(modes)).toBe(words));

import { expect, it } from 'vitest';
import type { Db } from '#server/db/types.ts';
import { forgetErased } from './forget-erased.ts';

const RECORDING = 'recording-1';

/** A process that holds two pages of a recording. */
function listening(execute: () => Promise<{ id: string }[]>) {
	const forgotten: string[] = [];
	const faults: unknown[] = [];
	const hear = forgetErased({
		db: { execute } as unknown as Db,
		forget: async (pageId) => void forgotten.push(pageId),
		onError: (error) => faults.push(error)
	});
	return { hear, forgotten, faults };
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

it('lets go of every page of a recording that any process erased', async () => {
	const { hear, forgotten } = listening(() => Promise.resolve([{ id: 'a' }, { id: 'b' }]));
	hear({ topic: 'recording.erased', agencyId: 'agency', impersonationId: RECORDING });
	await settled();
	expect(forgotten).toEqual(['a', 'b']);
});

it('hears nothing else, and never throws into who tells it', async () => {
	const { hear, forgotten, faults } = listening(() => Promise.reject(new Error('no database')));
	hear({ topic: 'impersonation.changed', agencyId: 'agency', impersonationId: RECORDING });
	await settled();
	expect([forgotten, faults]).toEqual([[], []]);
	hear({ topic: 'recording.erased', agencyId: 'agency', impersonationId: RECORDING });
	await settled();
	expect(faults).toEqual([new Error('no database')]);
});

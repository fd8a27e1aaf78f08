import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { AgencyId } from '#domain/ids.ts';
import type { Picture } from '#server/recordings/page-picture.ts';
import { PagePictures } from './page-pictures.ts';

const SYSTEM = { kind: 'system', agencyId: 'a' as AgencyId } as const;
const picture = (state: Picture['state'], seq = 7): Picture => ({
	state,
	seq,
	at: 1_000,
	events: new TextEncoder().encode('[]')
});

function stage(answer: () => Promise<Picture | null>) {
	const world = { reads: 0, unsure: [] as string[], errors: 0 };
	const pictures = new PagePictures({
		readPicture: () => {
			world.reads++;
			return answer();
		},
		onUnsure: (pageId) => world.unsure.push(pageId),
		onError: () => world.errors++,
		waitMs: 20
	});
	return { world, pictures };
}

it('packs one picture for all who come while it is made, and a new one for who comes later [V7]', async () => {
	const { world, pictures } = stage(() => Promise.resolve(picture('whole')));
	const [first, second] = await Promise.all([pictures.of(SYSTEM, 'p'), pictures.of(SYSTEM, 'p')]);
	expect(world.reads).toBe(1);
	expect(first).toBe(second);
	expect(first!.header).toEqual({ pageId: 'p', seq: 7, offsetMs: 0, receivedAt: 1_000 });
	expect(gunzipSync(first!.bytes).toString()).toBe('[]');
	await pictures.of(SYSTEM, 'p');
	expect(world.reads).toBe(2);
});

it('leaves the watcher to the first batch where there is no whole picture, and tells of an unsure one [V7]', async () => {
	for (const state of ['empty', 'too-large', 'unsure'] as const) {
		const { world, pictures } = stage(() => Promise.resolve(picture(state)));
		expect(await pictures.of(SYSTEM, 'p')).toBeNull();
		expect(world.unsure).toEqual(state === 'unsure' ? ['p'] : []);
	}
	expect(await stage(() => Promise.resolve(null)).pictures.of(SYSTEM, 'p')).toBeNull();
});

it('does the same where the picture fails or does not come', async () => {
	const failing = stage(() => Promise.reject(new Error('no process')));
	expect(await failing.pictures.of(SYSTEM, 'p')).toBeNull();
	expect(failing.world.errors).toBe(1);
	const silent = stage(() => new Promise(() => undefined));
	expect(await silent.pictures.of(SYSTEM, 'p')).toBeNull();
	expect(silent.world.errors).toBe(0);
});

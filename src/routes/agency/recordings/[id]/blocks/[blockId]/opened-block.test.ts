import { expect, it } from 'vitest';
import { GET } from './+server.ts';

type Event = Parameters<typeof GET>[0];

const ask = (headers: Record<string, string> = {}) =>
	GET({
		params: { id: 'r', blockId: 'b' },
		url: new URL('http://agency.test/recordings/r/blocks/b'),
		request: new Request('http://agency.test/recordings/r/blocks/b', { headers }),
		locals: {
			staff: { actor: { kind: 'staff' }, permissions: new Set(['review']) },
			app: { recordings: { readBlock: () => Promise.resolve(new TextEncoder().encode('words of a client')) } }
		}
	} as unknown as Event);

it.each(['', 'gzip', 'zstd'])('is kept by no browser, packed as %j', async (accepted) => {
	const answer = await ask({ 'accept-encoding': accepted });
	expect(answer.headers.get('cache-control')).toBe('no-store');
	expect(answer.headers.get('content-encoding') ?? '').toBe(accepted);
});

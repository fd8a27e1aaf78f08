import { expect, it } from 'vitest';
import type { Wanted } from '#recorder/playback/frame-protocol.ts';
import { FilmFetcher, type FilmSource } from './film-fetcher.ts';

const source: FilmSource = {
	startedAt: 1_000,
	lengthMs: 500,
	isRunning: true,
	pages: [
		{
			pageId: 'p',
			firstEventAt: 1_000,
			lastEventAt: 1_400,
			blocks: [
				{ id: 'b', firstSeq: 0, lastSeq: 3, fromAt: 1_000, toAt: 1_200, checkpoint: 'empty', activity: '' }
			],
			tailFrom: 4
		}
	]
};

function open(answer: () => Response | Promise<Response>) {
	const asked: string[] = [];
	const told: string[] = [];
	const films: FilmSource[] = [];
	const fetcher = new FilmFetcher({
		impersonationId: 'i',
		source,
		fetch: (address) => {
			asked.push(address as string);
			return Promise.resolve().then(answer);
		},
		onFilm: (film) => films.push(film),
		onTrouble: (sentence) => told.push(sentence)
	});
	return { fetcher, asked, told, films };
}

it('fetches a block, and the rest of a page with what the server says of it', async () => {
	const headers = {
		'x-switchback-checkpoint': 'whole',
		'x-switchback-last-seq': '9',
		'x-switchback-more': 'true'
	};
	const { fetcher, asked } = open(() => new Response('xy', { headers }));
	expect(await fetcher.get({ kind: 'block', blockId: 'b' })).toMatchObject({ kind: 'piece' });
	expect(await fetcher.get({ kind: 'tail', pageId: 'p', from: 4 })).toMatchObject({
		kind: 'tail',
		tail: { checkpoint: 'whole', lastSeq: 9, hasMore: true }
	});
	expect(asked).toEqual(['/recordings/i/blocks/b', '/recordings/i/pages/p/tail?from=4']);
});

it.each<Wanted>([
	{ kind: 'block', blockId: '../../settings' },
	{ kind: 'block', blockId: 'of another recording' },
	{ kind: 'tail', pageId: '../x', from: 0 }
])('asks the server for nothing that is not in the index: %j', async (wanted) => {
	const { fetcher, asked } = open(() => new Response('secret'));
	expect(await fetcher.get(wanted)).toEqual({ kind: 'none', why: 'gone' });
	expect(asked).toEqual([]);
});

it('takes a new index for its own', async () => {
	const longer = { ...source, lengthMs: 900, pages: [] };
	const { fetcher, asked, films } = open(() => Response.json(longer));
	expect(await fetcher.get({ kind: 'index' })).toMatchObject({
		kind: 'index',
		film: { endAt: 1_900, pages: [] }
	});
	expect(films).toEqual([longer]);
	await fetcher.get({ kind: 'block', blockId: 'b' });
	expect(asked).toEqual(['/recordings/i/film']);
});

it('knows a block that is gone from a server that is down, and says what is wrong', async () => {
	const status = (code: number, body = '') => open(() => new Response(body, { status: code }));
	const block: Wanted = { kind: 'block', blockId: 'b' };
	const gone = status(404);
	expect(await gone.fetcher.get(block)).toEqual({ kind: 'none', why: 'gone' });
	expect(gone.told).toEqual([]);
	const refused = status(403, JSON.stringify({ message: 'Open the recording first.' }));
	expect(await refused.fetcher.get(block)).toEqual({ kind: 'none', why: 'failed' });
	expect(refused.told).toEqual(['Open the recording first.']);
	const broken = status(502, '<html>');
	await broken.fetcher.get(block);
	expect(broken.told).toEqual(['The server does not answer as it should.']);
	const offline = open(() => Promise.reject(new TypeError('network')));
	expect(await offline.fetcher.get(block)).toEqual({ kind: 'none', why: 'failed' });
	expect(offline.told[0]).toContain('connection');
});

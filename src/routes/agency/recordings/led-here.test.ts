// Attack: a link that somebody planted elsewhere is followed by a reviewer, and the log names them as searching for its words.
import { expect, it, vi } from 'vitest';
import { load as loadList } from './+page.server.ts';
import { load as loadSearch } from './search/+page.server.ts';

const ADDRESS = 'https://app.example.com/recordings';

function visited(path: string, site: string | null, isSignedIn = true) {
	const recordings = {
		find: vi.fn((_actor: unknown, _filters: { seen?: string }) => Promise.resolve({ rows: [] })),
		search: vi.fn(() => Promise.resolve(null)),
		readSearchChoices: () => Promise.resolve({ clients: [], staff: [] })
	};
	const event = {
		url: new URL(ADDRESS + path),
		request: new Request(ADDRESS + path, { headers: site === null ? {} : { 'sec-fetch-site': site } }),
		locals: {
			staff: isSignedIn ? { actor: {}, permissions: new Set(['review']) } : null,
			origin: {},
			app: { recordings, review: { listViews: () => Promise.resolve([]) } }
		}
	};
	return { recordings, event: event as never };
}

const HERE = ['same-origin', 'none', null];
/** The first is the portal's beside the agency's host: portal.example.com and app.example.com. */
const ELSEWHERE = ['same-site', 'cross-site', 'not known yet'];

it.each(HERE)('what is searched from here (“%s”) is searched', async (site) => {
	const list = visited('?seen=salary', site);
	await loadList(list.event);
	expect(list.recordings.find.mock.calls[0]?.[1]).toMatchObject({ seen: 'salary' });
	const search = visited('/search?q=salary', site);
	expect(await loadSearch(search.event)).toMatchObject({ isForeign: false });
	expect(search.recordings.search).toHaveBeenCalledOnce();
});

it.each(ELSEWHERE)('a list led to by words from elsewhere (“%s”) is shown without them', async (site) => {
	const led = visited('?seen=salary&ticket=812', site);
	const to = { status: 303, location: '/recordings?ticket=812' };
	await expect(async () => loadList(led.event)).rejects.toMatchObject(to);
	expect(led.recordings.find).not.toHaveBeenCalled();
	const followed = visited('?ticket=812', site);
	expect(await loadList(followed.event)).toMatchObject({ filters: { ticket: '812' } });
});

it.each(ELSEWHERE)('a search led to from elsewhere (“%s”) is not made, nor after a sign-in', async (site) => {
	const led = visited('/search?q=salary', site);
	expect(await loadSearch(led.event)).toMatchObject({ isForeign: true, filters: { q: 'salary' } });
	expect(led.recordings.search).not.toHaveBeenCalled();
	const signedOut = visited('/search?q=salary', site, false);
	const to = { status: 303, location: '/recordings/search' };
	await expect(async () => loadSearch(signedOut.event)).rejects.toMatchObject(to);
});

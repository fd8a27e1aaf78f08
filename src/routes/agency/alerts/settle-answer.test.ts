import { expect, it, vi } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { actions } from './+page.server.ts';

const ID = '0193c000-0000-7000-8000-000000000001';

async function answered(state: string, settle = vi.fn(() => Promise.resolve(state))) {
	const body = new URLSearchParams({ id: ID, state, note: 'Called them' }).toString();
	const request = new Request('https://app.example.com/alerts?/settle', {
		method: 'POST',
		headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(body.length) },
		body
	});
	const locals = { staff: { actor: {}, permissions: new Set() }, origin: {}, app: { alerts: { settle } } };
	return actions['settle']?.({ request, locals, url: new URL(request.url) } as never);
}

it.each([
	['handled', 'The alert is marked as handled. It stands under “Seen to”.'],
	['seen', 'The alert is marked as seen. It stands under “Seen to”.'],
	['open', 'The alert is open again.']
])('says that one is %s, since its row may be gone with that', async (state, sentence) => {
	expect(await answered(state)).toEqual({ saved: sentence });
});

it('says what was refused', async () => {
	const refused = vi.fn(() => Promise.reject(new AppError('not_allowed', 'This alert is about you.')));
	expect(await answered('seen', refused)).toMatchObject({ data: { sentence: 'This alert is about you.' } });
});

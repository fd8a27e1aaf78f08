import { expect, it, vi } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { WatchPresence } from './watch-presence.ts';

const actor = { kind: 'staff', agencyId: 'a', staffId: 's', sessionId: 'x' } as unknown as StaffActor;
const origin = { ip: null, userAgent: null };

function stage() {
	const heard: string[] = [];
	const world = { isRefused: false, failures: 0 };
	const presence = new WatchPresence({
		join: (_, id) => {
			if (world.isRefused) return Promise.reject(new Error('refused'));
			heard.push(`join ${id}`);
			return Promise.resolve(`watch of ${id}`);
		},
		leave: (_, watchId) => {
			if (world.failures-- > 0) return Promise.reject(new Error('down'));
			heard.push(`leave ${watchId}`);
			return Promise.resolve();
		},
		onError: (error) => heard.push(String(error)),
		retryMs: 1
	});
	return { presence, heard, world };
}

it('logs a person once, however many tabs open and close, at the same moment too [V3]', async () => {
	const { presence, heard } = stage();
	await Promise.all([presence.enter(actor, 'i', origin), presence.enter(actor, 'i', origin)]);
	presence.leave('s', 'i');
	expect(heard).toEqual(['join i']);
	presence.leave('s', 'i');
	presence.leave('s', 'i');
	await presence.leaveAll();
	expect(heard).toEqual(['join i', 'leave watch of i']);
});

it('counts nobody whose watch could not be logged', async () => {
	const { presence, heard, world } = stage();
	world.isRefused = true;
	await expect(presence.enter(actor, 'i', origin)).rejects.toThrow('refused');
	world.isRefused = false;
	await presence.enter(actor, 'i', origin);
	expect(heard).toEqual(['join i']);
});

it('says farewell for everyone when the hub stops', async () => {
	const { presence, heard } = stage();
	await presence.enter(actor, 'i', origin);
	await presence.enter(actor, 'j', origin);
	await presence.leaveAll();
	expect(heard.slice(2)).toEqual(['leave watch of i', 'leave watch of j']);
});

it('says a farewell again until the database takes it', async () => {
	const { presence, heard, world } = stage();
	await presence.enter(actor, 'i', origin);
	world.failures = 3;
	presence.leave('s', 'i');
	await vi.waitFor(() => expect(heard.at(-1)).toBe('leave watch of i'), 10_000);
	expect(heard.slice(1, -1)).toEqual(['Error: down', 'Error: down', 'Error: down']);
});

it('tries once more when the hub stops, and then leaves it to the others', async () => {
	const { presence, heard, world } = stage();
	await presence.enter(actor, 'i', origin);
	world.failures = Number.POSITIVE_INFINITY;
	presence.leave('s', 'i');
	await presence.leaveAll();
	expect(heard).not.toContain('leave watch of i');
	world.failures = 0;
	await presence.enter(actor, 'j', origin);
	await presence.leaveAll();
	expect(heard.at(-1)).toBe('leave watch of j');
});

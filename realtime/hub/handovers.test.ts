import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { Handovers } from './handovers.ts';
import { MAX_HANDOVERS } from './hub-limits.ts';

const connected = (readyState = 'open') => Object.assign(new EventEmitter(), { readyState });

it('admits so many of an impersonation at once, others’ apart, and again once one is closed', () => {
	const handovers = new Handovers();
	const connections = Array.from({ length: MAX_HANDOVERS }, () => connected());
	for (const connection of connections) expect(handovers.admit('ours', connection)).toBe(true);
	expect(handovers.admit('ours', connected())).toBe(false);
	expect(handovers.admit('theirs', connected())).toBe(true);
	connections[0]?.emit('close');
	expect(handovers.admit('ours', connected())).toBe(true);
});

it('forgets an impersonation with its last connection', () => {
	const handovers = new Handovers();
	const connection = connected();
	handovers.admit('ours', connection);
	connection.emit('close');
	expect(handovers.size).toBe(0);
});

it('keeps no place for one that closed before it was admitted: nobody would ever hear of it again', () => {
	const handovers = new Handovers();
	for (const state of ['closing', 'closed'])
		for (let n = 0; n < MAX_HANDOVERS; n++) expect(handovers.admit('ours', connected(state))).toBe(false);
	expect(handovers.size).toBe(0);
	expect(handovers.admit('ours', connected())).toBe(true);
});

import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { Handovers } from './handovers.ts';
import { MAX_HANDOVERS } from './hub-limits.ts';

it('admits so many of an impersonation at once, others’ apart, and again once one is closed', () => {
	const handovers = new Handovers();
	const connections = Array.from({ length: MAX_HANDOVERS }, () => new EventEmitter());
	for (const connection of connections) expect(handovers.admit('ours', connection)).toBe(true);
	expect(handovers.admit('ours', new EventEmitter())).toBe(false);
	expect(handovers.admit('theirs', new EventEmitter())).toBe(true);
	connections[0]?.emit('close');
	expect(handovers.admit('ours', new EventEmitter())).toBe(true);
});

it('forgets an impersonation with its last connection', () => {
	const handovers = new Handovers();
	const connection = new EventEmitter();
	handovers.admit('ours', connection);
	connection.emit('close');
	expect(handovers.size).toBe(0);
});

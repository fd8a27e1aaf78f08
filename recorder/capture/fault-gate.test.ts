import { describe, expect, it } from 'vitest';
import type { PageFault } from '../format/page-fault.ts';
import { FaultGate, type Fault } from './fault-gate.ts';

const fault = (text: string): Fault => ({ kind: 'error', text, where: '', method: '', status: 0 });

function open() {
	const told: PageFault[] = [];
	const gate = new FaultGate((one) => told.push(one));
	return { gate, said: () => told.splice(0).map(({ text, times }) => `${text} ${times}`) };
}

describe('faults of a page', () => {
	it('are told at once, and the same ones again with their number', () => {
		const { gate, said } = open();
		gate.note(fault('a'), 0);
		gate.note(fault('b'), 1);
		for (let at = 2; at < 9_000; at += 1_000) gate.note(fault('a'), at);
		expect(said()).toEqual(['a 1', 'b 1']);
		gate.flush(9_999);
		expect(said()).toEqual([]);
		gate.flush(10_000);
		expect(said()).toEqual(['a 9']);
	});
	it('that come without end are told in ever fewer lines, none twice', () => {
		const { gate, said } = open();
		for (let n = 0; n < 1_000; n++) gate.note(fault(`never the same ${n}`), 0);
		expect(said()).toHaveLength(20);
		gate.note(fault('later'), 3_000);
		expect(said()).toEqual(['later 1']);
	});
	it('of one page are at most so many, however long it lives', () => {
		const { gate, said } = open();
		for (let n = 0; n < 1_000; n++) gate.note(fault(`${n}`), n * 10_000);
		expect(said()).toHaveLength(300);
	});
	it('that could not be told yet are told with their number once there is room', () => {
		const { gate, said } = open();
		for (let n = 0; n < 20; n++) gate.note(fault(`${n}`), 0);
		gate.note(fault('x'), 0);
		gate.note(fault('x'), 1);
		said();
		gate.flush(10_000);
		expect(said()).toEqual(['x 2']);
	});
});

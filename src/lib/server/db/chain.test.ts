import { describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { GENESIS, hashRow, textAround, type ChainRow } from './chain.ts';

const row: ChainRow = {
	seq: '9007199254740993',
	agencyId: '7b0a52ce-0000-4000-8000-000000000001',
	at: '2026-11-23T04:05:06.000007Z',
	clientId: null,
	contactId: '7b0a52ce-0000-4000-8000-000000000002',
	actorKind: 'impersonation',
	actorStaffId: null,
	impersonationId: '7b0a52ce-0000-4000-8000-000000000003',
	pageId: null,
	action: 'task.created',
	subjectType: 'quote " and \\ and \u2028 and \u0001',
	subjectId: null,
	outcome: 'done',
	refusal: null,
	detailsHash: 'ab'.repeat(32)
};

describe('textAround', () => {
	it('is, with number, time and previous hash put between, exactly the text that a row’s hash is over', () => {
		const previous = createHash('sha256').update('a row').digest();
		for (const before of [GENESIS, previous]) {
			const [first, second, third, last] = textAround(row);
			const text = first + row.seq + second + row.at + third + before.toString('hex') + last;
			expect(createHash('sha256').update(text).digest()).toEqual(hashRow(row, before));
		}
	});
});

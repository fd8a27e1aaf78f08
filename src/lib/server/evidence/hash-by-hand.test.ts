import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { hashRow, type ChainRow } from '#server/db/chain.ts';
import { blindLink } from './chain-proof.ts';
import { hashFrom, stopIn } from './hash-by-hand.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

it('is SHA-256, wherever it stops and goes on', () => {
	for (const length of [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 128, 1_000]) {
		const text = 'Zoë, 1 042 €'.repeat(100).slice(0, length);
		const [state, bytes, rest] = stopIn(text.slice(0, length >> 1).padEnd(length >> 1));
		expect(hashFrom(state, bytes, rest + text.slice(length >> 1)), `${length}`).toBe(sha256(text));
	}
});

it('tells a row of the log by where its hash stood, and shows no more of it than a part of a salted hash', () => {
	const row: ChainRow = {
		seq: '41',
		agencyId: '7b0a52ce-0000-4000-8000-000000000001',
		at: '2026-11-23T04:05:06.000007Z',
		clientId: '7b0a52ce-0000-4000-8000-000000000002',
		contactId: null,
		actorKind: 'staff',
		actorStaffId: '7b0a52ce-0000-4000-8000-000000000003',
		impersonationId: null,
		pageId: null,
		action: 'invoice.voided',
		subjectType: 'invoice',
		subjectId: null,
		outcome: 'done',
		refusal: null,
		detailsHash: 'c3'.repeat(32)
	};
	for (const action of ['task.created', 'x', 'invoice.voided', 'a.much.longer.name.of.an.action']) {
		const link = blindLink({ ...row, action });
		if (!('blind' in link)) throw new Error('it is no such link');
		const [state, bytes, rest] = link.blind;
		const previous = Buffer.alloc(32, 7);
		expect(hashFrom(state, bytes, `${rest}${previous.toString('hex')}"]`)).toBe(
			hashRow({ ...row, action }, previous).toString('hex')
		);
		expect(rest).toMatch(/^(?:[c3]{0,60})"?,?"?$/);
	}
});

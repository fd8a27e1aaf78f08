import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AgencyId, StaffId } from '#domain/ids.ts';
import { createAssetGrants, GRANT_LASTS_MS } from './asset-grant.ts';

const secret = 'a secret of the tests, long enough to sign with';
const grant = {
	agencyId: randomUUID() as AgencyId,
	impersonationId: randomUUID(),
	staffId: randomUUID() as StaffId,
	sessionId: 'session-1',
	right: 'review' as const
};

describe('what lets a frame load pictures of a recording', () => {
	it('says whose recording and who looks at it', () => {
		const grants = createAssetGrants(secret, () => 1_000_000);
		expect(grants.verify(grants.mint(grant))).toEqual(grant);
	});

	it('ends with the day', () => {
		let now = 1_000_000;
		const grants = createAssetGrants(secret, () => now);
		const text = grants.mint(grant);
		now += GRANT_LASTS_MS - 1_000;
		expect(grants.verify(text)).toEqual(grant);
		now += 1_000;
		expect(grants.verify(text)).toBeNull();
	});

	it('is none with another recording, another right, another secret, or nothing in it', () => {
		const grants = createAssetGrants(secret, () => 1_000_000);
		const text = grants.mint(grant);
		expect(grants.verify(text.replace(grant.impersonationId, randomUUID()))).toBeNull();
		expect(grants.verify(text.replace('.r.', '.o.'))).toBeNull();
		expect(createAssetGrants('another', () => 1_000_000).verify(text)).toBeNull();
		for (const bad of ['', '.', text.slice(0, -1), `${text}.`, 'a.b.c'])
			expect(grants.verify(bad)).toBeNull();
	});
});

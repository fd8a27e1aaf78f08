import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { MAX_LOGO_BYTES } from '#domain/logo.ts';
import { policySchema } from '#domain/policy.ts';
import { FileBlobs } from '#server/adapters/files/file-blobs.ts';
import { composeSettings } from '#server/compose/settings.ts';
import type { Parts } from '#server/compose/parts.ts';
import { announcementInput } from '#server/usecases/settings/announcement-input.ts';
import { appearanceInput } from '#server/usecases/settings/save-appearance.ts';
import { invoicingInput } from '#server/usecases/settings/save-invoicing.ts';
import { noticeDefaultsInput, type NoticeDefaults } from '#server/usecases/settings/save-notice-defaults.ts';
import { policyInput } from '#server/usecases/settings/save-policy.ts';
import { impersonationKit, NO_ORIGIN, signInStaff, testIds } from '#support/impersonate.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type TwoAgencies } from '#support/two-agencies.ts';

let database: TestDatabase;
let both: TwoAgencies;
let folder: string;
let settings: ReturnType<typeof composeSettings>;
let admin: StaffActor;
let manager: StaffActor;

const DEFAULTS = policySchema.parse({});
/** The smallest pictures that are one. */
const PNG = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64'
);
const lastAction = async () => {
	const [row] = await database.sql<{ action: string; outcome: string; details: string }[]>`
		SELECT a.action, a.outcome, d.details FROM action a JOIN action_details d USING (seq) ORDER BY a.seq DESC LIMIT 1`;
	return { ...row!, details: JSON.parse(row!.details) as Record<string, unknown> };
};

beforeAll(async () => {
	database = await createTestDatabase();
	folder = mkdtempSync(path.join(tmpdir(), 'switchback-settings-'));
	const blobs = await FileBlobs.open(folder);
	both = await seedTwoAgencies(database.db);
	const { act } = impersonationKit(database.db);
	settings = composeSettings({ db: database.db, act, ids: testIds, blobs } as unknown as Parts);
	const { agencyId, staff } = both.north;
	admin = await signInStaff(database.db, agencyId, staff.admin);
	manager = await signInStaff(database.db, agencyId, staff.manager);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the policy of impersonation', () => {
	it('is kept whole, and each change logged from before to after', async () => {
		const policy = { ...DEFAULTS, allowAct: false, hardLimitMinutes: 45, consent: 'grant' as const };
		await settings.savePolicy(admin, policyInput.parse(policy), NO_ORIGIN);
		expect(await settings.readPolicy(admin)).toEqual(policy);
		expect(await lastAction()).toMatchObject({
			action: 'policy.changed',
			details: {
				changes: expect.arrayContaining([
					{ setting: 'Ask the client first', before: 'Not asked', after: 'A grant is needed' },
					{ setting: 'Longest stay', before: '30 minutes', after: '45 minutes' },
					{ setting: 'Act mode', before: 'on', after: 'off' }
				])
			}
		});
		await settings.savePolicy(admin, DEFAULTS, NO_ORIGIN);
	});

	it.each([
		{ hardLimitMinutes: 0 },
		{ hardLimitMinutes: 61 },
		{ hardLimitMinutes: 30.5 },
		{ hardLimitMinutes: Number.NaN },
		{ onboardingLimitMinutes: -1 },
		{ idleLimitMinutes: 1e9 },
		{ leaseSeconds: 16 },
		{ leaseSeconds: 4 },
		{ consent: 'sometimes' },
		{ allowAct: 'yes' },
		{ hardLimitMinutes: undefined }
	])('takes no %j', (wrong) => {
		expect(policyInput.safeParse({ ...DEFAULTS, ...wrong }).success).toBe(false);
	});

	it('is one agency’s own, and nobody’s without the permission', async () => {
		const southern = await signInStaff(database.db, both.south.agencyId, both.south.staff.admin);
		await settings.savePolicy(admin, { ...DEFAULTS, ticketRequired: true }, NO_ORIGIN);
		expect((await settings.readPolicy(southern)).ticketRequired).toBe(false);
		await expect(settings.readPolicy(manager)).rejects.toMatchObject({ code: 'not_allowed' });
		await expect(settings.savePolicy(manager, DEFAULTS, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_allowed'
		});
		expect(await lastAction()).toMatchObject({ action: 'policy.changed', outcome: 'refused' });
	});
});

describe('saving what is stored already', () => {
	const count = async () => {
		const [row] = await database.sql<{ n: number }[]>`SELECT count(*)::int AS n FROM action`;
		return row!.n;
	};

	it('leaves no row, whichever page it is', async () => {
		const appearance = await settings.readAppearance(admin);
		const stored = {
			policy: await settings.readPolicy(admin),
			invoicing: await settings.readInvoicing(admin),
			wishes: await settings.readNoticeDefaults(admin)
		};
		const before = await count();
		expect(await settings.savePolicy(admin, stored.policy, NO_ORIGIN)).toEqual([]);
		expect(await settings.saveInvoicing(admin, stored.invoicing, NO_ORIGIN)).toBe(false);
		expect(await settings.saveNoticeDefaults(admin, stored.wishes, NO_ORIGIN)).toBe(false);
		const same = appearanceInput.parse({ name: appearance.name, accent: appearance.accent ?? '' });
		expect(await settings.saveAppearance(admin, same, NO_ORIGIN)).toBe(false);
		expect(await count()).toBe(before);
	});

	it('is refused, and the attempt logged, all the same without the permission', async () => {
		const same = await settings.readPolicy(admin);
		await expect(settings.savePolicy(manager, same, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_allowed'
		});
		expect(await lastAction()).toMatchObject({ action: 'policy.changed', outcome: 'refused' });
	});
});

describe('the accent colour', () => {
	const save = (name: string, accent: string) =>
		settings.saveAppearance(admin, appearanceInput.parse({ name, accent }), NO_ORIGIN);

	it('is kept in one form, and given up for the shipped one', async () => {
		await save('North', ' 0F7B6C ');
		expect(await settings.readAppearance(admin)).toMatchObject({ accent: '#0f7b6c' });
		await save('North', '');
		expect(await settings.readAppearance(admin)).toMatchObject({ accent: null });
	});

	it('that cannot be seen is refused with the nearest that can, which is then taken', async () => {
		const refused = await save('North', '#fff3b0').catch(
			(error: { code: string; details: { nearest: string } }) => error
		);
		expect(refused).toMatchObject({ code: 'invalid', details: { field: 'accent' } });
		await save('North', (refused as { details: { nearest: string } }).details.nearest);
	});

	it.each(['red;}', 'red', '#4f46e5;background:url(//evil)', 'var(--danger)', '#4f46e', '</style><script>'])(
		'is never %s',
		async (accent) => {
			expect(appearanceInput.safeParse({ name: 'North', accent }).success).toBe(false);
			await expect(
				database.owner`UPDATE agency SET accent = ${accent} WHERE id = ${both.north.agencyId}`
			).rejects.toThrow(/check constraint/);
		}
	);
});

describe('the logo', () => {
	const read = async () => {
		const { stream, mediaType } = await settings.readLogo(both.north.agencyId);
		return { bytes: await buffer(stream), mediaType };
	};

	it('is stored by what its bytes are, replaced and removed without leaving anything', async () => {
		await settings.setLogo(admin, PNG, NO_ORIGIN);
		expect(await read()).toEqual({ bytes: PNG, mediaType: 'image/png' });
		const first = (await settings.readAppearance(admin)).logo;
		await settings.setLogo(admin, PNG, NO_ORIGIN);
		const second = (await settings.readAppearance(admin)).logo;
		expect(second).not.toBe(first);
		const blobs = await FileBlobs.open(folder);
		expect(await blobs.open(`logos/${first}`)).toBeNull();
		await settings.removeLogo(admin, NO_ORIGIN);
		await expect(read()).rejects.toMatchObject({ code: 'not_found' });
		expect(await blobs.open(`logos/${second}`)).toBeNull();
	});

	it.each([
		['a page', '<!doctype html><script>alert(1)</script>'],
		['an SVG', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
		['a GIF', 'GIF89a\u0001\u0000\u0001\u0000'],
		['a PDF', '%PDF-1.7\n'],
		['nothing', '']
	])('is no %s', async (_what, text) => {
		await expect(settings.setLogo(admin, Buffer.from(text), NO_ORIGIN)).rejects.toMatchObject({
			code: 'invalid'
		});
	});

	it('is no larger than it may be', async () => {
		const large = Buffer.concat([PNG, Buffer.alloc(MAX_LOGO_BYTES)]);
		await expect(settings.setLogo(admin, large, NO_ORIGIN)).rejects.toMatchObject({ code: 'too_large' });
	});

	it('is nobody’s to set without the permission', async () => {
		await expect(settings.setLogo(manager, PNG, NO_ORIGIN)).rejects.toMatchObject({ code: 'not_allowed' });
		await expect(read()).rejects.toMatchObject({ code: 'not_found' });
	});
});

describe('invoicing', () => {
	const form = {
		address: '1 High Street\r\nLeeds',
		taxId: 'GB 123',
		currency: 'gbp',
		taxRateBp: '7,75',
		paymentDays: '30',
		paymentNote: 'To our account',
		quotaBytes: '10'
	};

	it('is kept exactly, and read back', async () => {
		await settings.saveInvoicing(admin, invoicingInput.parse(form), NO_ORIGIN);
		expect(await settings.readInvoicing(admin)).toEqual({
			address: '1 High Street\nLeeds',
			taxId: 'GB 123',
			currency: 'GBP',
			taxRateBp: 775,
			paymentDays: 30,
			paymentNote: 'To our account',
			quotaBytes: 10 * 1024 ** 3
		});
	});

	it.each([
		{ taxRateBp: '100.01' },
		{ taxRateBp: '-1' },
		{ taxRateBp: '1e2' },
		{ taxRateBp: '7.755' },
		{ currency: 'XXQ' },
		{ currency: 'EUR; DROP' },
		{ paymentDays: '366' },
		{ paymentDays: '1.5' },
		{ quotaBytes: '0' },
		{ quotaBytes: '1001' }
	])('takes no %j', (wrong) => {
		expect(invoicingInput.safeParse({ ...form, ...wrong }).success).toBe(false);
	});
});

describe('what people are told by default', () => {
	it('is kept for every category', async () => {
		const wishes = await settings.readNoticeDefaults(admin);
		const changed = { ...wishes, tasks: { inApp: false, mail: true } };
		await settings.saveNoticeDefaults(admin, noticeDefaultsInput.parse(changed) as NoticeDefaults, NO_ORIGIN);
		expect(await settings.readNoticeDefaults(admin)).toEqual(changed);
		expect(wishes).not.toHaveProperty('access');
		const silent = { ...wishes, access: { inApp: false, mail: false } };
		expect(noticeDefaultsInput.safeParse(silent).success).toBe(false);
		expect(noticeDefaultsInput.safeParse({ ...wishes, nope: { inApp: true, mail: true } }).success).toBe(
			false
		);
	});
});

describe('announcements', () => {
	const input = (more: Record<string, string> = {}) =>
		announcementInput.parse({ title: 'Closed in August', body: 'We are back on the 30th.', ...more });

	it('are published, edited, taken back and brought back', async () => {
		const id = await settings.createAnnouncement(admin, input({ client: 'north assigned' }), NO_ORIGIN);
		expect(await settings.readAnnouncement(admin, id)).toMatchObject({
			client: 'North Assigned',
			state: 'shown',
			until: null,
			by: 'North admin'
		});
		await settings.editAnnouncement(admin, id, input({ from: '2099-01-01', until: '2099-01-31' }), NO_ORIGIN);
		expect(await settings.readAnnouncement(admin, id)).toMatchObject({
			client: null,
			state: 'planned',
			from: '2099-01-01',
			until: '2099-01-31'
		});
		await settings.removeAnnouncement(admin, id, NO_ORIGIN);
		expect((await settings.listAnnouncements(admin, { sort: '-from', page: 1 })).total).toBe(0);
		await settings.restoreAnnouncement(admin, id, NO_ORIGIN);
		expect(
			(await settings.listAnnouncements(admin, { sort: '-from', page: 1 })).rows.map((row) => row.title)
		).toEqual(['Closed in August']);
	});

	it('are never for another agency’s client, and never of another agency', async () => {
		await expect(
			settings.createAnnouncement(admin, input({ client: 'South Assigned' }), NO_ORIGIN)
		).rejects.toMatchObject({ code: 'invalid', details: { field: 'client' } });
		const southern = await signInStaff(database.db, both.south.agencyId, both.south.staff.admin);
		const id = await settings.createAnnouncement(southern, input(), NO_ORIGIN);
		for (const touch of [
			() => settings.readAnnouncement(admin, id),
			() => settings.editAnnouncement(admin, id, input(), NO_ORIGIN),
			() => settings.removeAnnouncement(admin, id, NO_ORIGIN),
			() => settings.readAnnouncement(admin, 'no-id')
		])
			await expect(touch()).rejects.toMatchObject({ code: 'not_found' });
	});

	it('refuse days that make no sense', async () => {
		expect(
			announcementInput.safeParse({ title: 'x', body: '', from: '2030-02-02', until: '2030-02-01' }).success
		).toBe(false);
		expect(announcementInput.safeParse({ title: 'x', body: '', until: '2030-02-31' }).success).toBe(false);
		await expect(
			settings.createAnnouncement(admin, input({ until: '2020-01-01' }), NO_ORIGIN)
		).rejects.toMatchObject({ details: { field: 'until' } });
	});
});

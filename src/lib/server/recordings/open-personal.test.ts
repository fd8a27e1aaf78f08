import { createECDH, randomBytes, randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { PersonalChannel } from '#recorder/capture/personal.ts';
import { toPersonalPayload, type PersonalNote, type PersonalPayload } from '#recorder/format/masked.ts';
import { openPersonal } from './open-personal.ts';

const PAGE = randomUUID();
const pair = createECDH('prime256v1');
const publicKey = pair.generateKeys();
const key = { id: randomUUID(), privateKey: pair.getPrivateKey() };
const notes: PersonalNote[] = [
	[1, 7, 't', 'Bea Baker, 12 Mill Lane'],
	[2, 8, 'v', 'bea@bluebird.test ü 𝄞']
];

/** What the page's own code makes of the notes. */
async function sealInPage(given: PersonalNote[]): Promise<PersonalPayload[]> {
	const sealed: PersonalPayload[] = [];
	const channel = new PersonalChannel({
		key: { id: key.id, publicKey: publicKey.toString('base64') },
		pageId: PAGE,
		emit: (payload) => sealed.push(payload),
		onFault: (error) => expect.fail(String(error))
	});
	for (const note of given) channel.note(note);
	await vi.waitFor(() => expect(sealed.length).toBeGreaterThan(0), 10_000);
	return sealed;
}

it('opens what a page has encrypted to the client’s key, and nothing of it can be read before', async () => {
	const [payload] = await sealInPage(notes);
	expect(JSON.stringify(payload)).not.toMatch(/Bea|bea|Mill/);
	expect(toPersonalPayload(JSON.parse(JSON.stringify(payload)))).toEqual(payload);
	expect(openPersonal(payload!, key, PAGE)).toEqual(notes);
});

it('sends long texts in several pieces, in order', async () => {
	const long: PersonalNote[] = [1, 2, 3].map((id) => [id, id, 't', String(id).repeat(50_000)]);
	const sealed = await sealInPage(long);
	await vi.waitFor(() => expect(sealed.length).toBe(2), 10_000);
	expect(sealed.flatMap((payload) => openPersonal(payload, key, PAGE) ?? [])).toEqual(long);
});

it('opens nothing with another client’s key, on another page, or when a bit was changed', async () => {
	const [payload] = await sealInPage(notes);
	const other = createECDH('prime256v1');
	other.generateKeys();
	expect(openPersonal(payload!, { ...key, privateKey: other.getPrivateKey() }, PAGE)).toBeNull();
	expect(openPersonal(payload!, { ...key, id: randomUUID() }, PAGE)).toBeNull();
	expect(openPersonal(payload!, key, randomUUID())).toBeNull();
	const data = Buffer.from(payload!.data, 'base64');
	data[0]! ^= 1;
	expect(openPersonal({ ...payload!, data: data.toString('base64') }, key, PAGE)).toBeNull();
	expect(openPersonal({ ...payload!, page: randomBytes(65).toString('base64') }, key, PAGE)).toBeNull();
});

it('takes only payloads of the known form', () => {
	const good = { key: randomUUID(), page: 'AAAA', iv: 'AAAA', data: 'AAAA' };
	expect(toPersonalPayload({ ...good, more: 1 })).toEqual(good);
	for (const bad of [
		null,
		1,
		{},
		{ ...good, key: '../x' },
		{ ...good, key: '-'.repeat(36) },
		{ ...good, key: randomUUID().replaceAll('-', 'a') },
		{ ...good, data: 'a b' },
		{ ...good, iv: 7 }
	])
		expect(toPersonalPayload(bad)).toBeNull();
});

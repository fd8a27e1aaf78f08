// Several hundred words planted over every way a recorder is known to leak, on a real page recorded by the real recorder
// to the real hub under each masking profile: what may not leave is nowhere, what may is there.
import { createECDH, randomUUID } from 'node:crypto';
import type { Browser } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MASKINGS, type MaskingProfile } from '#domain/masking.ts';
import { CUSTOM_TAGS, EVENT, isLoose, type RecordedEvent } from '#recorder/format/events.ts';
import { decodePayload, encodePayload } from '#recorder/format/block-payload.ts';
import { frameBatch } from '#recorder/format/block-frames.ts';
import { ShadowDocument } from '#recorder/format/shadow-document.ts';
import { toPersonalPayload } from '#recorder/format/masked.ts';
import { FAULT_KINDS, faultsIn } from '#recorder/format/page-fault.ts';
import { SHADOW_LIMITS } from '#server/recordings/seal-limits.ts';
import { readSeenText } from '#server/recordings/seen-text.ts';
import { openPersonal } from '#server/recordings/open-personal.ts';
import { launchChromium } from '#support/chromium.ts';
import { HubWorld } from '#support/hub-world.ts';
import { readLiveLog, readStores, recordPage, type Recorded } from '#support/masked-world.ts';
import { actAsPerson, actAsScript, failAsScript, TYPED } from '#support/planted-acts.ts';
import { found, MARKS, plantedPage, type Mark } from '#support/planted-page.ts';
import { bundleForBrowser } from '#support/recorder-bundle.ts';

const HIDDEN_IN: Record<MaskingProfile, Mark[]> = {
	personal: ['SEC', 'PER'],
	inputs: ['SEC', 'PER', 'TYP'],
	text: ['SEC', 'PER', 'TYP', 'TXT']
};

/** The client's key pair, as the server makes one. */
const pair = createECDH('prime256v1');
const publicKey = pair.generateKeys().toString('base64');
const key = { id: randomUUID(), privateKey: pair.getPrivateKey() };

/** Playwright's viewport less the pad's side. */
const PAD = { x: 1_280 - 90, y: 720 - 90 };

const texts = new Map<MaskingProfile, Record<'wire' | 'log' | 'stores' | 'index' | 'unmasked', string>>();
let world: HubWorld;
let browser: Browser;

/** What a reviewer would be shown. */
function unmask(log: string, pageId: string): string {
	const events = log.split('\n').flatMap((batch) => JSON.parse(batch) as RecordedEvent[]);
	const payloads = events.flatMap(({ type, data }) =>
		type === EVENT.custom && isLoose(data) && data.tag === CUSTOM_TAGS.personal
			? [toPersonalPayload(data.payload)!]
			: []
	);
	return JSON.stringify(payloads.map((payload) => openPersonal(payload, key, pageId)));
}

/** What the search over what was seen would hold of the page. */
function indexed(log: string): string {
	const frames = log.split('\n').map((batch, seq) => {
		const bytes = new TextEncoder().encode(batch);
		const [event] = JSON.parse(batch) as RecordedEvent[];
		return frameBatch({ seq, receivedAt: (event?.timestamp ?? 0) + 5_000, offsetMs: 0, bytes });
	});
	const payload = decodePayload(encodePayload({ checkpoint: [], clockAt: Number.NEGATIVE_INFINITY, frames }));
	const room = { chars: 1e7, rows: 1e4 };
	const seen = readSeenText(payload, new ShadowDocument(SHADOW_LIMITS), {
		fromSeq: 0,
		held: [],
		room,
		masks: []
	});
	return seen.added.flatMap(({ title, lines }) => [title, ...lines]).join('\n');
}

async function record(script: string, profile: MaskingProfile): Promise<void> {
	const masking = { profile, personal: { id: key.id, publicKey } };
	const recorded: Recorded = await recordPage({ browser, world, script, html: plantedPage, masking });
	const { page, testPage } = recorded;
	await actAsPerson(page);
	await actAsScript(page);
	await failAsScript(page);
	await page.locator('#plain').fill('the last words');
	await page.waitForTimeout(400);
	const [stores, log] = [await readStores(page), await readLiveLog(world, testPage)];
	texts.set(profile, {
		wire: recorded.wire(),
		log,
		stores,
		index: indexed(log),
		unmasked: unmask(log, testPage.id)
	});
	await recorded.close();
}

beforeAll(async () => {
	world = await HubWorld.open();
	browser = await launchChromium();
	const source =
		"export { startRecorder } from './recorder/index.ts'; export { collectAssets } from './recorder/collect-assets.ts';";
	const script = await bundleForBrowser({ source });
	await Promise.all(MASKINGS.map((profile) => record(script, profile)));
});

afterAll(async () => {
	await browser.close();
	await world.close();
});

describe.each(MASKINGS)('under the profile "%s"', (profile) => {
	it('what must not leave is nowhere: on the wire, in the live log, in the browser’s stores, in the search', () => {
		const { wire, log, stores, index } = texts.get(profile)!;
		const leaks = HIDDEN_IN[profile].flatMap((mark) => [
			...found(wire, mark).map((word) => `wire: ${word}`),
			...found(log, mark).map((word) => `log: ${word}`),
			...found(stores, mark).map((word) => `stores: ${word}`),
			...found(index, mark).map((word) => `search: ${word}`)
		]);
		expect(leaks).toEqual([]);
	});
	it('what may leave does', () => {
		const { log } = texts.get(profile)!;
		for (const mark of MARKS.filter((mark) => !HIDDEN_IN[profile].includes(mark)))
			expect([mark, found(log, mark).length > (mark === 'PUB' ? 0 : 10)]).toEqual([mark, true]);
		// The page was searched indeed.
		if (profile !== 'text') expect(found(texts.get(profile)!.index, 'TXT')).not.toEqual([]);
	});
});

it.each(MASKINGS)(
	'personal data is kept apart under "%s", as cipher text in which no secret is',
	(profile) => {
		const { unmasked } = texts.get(profile)!;
		for (const way of [
			'text',
			'textarea',
			'input text',
			'editable',
			'option',
			'alt',
			'late shadow',
			'typed',
			'in public'
		])
			expect(found(unmasked, 'PER')).toContain(`PER-${way.replace(/\W/g, '')}`);
		expect(found(unmasked, 'SEC')).toEqual([]);
	}
);

it('does not tell where on a secret pad somebody pointed', () => {
	const places = [...texts.get('personal')!.log.matchAll(/"x":(\d+(?:\.\d+)?),"y":(\d+(?:\.\d+)?)/g)];
	const isOnPad = ([, x, y]: RegExpExecArray): boolean => Number(x) > PAD.x && Number(y) > PAD.y;
	expect(places.length).toBeGreaterThan(3);
	expect(places.filter(isOnPad).map(([place]) => place)).toEqual([]);
});

it.each(MASKINGS)(
	'tells of errors and failed requests under "%s", and of nothing that stood in them',
	(profile) => {
		// Batch by batch, as they are read: of one batch only so many are told.
		const batches = texts.get(profile)!.log.split('\n');
		const faults = batches.flatMap((batch) =>
			faultsIn(JSON.parse(batch) as RecordedEvent[]).map(({ fault }) => fault)
		);
		expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(FAULT_KINDS));
		const requests = faults.filter(({ kind }) => kind === 'request');
		expect(requests.map(({ method, where, status }) => [method, where.split('?')[0], status])).toEqual(
			expect.arrayContaining([
				['GET', '/failed/by-fetch', 404],
				['POST', '/failed/with-body', 404],
				['PUT', '/failed/by-xhr', 404]
			])
		);
		const said = faults.map(({ text }) => text).join('\n');
		expect(said).toContain('TypeError');
		// Where typing is masked, an error's name is all: its message was written by nobody who thought of it.
		expect(said.includes('Saving failed')).toBe(profile === 'personal');
	}
);

it('plants several hundred words that are secret', () => {
	expect(found(plantedPage(''), 'SEC').length).toBeGreaterThan(400);
});

it('records what staff type letter by letter, where typing may be recorded', () => {
	for (const length of [5, 9, TYPED.length])
		expect(texts.get('personal')!.log).toContain(`"${TYPED.slice(0, length)}"`);
});

it('logs none of it', () => {
	expect(JSON.stringify(world.errors)).not.toMatch(/(?:SEC|PER|TYP|TXT)-/);
});

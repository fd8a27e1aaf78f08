// What whoever is given a pack does with it: double-clicks its player and runs its verifier, on a machine without network and without us.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EVENT, encodeBatch, SOURCE } from '#recorder/format/events.ts';
import { keepAsset } from '#server/usecases/recordings/keep-asset.ts';
import { readBuiltParts } from '#server/evidence/built-parts.ts';
import { launchChromium } from '#support/chromium.ts';
import { DeskProcess } from '#support/desk-process.ts';
import { evidenceDeps, makeEvidence, membersOf, testSigner } from '#support/evidence-packs.ts';
import { signInStaff, testIds, type Impersonated } from '#support/impersonate.ts';
import { until } from '#support/recorder-hub.ts';
import { RecordingsWorld } from '#support/recordings-world.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'switchback-opened-'));
const at = (name: string) => path.join(folder, name);
const signer = testSigner();
let world: RecordingsWorld;
let browser: Browser;

beforeAll(async () => {
	const { buildEvidence } = (await import('../../realtime/build-evidence.mjs' as string)) as {
		buildEvidence(target: string): Promise<void>;
	};
	await buildEvidence(at('parts'));
	world = await RecordingsWorld.open();
	const { north } = world.agencies;
	const admin = await signInStaff(world.database.db, north.agencyId, north.staff.admin);
	const inside = await world.impersonate(north);
	const count = await world.recordPage(inside, { seconds: 25 });
	await showLogo(inside, count);
	await world.kit.end(inside.actor, { impersonationId: inside.impersonationId, reason: 'switch_back' });
	await world.process({}, new DeskProcess()).recordings.seal(inside.pageId);
	const parts = () => readBuiltParts(pathToFileURL(`${at('parts')}/`));
	const { file } = await makeEvidence(evidenceDeps(world, signer, parts), admin, inside.impersonationId);
	const members = await membersOf(file);
	for (const name of ['player.html', 'summary.html', 'verify.mjs'])
		writeFileSync(at(name), members.get(name)!);
	writeFileSync(at('pack.zip'), file);
	writeFileSync(at('key.pem'), signer.publicPem);
	// As of a recording that is too long to stand in its page.
	const light = members
		.get('player.html')!
		.toString()
		.replaceAll(/<script type="application\/octet-stream".*\n/g, '');
	writeFileSync(at('long.html'), light);
	browser = await launchChromium();
});
afterAll(async () => {
	await browser.close();
	await world.close();
	rmSync(folder, { recursive: true, force: true });
});

const LOGO = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64'
);

/** The page shows two pictures at its end: one that was taken, and one that was not. */
async function showLogo(inside: Impersonated, seq: number): Promise<void> {
	const { db } = world.database;
	const { store, master } = evidenceDeps(world, signer);
	const given = {
		name: 'recorded:/logo',
		sha256: createHash('sha256').update(LOGO).digest('hex'),
		bytes: LOGO
	};
	await keepAsset({ db, store, ids: testIds, master })(inside.actor, given);
	const picture = (id: number, src: string) => ({
		parentId: 5,
		nextId: null,
		node: { type: 2, id, tagName: 'img', attributes: { src, alt: src }, childNodes: [] }
	});
	const adds = [picture(90_001, 'recorded:/logo'), picture(90_002, 'recorded:/lost')];
	const at = Date.now() - 4_000;
	const data = { source: SOURCE.mutation, texts: [], removes: [], attributes: [], adds };
	const bytes = encodeBatch([{ type: EVENT.incremental, timestamp: at, data }]);
	const { impersonationId, pageId } = inside;
	await world.liveLog.append({ impersonationId, pageId, seq, receivedAt: at, offsetMs: 0, bytes });
}

type Opened = { page: Page; asked: string[]; said: string[] };

async function opened(name: string): Promise<Opened> {
	const context = await browser.newContext({ offline: true });
	const page = await context.newPage();
	const [asked, said]: [string[], string[]] = [[], []];
	page.on('request', (request) => asked.push(request.url().slice(0, 60)));
	page.on('console', (message) => said.push(message.text()));
	page.on('pageerror', (error) => said.push(error.message));
	await page.goto(pathToFileURL(at(name)).href);
	return { page, asked, said };
}

const screen = (page: Page) =>
	page.evaluate(() => {
		const layers = [...document.querySelectorAll<HTMLElement>('.recorder-stage>div')];
		const seen = layers.find(({ style }) => style.visibility === 'visible')?.querySelector('iframe');
		return seen?.contentDocument?.body.textContent ?? '';
	});
const shows = (page: Page, text: string) => until(text, async () => (await screen(page)).includes(text));

it('plays by a double click, without network, and asks for nothing outside of its file', async () => {
	const { page, asked, said } = await opened('player.html');
	expect(await page.title()).toMatch(/ as /);
	await shows(page, 'Task 39');
	await page.getByRole('slider', { name: 'Timeline' }).fill('20000');
	await shows(page, 'Invoice 70 of Bluebird Bakery');
	await page.getByRole('slider', { name: 'Timeline' }).fill('60000');
	await until('the pictures', () =>
		page.evaluate(() => {
			const frames = [...document.querySelectorAll('.recorder-stage iframe')] as HTMLIFrameElement[];
			const shown = frames.flatMap((frame) => [...(frame.contentDocument?.images ?? [])]);
			const of = (name: string) => shown.find(({ alt }) => alt === `recorded:/${name}`);
			return of('logo')?.naturalWidth === 1 && of('lost')?.src.startsWith('data:image/svg+xml') === true;
		})
	);
	await page.getByRole('slider', { name: 'Timeline' }).fill('1000');
	await page.getByRole('button', { name: 'Play' }).click();
	await page.getByRole('button', { name: 'Pause' }).click();
	const rows = page.getByRole('list', { name: 'Actions' }).getByRole('button');
	expect(await rows.count()).toBeGreaterThan(1);
	await rows.first().click();
	expect(await page.locator('#clock').textContent()).toMatch(/^00:00 \//);
	expect(asked.filter((address) => !/^(?:file|data|blob|about):/.test(address))).toEqual([]);
	expect(said).toEqual([]);
	await page.context().close();
});

it('asks for the pack where the recording is too long for the page, and takes no other', async () => {
	const { page } = await opened('long.html');
	writeFileSync(at('other.zip'), 'PK nothing');
	const input = page.locator('input[type=file]');
	await input.setInputFiles(at('other.zip'));
	await until('the refusal', async () =>
		/not the pack/.test((await page.locator('#said').textContent()) ?? '')
	);
	await input.setInputFiles(at('pack.zip'));
	await shows(page, 'Task 39');
	await page.context().close();
});

it('tells in its summary who was inside as whom, and runs nothing', async () => {
	const { page, said } = await opened('summary.html');
	expect(await page.locator('.lead').textContent()).toContain('was in the portal of');
	expect(await page.locator('script').count()).toBe(0);
	expect(said).toEqual([]);
	await page.context().close();
});

it('is verified by the file in it, with nothing but Node', async () => {
	const run = promisify(execFile);
	const verify = (...more: string[]) =>
		run(process.execPath, [at('verify.mjs'), at('pack.zip'), ...more], { cwd: folder, env: {} });
	// Attack: a script that takes any whole pack for the agency's.
	await expect(verify()).rejects.toMatchObject({
		code: 3,
		stdout: expect.stringMatching(
			/^evidence whole in itself, not checked whose key: .* agency names\n$/
		) as string
	});
	expect((await verify(at('key.pem'))).stdout).toMatch(/signed by the key you trust\n$/);
	writeFileSync(at('stranger.pem'), testSigner().publicPem);
	await expect(verify(at('stranger.pem'))).rejects.toMatchObject({ code: 1 });
	await expect(run(process.execPath, [at('verify.mjs'), at('nothing.zip')])).rejects.toMatchObject({
		code: 2
	});
});

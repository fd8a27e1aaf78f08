// Records the impersonations that the demo brings along: `node tests/demo-recordings/record.ts`, after `npm run build`. A demo of its
// own is started, a browser plays each scene, and what comes of it is exported as anybody would, with its key, together with what the log
// and the views tell of it.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { DEMO_PASSWORD } from '#server/demo/seed-demo.ts';
import { launchChromium } from '#support/chromium.ts';
import { DemoProcess, runCommand } from '#support/demo-process.ts';
import { SCENES, type Scene } from './scenes.ts';

const FOLDER = fileURLToPath(new URL('../../src/lib/server/demo/recordings/', import.meta.url));

/** One value out of the demo's database. */
async function ask<T>(demo: DemoProcess, text: string): Promise<T> {
	const { code, stdout, stderr } = await runCommand(['db', `SELECT (${text})::text AS found`], demo.env);
	if (code !== 0) throw new Error(stderr);
	return JSON.parse(stdout.trim().split('\n')[2]?.trim() ?? 'null') as T;
}

const ms = (column: string): string => `round(extract(epoch FROM ${column}) * 1000)`;

/** What a later demo tells again: rows of the impersonation without any number of this one. */
const storyOf = (id: string): string => `
	SELECT json_build_object(
		'staff', s.email, 'client', c.name, 'contact', k.email, 'mode', i.mode, 'reason', i.reason, 'ticket', i.ticket,
		'details', i.details, 'createdAt', ${ms('i.created_at')}, 'startedAt', ${ms('i.started_at')}, 'endedAt', ${ms('i.ended_at')},
		'endReason', i.end_reason, 'idleLimitMs', i.idle_limit_ms,
		'views', (SELECT json_agg(json_build_object('at', ${ms('v.at')}, 'page', v.page_id, 'kind', v.kind, 'address', v.address,
			'subjectType', v.subject_type, 'subjectId', v.subject_id, 'label', v.subject_label, 'status', v.status) ORDER BY v.at, v.id)
			FROM view v WHERE v.impersonation_id = i.id),
		'actions', (SELECT json_agg(json_build_object('at', ${ms('a.at')}, 'page', a.page_id, 'kind', a.actor_kind, 'action', a.action,
			'subjectType', a.subject_type, 'subjectId', a.subject_id, 'outcome', a.outcome, 'refusal', a.refusal,
			'details', d.details::json) ORDER BY a.seq)
			FROM action a JOIN action_details d ON d.seq = a.seq WHERE a.impersonation_id = i.id
				AND a.action <> 'recording.exported'),
		'drafts', (SELECT json_agg(json_build_object('at', ${ms('f.created_at')}, 'action', f.action, 'input', f.input, 'label', f.label,
			'facts', f.facts, 'href', f.href)) FROM draft f WHERE f.impersonation_id = i.id),
		'pages', (SELECT json_agg(g.id ORDER BY g.opened_at, g.id) FROM page g WHERE g.impersonation_id = i.id),
		'sketches', (SELECT json_agg(json_build_object('page', h.page_id, 'takenAt', ${ms('h.taken_at')}, 'shownMs', h.shown_ms,
			'width', h.width, 'height', h.height, 'boxes', translate(encode(h.boxes, 'base64'), E'\\n', '')) ORDER BY h.taken_at)
			FROM page_sketch h WHERE h.impersonation_id = i.id))
	FROM impersonation i JOIN staff s ON s.id = i.staff_id JOIN client c ON c.id = i.client_id JOIN contact k ON k.id = i.contact_id
	WHERE i.id = '${id}'`;

async function goInside(page: Page, demo: DemoProcess, scene: Scene): Promise<void> {
	const agency = `http://localhost:${demo.port}`;
	await page.goto(`${agency}/login`);
	await page.getByLabel('Email').fill(scene.staff);
	await page.getByLabel('Password').fill(DEMO_PASSWORD);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL(/localhost:\d+\/(clients)?$/);
	await page.goto(`${agency}/clients?q=${encodeURIComponent(scene.client)}`);
	await page.getByRole('link', { name: scene.client, exact: true }).click();
	await page.getByRole('button', { name: 'Impersonate', exact: true }).first().click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('Reason').selectOption({ label: scene.reason });
	await dialog.getByLabel('Ticket').fill(scene.ticket);
	await dialog.getByRole('radio', { name: scene.mode }).check();
	await dialog.getByRole('button', { name: 'Start impersonation' }).click();
	await page.waitForURL(/portal\.localhost/);
	await page.getByRole('status', { name: 'Impersonation' }).getByText('Recording').first().waitFor();
}

async function play(browser: Browser, demo: DemoProcess, scene: Scene): Promise<void> {
	const userAgent = `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${browser.version()} Safari/537.36`;
	const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, userAgent });
	const page = await context.newPage();
	await goInside(page, demo, scene);
	await page.waitForTimeout(1_500);
	await scene.play(page);
	await page
		.getByRole('status', { name: 'Impersonation' })
		.getByRole('button', { name: 'Switch Back' })
		.first()
		.click();
	await page.waitForURL(/\/\/localhost:\d+\//);
	await context.close();
}

async function keep(demo: DemoProcess, { name, ticket }: Scene): Promise<void> {
	// The demo brings one of the same ticket along: the latest is the one that was played.
	const id = await ask<string>(
		demo,
		`SELECT to_json(id) FROM impersonation WHERE ticket = '${ticket}' ORDER BY started_at DESC LIMIT 1`
	);
	const file = path.join(FOLDER, `${name}.recording`);
	await rm(file, { force: true });
	// Sealed within seconds after its end.
	for (let tries = 0; ; tries++) {
		const { code, stdout, stderr } = await runCommand(['export-recording', id, file, '--with-key'], demo.env);
		if (code === 0) break;
		if (tries > 30) throw new Error(`${name} could not be exported: ${stdout}${stderr}`);
		await delay(3_000);
	}
	const story = await ask<object>(demo, storyOf(id));
	await writeFile(path.join(FOLDER, `${name}.json`), `${JSON.stringify(story, null, '\t')}\n`);
	process.stdout.write(`${name}: ${(await readFile(file)).byteLength} bytes\n`);
}

/** Names of scenes; all of them where none is named. */
const asked = process.argv.slice(2);
await mkdir(FOLDER, { recursive: true });
const demo = await DemoProcess.create();
await demo.start();
// What is sensitive waits for the client, so that there is something to approve.
await runCommand(['db', `UPDATE agency SET policy = policy || '{"draftSensitive": true}'`], demo.env);
const browser = await launchChromium();
try {
	for (const scene of SCENES.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
		await play(browser, demo, scene);
		await keep(demo, scene);
	}
} finally {
	await browser.close();
	await demo.remove();
}

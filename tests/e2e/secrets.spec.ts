// Secrets typed or shown in a real impersonated page are nowhere in the bytes of the live log, which the real recorder,
// hub and disk have made; a word typed into an ordinary field is there, so that the search itself is proven.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { FileLiveLog } from '#server/adapters/files/file-live-log.ts';
import { latestImpersonation, sql } from './database.ts';
import { banner, impersonate, newPerson, openClient, PORTAL, recording, signInStaff } from './people.ts';
import { PLACE } from './place.ts';

const SECRETS = {
	password: 'Tr0ub4dor-horse-77',
	code: '918273645',
	card: '4929 1234 5678 9012',
	iban: 'DE44500105175407324931',
	shown: 'shown-secret-5512',
	attribute: 'attr-secret-9921',
	token: 'tok_live_8d7f6a5b4c3d2e1f'
};
const ORDINARY = 'plainly visible words';

const FIELDS = `
	<input id="s-password" type="password"><input id="s-code" autocomplete="one-time-code">
	<input id="s-card" autocomplete="cc-number"><input id="s-iban" name="iban" data-secret>
	<p data-secret title="${SECRETS.attribute}">${SECRETS.shown}</p>
	<a href="/files?token=${SECRETS.token}">link</a><input id="s-hidden" type="hidden" value="${SECRETS.token}">
	<input id="s-plain" aria-label="Plain">`;

async function readLog(impersonationId: string): Promise<string> {
	const folder = await mkdtemp(path.join(tmpdir(), 'switchback-log-'));
	try {
		// A copy: opening recovers and cuts, which only the process that owns the files may do.
		await cp(path.join(PLACE.dataDir, 'live-log'), folder, { recursive: true });
		const log = await FileLiveLog.open(folder);
		try {
			const parts: string[] = [];
			for (const [pageId] of sql(`SELECT id FROM page WHERE impersonation_id = '${impersonationId}'`))
				for await (const { bytes } of log.read(pageId ?? '')) parts.push(Buffer.from(bytes).toString());
			return parts.join('\n');
		} finally {
			await log.close();
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

test('planted secrets are absent from the live log', async ({ browser }) => {
	const { page, context } = await newPerson(browser);
	await signInStaff(page, 'adam@northwind.test');
	await openClient(page, 'cedar', 'Cedar Clinic');
	await impersonate(page);
	await page.goto(`${PORTAL}/tasks`);
	await recording(page);
	await page.evaluate((html) => {
		const form = document.createElement('form');
		form.innerHTML = html;
		document.querySelector('main')?.append(form);
	}, FIELDS);
	for (const name of ['password', 'code', 'card', 'iban'] as const)
		await page.locator(`#s-${name}`).pressSequentially(SECRETS[name]);
	// Shown in the clear by a toggle: the field stays secret whatever its type becomes.
	await page.locator('#s-password').evaluate((field) => field.setAttribute('type', 'text'));
	await page.locator('#s-password').pressSequentially('x');
	await page.locator('#s-plain').pressSequentially(ORDINARY);
	let bytes = '';
	// The server goes on meanwhile: a file that it takes away while the folder is copied ends that copy.
	await expect(async () => {
		bytes = await readLog(latestImpersonation('adam@northwind.test'));
		expect(bytes).toContain(ORDINARY);
	}).toPass();
	// It was typed last: all that was typed before stands in front of it.
	for (const [name, secret] of Object.entries(SECRETS)) expect(bytes.includes(secret), name).toBe(false);
	await banner(page).getByRole('button', { name: 'Switch Back' }).click();
	await page.waitForURL(/\/clients\//);
	await context.close();
});

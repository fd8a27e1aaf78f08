// The whole product in a process of its own, and the two people of a live session in browsers of theirs: what benches of the live side
// begin with.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Frame, Page } from '@playwright/test';

export type Product = { agency: string; portal: string; close(): Promise<void> };

/** The demo, or what stands in `folder`, which stays. */
export async function startProduct(port: number, folder?: string): Promise<Product> {
	const agency = `http://localhost:${port}`;
	const dataDir = folder ?? (await mkdtemp(path.join(tmpdir(), 'switchback-bench-')));
	const env = { ...process.env, PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'error' };
	const command = ['realtime/launch.mjs', folder === undefined ? 'demo' : 'start'];
	const child = spawn(process.execPath, command, { env, stdio: 'ignore' });
	const isReady = () =>
		fetch(`${agency}/readyz`).then(
			({ ok }) => ok,
			() => false
		);
	for (let tries = 0; !(await isReady()); tries += 1) {
		if (tries > 600 || child.exitCode !== null) throw new Error('the product did not start');
		await sleep(200);
	}
	const close = async (): Promise<void> => {
		const ended = new Promise((resolve) => child.once('exit', resolve));
		child.kill('SIGTERM');
		await ended;
		if (folder === undefined) await rm(dataDir, { recursive: true, force: true });
	};
	return { agency, portal: `http://portal.localhost:${port}`, close };
}

export async function signIn(page: Page, { agency }: Product, email: string): Promise<void> {
	await page.goto(`${agency}/login`);
	await page.getByLabel('Email').fill(email);
	await page.getByLabel('Password').fill('switchback-demo');
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL(`${agency}/clients`);
}

/** Maya, in Bluebird's portal, on a page that is recorded. */
export async function enterPortal(page: Page, product: Product): Promise<void> {
	await signIn(page, product, 'maya@northwind.test');
	await page.goto(`${product.agency}/clients?q=bluebird`);
	await page.getByRole('link', { name: 'Bluebird Bakery', exact: true }).click();
	await page.getByRole('button', { name: 'Impersonate', exact: true }).first().click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('Reason').selectOption({ label: 'Support' });
	await dialog.getByRole('button', { name: 'Start impersonation' }).click();
	await page.waitForURL(`${product.portal}/**`);
	await page.goto(`${product.portal}/tasks`);
	await page.getByRole('status', { name: 'Impersonation' }).getByText('Recording').first().waitFor();
}

/** Sofia, before Maya's screen: the rebuilt page, once it shows the element `#probe`. */
export async function openScreen(page: Page, product: Product): Promise<Frame> {
	await signIn(page, product, 'sofia@northwind.test');
	await page.goto(`${product.agency}/live`);
	await page.getByRole('link', { name: /Bluebird Bakery, Maya/ }).click();
	for (;;) {
		const inner = page.frames().find((frame) => frame.parentFrame()?.url().startsWith('http://replay.'));
		if (
			inner &&
			(await inner
				.locator('#probe')
				.count()
				.catch(() => 0)) > 0
		)
			return inner;
		await sleep(100);
	}
}

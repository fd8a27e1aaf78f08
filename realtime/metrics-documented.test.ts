import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { SETTINGS } from '#server/config.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(`${ROOT}docs/operations.md`, 'utf8');

it('docs/operations.md says of every metric what it means and when to be alarmed', () => {
	const sources = globSync('{realtime,src}/**/*.ts', { cwd: ROOT }).filter(
		(name) => !name.endsWith('.test.ts')
	);
	const texts = sources
		.map((name) => readFileSync(ROOT + name, 'utf8'))
		.filter((text) => text.includes('prom-client'));
	const names = texts.flatMap((text) =>
		[...text.matchAll(/name: '(switchback_\w+)'/g)].map(([, name]) => name!)
	);
	expect(names.length).toBeGreaterThan(10);
	// A row of the table: name, meaning, alert.
	const rows = page.split('\n').filter((line) => line.split('|').length === 5);
	for (const name of names)
		expect(
			rows.find((row) => row.startsWith(`| \`${name}`)),
			name
		).toBeDefined();
});

it('docs/operations.md speaks of every setting that places a part elsewhere', () => {
	const names = Object.keys(SETTINGS).filter((name) =>
		/_URL|S3_|ROLE|SECRET|_ORIGIN|_DIR|TRUSTED|METRICS/.test(name)
	);
	for (const name of names) expect(page).toContain(name);
});

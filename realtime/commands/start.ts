// npm start: production. No demo data and no default password; an empty database gets a one-time set-up link.
import { readConfig } from '#server/config.ts';
import { openBuiltWeb } from '../built-web.ts';
import { start, stopOnSignal } from '../main.ts';

export default async function startProduction(): Promise<void> {
	const config = readConfig();
	const running = await start(config, { openWeb: openBuiltWeb, otherUpgrades: 'destroy' });
	stopOnSignal(running);
	// Printed by a process that serves the page behind it.
	if (!config.roles.includes('web')) return;
	const token = await running.composed.app.setup.createSetupLink();
	if (token)
		process.stdout.write(
			`\nNo agency yet. Make the first Super Admin here; the link works once:\n  ${config.agencyOrigin}/setup?token=${token}\n\n`
		);
}

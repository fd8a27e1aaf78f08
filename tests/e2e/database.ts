// The running demo's database and log, reached as an operator reaches them: by the commands.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PLACE, type Place } from './place.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LAUNCH = fileURLToPath(new URL('../../realtime/launch.mjs', import.meta.url));

export type CommandResult = { status: number | null; stdout: string; stderr: string };

/** Runs one of the operator's commands against a server's folder; this worker's demo unless another is given. */
export function command(words: string[], place: Place = PLACE): CommandResult {
	const { status, stdout, stderr } = spawnSync(process.execPath, [LAUNCH, ...words], {
		cwd: ROOT,
		encoding: 'utf8',
		timeout: 60_000,
		env: { ...process.env, PORT: place.port, DATA_DIR: place.dataDir, LOG_LEVEL: 'warn' }
	});
	return { status, stdout, stderr };
}

/** Runs SQL as the owner. @returns the values of the rows, as text, without head and count */
export function sql(text: string, place?: Place): string[][] {
	const { status, stdout, stderr } = command(['db', text], place);
	if (status !== 0) throw new Error(`${text}\n${stderr}`);
	const lines = stdout.split('\n');
	const rule = lines.findIndex((line) => /^-+(\+-+)*-?$/.test(line.replaceAll('-+-', '-')));
	if (rule === -1) return [];
	const end = lines.findIndex((line) => /^\(\d+ rows?\)$/.test(line));
	return lines.slice(rule + 1, end).map((line) => line.split(' | ').map((cell) => cell.trim()));
}

/** The newest impersonation of a staff member. */
export function latestImpersonation(email: string): string {
	const [row] = sql(`SELECT i.id FROM impersonation i JOIN staff s ON s.id = i.staff_id
		WHERE s.email = '${email}' ORDER BY i.created_at DESC LIMIT 1`);
	if (!row?.[0]) throw new Error(`${email} has no impersonation`);
	return row[0];
}

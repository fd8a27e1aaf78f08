// Where a demo of the run listens and keeps its data: each worker has one of its own, since what one spec sets up for a
// client or begins as a staff member would be seen by every other.
import { tmpdir } from 'node:os';
import path from 'node:path';

export type Place = { port: string; dataDir: string };

/** One unless told: a single spec needs no second server. */
export const WORKERS = Number(process.env['E2E_WORKERS'] ?? 1);

const firstPort = Number(process.env['E2E_PORT'] ?? 4173);
// Kept for the workers, which are processes of their own.
const dataDir = (process.env['E2E_DATA_DIR'] ??= path.join(tmpdir(), `switchback-e2e-${process.pid}`));

export const placeOf = (worker: number): Place => ({
	port: String(firstPort + worker),
	dataDir: `${dataDir}-${worker}`
});

/** The one of this worker. */
export const PLACE = placeOf(Number(process.env['TEST_PARALLEL_INDEX'] ?? 0));

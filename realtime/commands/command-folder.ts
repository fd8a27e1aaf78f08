// Which database a command means when the settings do not say so.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { withDemoFolder, type Config } from '#server/config.ts';
import { CLUSTER_FOLDER } from '#server/db/embedded/start-embedded.ts';

const hasCluster = (dataDir: string): boolean => existsSync(path.join(dataDir, CLUSTER_FOLDER));

/** The demo's folder with `--demo`, or where no other was set and only the demo's exists; else the settings as they are. */
export function commandFolder(config: Config, argv: readonly string[]): Config {
	const demo = withDemoFolder(config);
	if (argv.includes('--demo')) return demo;
	const isDemoAlone = config.dataDirIsDefault && !hasCluster(config.dataDir) && hasCluster(demo.dataDir);
	return isDemoAlone ? demo : config;
}

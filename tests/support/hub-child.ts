// A hub in a process of its own, beside the test's: it tells its port, and is ended in order or killed. Started by hub-process.ts.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { attachUpgrades } from '#realtime/hub/attach-upgrades.ts';
import { createHub } from '#realtime/hub/hub.ts';
import { RandomIds } from '#server/adapters/inprocess/random-ids.ts';
import { createAct } from '#server/db/act.ts';
import { openOnSocket, openOutside, type ConnectionSettings } from '#server/db/open-database.ts';
import { endImpersonation } from '#server/usecases/impersonation/end-impersonation.ts';
import { clock, hubDependencies } from './hub-dependencies.ts';
import { onRedis } from './shared-hub-parts.ts';

const { connection, redisUrl } = JSON.parse(process.argv[2] ?? '') as {
	connection: ConnectionSettings;
	redisUrl: string;
};
const keepsRunning = { attached: false, stop: () => Promise.resolve() };
const database =
	'host' in connection
		? openOnSocket(connection.host, connection.database, keepsRunning)
		: openOutside(connection.connectionString);
const { liveLog, carrier: signals, hubNews, isAlone } = await onRedis(redisUrl);
const { db } = database;
const act = createAct({ db, publish: (signal) => signals.publish(signal), drain: () => undefined });
const hub = createHub(
	hubDependencies({
		database,
		act,
		ids: new RandomIds(clock),
		end: endImpersonation({ act, db }),
		liveLog,
		signals,
		hubNews,
		isAlone,
		onError: (error) => console.error(error),
		askSeal: () => Promise.resolve()
	})
);
const server = createServer((_request, response) => response.writeHead(404).end());
attachUpgrades(server, hub, { others: 'destroy' });
await hub.start();
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('SIGTERM', () => {
	server.close();
	void hub.close().then(() => process.exit(0));
});
process.on('disconnect', () => process.exit(1));

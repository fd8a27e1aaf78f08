// What hubs of one installation share: log, signals and news, of one process or over Redis.
import path from 'node:path';
import { FileLiveLog } from '#server/adapters/files/file-live-log.ts';
import { InProcessHubNews } from '#server/adapters/inprocess/in-process-hub-news.ts';
import { InProcessSignals } from '#server/adapters/inprocess/in-process-signals.ts';
import { RedisHubNews } from '#server/adapters/redis/redis-hub-news.ts';
import { RedisLiveLog } from '#server/adapters/redis/redis-live-log.ts';
import { RedisSignals } from '#server/adapters/redis/redis-signals.ts';
import type { HubNews } from '#server/ports/hub-news.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import type { Signals } from '#server/ports/signals.ts';

export type SharedHubParts = { liveLog: LiveLog; carrier: Signals; hubNews: HubNews; isAlone: boolean };

export const onFiles = async (folder: string): Promise<SharedHubParts> => ({
	liveLog: await FileLiveLog.open(path.join(folder, 'live')),
	carrier: new InProcessSignals((error) => console.error(error)),
	hubNews: new InProcessHubNews((error) => console.error(error)),
	isAlone: true
});

export const onRedis = async (url: string): Promise<SharedHubParts> => ({
	liveLog: await RedisLiveLog.open(url, (error) => console.error(error)),
	carrier: await RedisSignals.open(url, (error) => console.error(error)),
	hubNews: await RedisHubNews.open(url, (error) => console.error(error)),
	isAlone: false
});

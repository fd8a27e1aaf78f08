// A Redis that may forget is no place for a recording: it is refused at the start, by the name of its setting.
import { AppError } from '#domain/errors.ts';
import type { RedisConnection } from './redis-connection.ts';

const OLDEST_MAJOR = 7;

/** Read from INFO, which hosted servers answer where they forbid CONFIG. */
function factsOf(info: string): Map<string, string> {
	const pairs = info.split('\r\n').map((line) => line.split(':', 2));
	return new Map(pairs.map(([name = '', value = '']) => [name, value]));
}

/** What the operator must change, or null. */
export function faultOf(info: string): string | null {
	const facts = factsOf(info);
	const version = facts.get('redis_version') ?? '';
	const policy = facts.get('maxmemory_policy') ?? '';
	if (Number.parseInt(version, 10) < OLDEST_MAJOR)
		return `is Redis ${version}: version ${OLDEST_MAJOR} or newer is needed`;
	if (facts.get('redis_mode') === 'cluster')
		return 'is a Redis Cluster: a single server, with replicas if wanted, is needed';
	if (facts.get('aof_enabled') !== '1')
		return 'loses data when it restarts: set "appendonly yes" in its configuration';
	if (policy !== 'noeviction')
		return `throws data away when memory runs short: set "maxmemory-policy noeviction" (it is ${policy})`;
	return null;
}

/** @throws AppError `invalid` with one line that names the setting */
export async function requireDurable(redis: RedisConnection): Promise<void> {
	const fault = faultOf(String(await redis.ask('INFO', 'everything')));
	if (fault) throw new AppError('invalid', `The Redis that REDIS_URL names ${fault}.`);
}

// What must happen as one step in Redis. Stored form of a page, changed only by adding [H4]:
// switchback:page:{id}   hash: epoch (who owns it), got (highest number), impersonation
// switchback:log:{id}    stream: entry `number+1`-0, field `r` = a record as in files/log-record.ts
// switchback:logged      set of pages with entries; switchback:epoch counts claims, so that no two are ever equal
import type { RedisConnection } from './redis-connection.ts';

export const LOGGED_PAGES = 'switchback:logged';
const EPOCH = 'switchback:epoch';

export const pageKey = (pageId: string): string => `switchback:page:${pageId}`;
export const logKey = (pageId: string): string => `switchback:log:${pageId}`;
/** Told after each append: a number arrived. */
export const newsChannel = (pageId: string): string => `switchback:news:${pageId}`;

/** Entries begin at 1-0, numbers at 0. */
export const entryOf = (seq: number): string => `${seq + 1}-0`;

// An epoch that is still the page's own is kept: what this process has under way must not be fenced by itself.
const CLAIM = `
local had = redis.call('HMGET', KEYS[1], 'epoch', 'got')
local epoch = had[1]
if not epoch or epoch ~= ARGV[1] then
	epoch = tostring(redis.call('INCR', KEYS[2]))
	redis.call('HSET', KEYS[1], 'epoch', epoch)
end
return { epoch, had[2] or '-1' }`;

// Fence, order and append in one step: between a question and an append another process could claim the page.
const APPEND = `
local had = redis.call('HMGET', KEYS[1], 'epoch', 'got')
local got = tonumber(had[2] or '-1')
local seq = tonumber(ARGV[2])
if had[1] ~= ARGV[1] then return { 'fenced', tostring(got) } end
if seq <= got then return { 'known', tostring(got) } end
if seq > got + 1 then return { 'hole', tostring(got) } end
redis.call('XADD', KEYS[2], ARGV[3], 'r', ARGV[4])
redis.call('HSET', KEYS[1], 'got', ARGV[2], 'impersonation', ARGV[5])
redis.call('SADD', KEYS[3], ARGV[6])
redis.call('PUBLISH', ARGV[7], ARGV[2])
return { 'kept', ARGV[2] }`;

const TRIM = `
local got = tonumber(redis.call('HGET', KEYS[1], 'got') or '-1')
local upTo = math.min(tonumber(ARGV[1]), got)
if upTo < 0 then return 0 end
redis.call('XTRIM', KEYS[2], 'MINID', string.format('%d-0', upTo + 2))
if redis.call('XLEN', KEYS[2]) == 0 then
	redis.call('DEL', KEYS[2])
	redis.call('SREM', KEYS[3], ARGV[2])
end
return 1`;

const SEED = `
local got = tonumber(redis.call('HGET', KEYS[1], 'got') or '-1')
if tonumber(ARGV[1]) > got then redis.call('HSET', KEYS[1], 'got', ARGV[1], 'impersonation', ARGV[2]) end
return 1`;

const REMOVE = `
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('SREM', KEYS[3], ARGV[1])
return 1`;

export type Verdict = 'kept' | 'known' | 'hole' | 'fenced';

/** Takes the page over. @param epoch the one this process held, if any */
export async function claimPage(redis: RedisConnection, pageId: string, epoch = '') {
	const [claimed, got] = (await redis.run(CLAIM, [pageKey(pageId), EPOCH], epoch)) as [string, string];
	return { epoch: claimed, got: Number(got) };
}

export type Append = { pageId: string; impersonationId: string; epoch: string; seq: number; record: Buffer };

export async function appendToPage(redis: RedisConnection, append: Append) {
	const { pageId, impersonationId, epoch, seq, record } = append;
	const keys = [pageKey(pageId), logKey(pageId), LOGGED_PAGES];
	const words = [epoch, String(seq), entryOf(seq), record, impersonationId, pageId, newsChannel(pageId)];
	const [verdict, got] = (await redis.run(APPEND, keys, ...words)) as [Verdict, string];
	return { verdict, got: Number(got) };
}

export async function trimPage(redis: RedisConnection, pageId: string, upToSeq: number): Promise<void> {
	await redis.run(TRIM, [pageKey(pageId), logKey(pageId), LOGGED_PAGES], String(upToSeq), pageId);
}

export type Seed = { pageId: string; impersonationId: string; upToSeq: number };

export async function seedPage(redis: RedisConnection, { pageId, impersonationId, upToSeq }: Seed) {
	await redis.run(SEED, [pageKey(pageId)], String(upToSeq), impersonationId);
}

export async function removePage(redis: RedisConnection, pageId: string): Promise<void> {
	await redis.run(REMOVE, [pageKey(pageId), logKey(pageId), LOGGED_PAGES], pageId);
}

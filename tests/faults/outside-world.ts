// The product on servers of its own kind each: PostgreSQL, Redis and a store of the S3 protocol, real ones but for the store.
import { RedisServer } from '#support/redis-server.ts';
import { PostgresServer } from '#support/postgres-server.ts';
import { startS3, type S3Server } from '#support/s3-server.ts';
import { FaultWorld } from './fault-world.ts';

export class OutsideWorld {
	readonly redis: RedisServer;
	readonly postgres: PostgresServer;
	readonly store: S3Server;
	readonly settings: Record<string, string>;
	private product: FaultWorld | null = null;

	private constructor(servers: { redis: RedisServer; postgres: PostgresServer; store: S3Server }) {
		this.redis = servers.redis;
		this.postgres = servers.postgres;
		this.store = servers.store;
		const { settings } = servers.store;
		this.settings = {
			DATABASE_URL: servers.postgres.url,
			REDIS_URL: servers.redis.url,
			S3_ENDPOINT: settings.endpoint ?? '',
			S3_BUCKET: settings.bucket,
			S3_REGION: settings.region,
			S3_ACCESS_KEY_ID: settings.accessKeyId,
			S3_SECRET_ACCESS_KEY: settings.secretAccessKey,
			SWITCHBACK_SECRET: 'a secret of the fault suite, long enough for anyone'
		};
	}

	static async open(): Promise<OutsideWorld> {
		const [redis, postgres, store] = await Promise.all([
			RedisServer.start(),
			PostgresServer.start(),
			startS3()
		]);
		const world = new OutsideWorld({ redis, postgres, store });
		world.product = await FaultWorld.open(world.settings);
		return world;
	}

	get world(): FaultWorld {
		if (!this.product) throw new Error('It is not open.');
		return this.product;
	}

	async close(): Promise<void> {
		await this.product?.close();
		await Promise.all([this.redis.stop(), this.postgres.stop(), this.store.stop()]);
	}
}

// Blobs in a bucket of an S3 server. An object is put in one request, or in parts that nobody sees until all are there.
// Leaves receiving and counting to part-reader.
import type { Readable } from 'node:stream';
import {
	AbortMultipartUploadCommand,
	CompleteMultipartUploadCommand,
	CreateMultipartUploadCommand,
	DeleteObjectCommand,
	GetObjectCommand,
	HeadBucketCommand,
	HeadObjectCommand,
	ListObjectsV2Command,
	PutObjectCommand,
	S3Client,
	UploadPartCommand,
	type CompletedPart
} from '@aws-sdk/client-s3';
import { AppError, isAppError } from '#domain/errors.ts';
import type { Blobs, StoredBlob } from '#server/ports/blobs.ts';
import { requireKey, requirePrefix } from '../files/blob-key.ts';
import { nothing, PartReader } from './part-reader.ts';

export type S3Settings = {
	/** Null: Amazon's own of the region. */
	endpoint: string | null;
	bucket: string;
	region: string;
	accessKeyId: string;
	secretAccessKey: string;
};

/** A server that says nothing for so long refuses; the caller tries again or tells. */
const CONNECT_WITHIN_MS = 3_000;
const SILENT_FOR_MS = 30_000;

/** An object is never replaced. Servers that do not know the condition are asked for the key before, too. */
const ONLY_NEW = { IfNoneMatch: '*' } as const;

export class S3Blobs implements Blobs {
	readonly #client: S3Client;
	readonly #bucket: string;

	constructor({ endpoint, bucket, region, accessKeyId, secretAccessKey }: S3Settings) {
		this.#bucket = bucket;
		this.#client = new S3Client({
			region,
			credentials: { accessKeyId, secretAccessKey },
			// Servers other than Amazon's have no host name for each bucket, and not all know the newer checksums.
			...(endpoint && { endpoint, forcePathStyle: true }),
			requestChecksumCalculation: 'WHEN_REQUIRED',
			responseChecksumValidation: 'WHEN_REQUIRED',
			requestHandler: { connectionTimeout: CONNECT_WITHIN_MS, requestTimeout: SILENT_FOR_MS }
		});
	}

	/** @throws AppError `try_later` with what the server said when the bucket cannot be used */
	async ping(): Promise<void> {
		await refusable(this.#client.send(new HeadBucketCommand({ Bucket: this.#bucket })));
	}

	/** @throws AppError `try_later` that says to the operator, at the start, what the server says of the bucket */
	async requireUsable(): Promise<void> {
		try {
			await this.#client.send(new HeadBucketCommand({ Bucket: this.#bucket }));
		} catch (error) {
			throw new AppError('try_later', `The bucket that S3_BUCKET names cannot be used: ${reasonOf(error)}`);
		}
	}

	async put(key: string, source: Readable, maxBytes: number): Promise<{ bytes: number; sha256: string }> {
		const at = { Bucket: this.#bucket, Key: requireKey(key) };
		const parts = new PartReader(source, maxBytes);
		try {
			await this.#requireFree(at);
			const first = await parts.next();
			if (parts.isDone)
				await publish(this.#client.send(new PutObjectCommand({ ...at, ...ONLY_NEW, Body: first })));
			else await this.#putInParts(at, first, parts);
			return parts.result();
		} finally {
			// A source left half-read would hold its connection open.
			source.destroy();
		}
	}

	async open(key: string, range?: { start: number; end: number }): Promise<Readable | null> {
		const Range = range && `bytes=${range.start}-${range.end}`;
		const command = new GetObjectCommand({ Bucket: this.#bucket, Key: requireKey(key), Range });
		try {
			const { Body } = await this.#client.send(command);
			return (Body as Readable | undefined) ?? nothing();
		} catch (error) {
			const status = statusOf(error);
			if (status === 404) return null;
			// A range behind the end of what is there: as of a file, nothing.
			if (status === 416) return nothing();
			throw asRefusal(error);
		}
	}

	async remove(key: string): Promise<void> {
		const command = new DeleteObjectCommand({ Bucket: this.#bucket, Key: requireKey(key) });
		await refusable(this.#client.send(command));
	}

	async *list(prefix: string): AsyncGenerator<StoredBlob> {
		const asked = { Bucket: this.#bucket, Prefix: requirePrefix(prefix) };
		for (let token: string | undefined; ;) {
			const page = await refusable(
				this.#client.send(new ListObjectsV2Command({ ...asked, ContinuationToken: token }))
			);
			for (const { Key, Size, LastModified } of page.Contents ?? [])
				if (Key) yield { key: Key, bytes: Size ?? 0, at: LastModified?.getTime() ?? 0 };
			if (!page.IsTruncated) return;
			token = page.NextContinuationToken;
		}
	}

	close(): void {
		this.#client.destroy();
	}

	async #putInParts(at: { Bucket: string; Key: string }, first: Buffer, parts: PartReader): Promise<void> {
		const { UploadId } = await refusable(this.#client.send(new CreateMultipartUploadCommand(at)));
		try {
			const done: CompletedPart[] = [];
			for (let Body = first; Body.length > 0; Body = await parts.next()) {
				const PartNumber = done.length + 1;
				const part = new UploadPartCommand({ ...at, UploadId, PartNumber, Body });
				done.push({ PartNumber, ETag: (await refusable(this.#client.send(part))).ETag });
			}
			await this.#requireFree(at);
			const MultipartUpload = { Parts: done };
			await publish(
				this.#client.send(
					new CompleteMultipartUploadCommand({ ...at, ...ONLY_NEW, UploadId, MultipartUpload })
				)
			);
		} catch (error) {
			// Parts of an upload that never ends are paid for; the bucket's own rule takes those that a death leaves.
			await this.#client.send(new AbortMultipartUploadCommand({ ...at, UploadId })).catch(() => undefined);
			throw error;
		}
	}

	async #requireFree(at: { Bucket: string; Key: string }): Promise<void> {
		const isTaken = await this.#client.send(new HeadObjectCommand(at)).then(
			() => true,
			(error: unknown) => {
				if (statusOf(error) === 404) return false;
				throw asRefusal(error);
			}
		);
		if (isTaken) throw taken();
	}
}

const taken = (): AppError => new AppError('conflict', 'This object is stored already.');

function reasonOf(error: unknown): string {
	const status = statusOf(error);
	if (status === 404) return 'the server at S3_ENDPOINT does not have it. Make it, or correct its name.';
	if (status === 401 || status === 403) return 'S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY may not read it.';
	return `the server does not answer as it should (${(error as Error).name}). Check S3_ENDPOINT and S3_REGION.`;
}

const statusOf = (error: unknown): number | undefined =>
	(error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

const refusable = <T>(work: Promise<T>): Promise<T> =>
	work.catch((error: unknown) => {
		throw asRefusal(error);
	});

/** 412: somebody else was first; 409: somebody else is at it this moment. */
const publish = (work: Promise<unknown>): Promise<unknown> =>
	work.catch((error: unknown) => {
		throw [409, 412].includes(statusOf(error) ?? 0) ? taken() : asRefusal(error);
	});

function asRefusal(error: unknown): unknown {
	if (isAppError(error)) return error;
	return new AppError('try_later', 'The file could not be stored or read. Try again in a moment.', {
		reason: (error as Error).name,
		status: statusOf(error)
	});
}

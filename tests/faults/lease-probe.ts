// Tries to change something in the client's account again and again, as a stolen tab would whose recorder is silent: by
// the impersonation's own cookie and a page's own ticket, on a line of its own.
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { LEASE_MS } from '#protocol/limits.ts';
import { HttpPerson } from '#support/http-person.ts';
import type { FaultWorld } from './fault-world.ts';
import type { Session } from './session.ts';

const TRY_EVERY_MS = 500;

/** A sign of life is stamped when the hub reads it, which on a busy machine is a little after it was sent. */
const READ_LATE_MS = 2_000;

type Tried = { sentAt: number; isTaken: boolean; refusal: string | null };

export class LeaseProbe {
	private readonly tried: Tried[] = [];
	private readonly ask: () => Promise<{ status: number; refusal: string | null }>;
	private isOver = false;
	private readonly work: Promise<void>;

	private constructor(ask: LeaseProbe['ask']) {
		this.ask = ask;
		this.work = this.run();
	}

	/** Begins to try for the document that a tab shows. */
	static async start(world: FaultWorld, session: Session, page: Page): Promise<LeaseProbe> {
		const person = new HttpPerson(world.demo.port);
		for (const { name, value } of await session.context.cookies())
			if (name.startsWith('__Host-')) person.setCookie(world.portal, name, value);
		const { ticket } = session.traceOf(page);
		const headers = { 'x-switchback-page': ticket };
		return new LeaseProbe(() =>
			person.ask(`${world.portal}/tasks/new?/create`, { form: { title: 'Tried while silent' }, headers })
		);
	}

	/** Until a change was taken: what is refused later was possible before. */
	async isTaken(): Promise<void> {
		while (!this.tried.some(({ isTaken }) => isTaken)) await delay(50);
	}

	/** Ends. @returns what contradicts the lease, given since when nothing of the page can have been recorded */
	async end(silentSince: number): Promise<string[]> {
		this.isOver = true;
		await this.work;
		const since = this.tried.filter(({ sentAt }) => sentAt > silentSince);
		const late = since.filter(
			({ sentAt, isTaken }) => isTaken && sentAt > silentSince + LEASE_MS + READ_LATE_MS
		);
		const isRefused = since.some(({ refusal }) => refusal === 'no_recorder');
		return [
			...late.map(
				({ sentAt }) => `a change was taken ${sentAt - silentSince} ms after the last sign of life`
			),
			...(isRefused ? [] : ['no change was refused for want of a recorder'])
		];
	}

	private async run(): Promise<void> {
		while (!this.isOver) {
			const sentAt = Date.now();
			const answer = await this.ask().catch(() => null);
			this.tried.push({ sentAt, isTaken: answer?.status === 303, refusal: answer?.refusal ?? null });
			await delay(TRY_EVERY_MS);
		}
	}
}

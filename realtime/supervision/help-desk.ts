// What becomes of each event of help: the right to it, its row, and who is told. Refuses by throwing an AppError. What a session
// is, and how words reach people, the hub says.
import type { Origin, StaffActor, SystemActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { AgencyId } from '#domain/ids.ts';
import { mayHelp, type WatchRole } from '#domain/watch-role.ts';
import type {
	drawMessage,
	Helper,
	HelpMessage,
	HelpWord,
	pointMessage,
	SketchMessage,
	writeMessage
} from '#protocol/help.ts';
import type { Inside, Speaker } from '#server/usecases/supervision/helped-session.ts';
import type { Stretch } from '#server/usecases/supervision/note-marks.ts';
import type { KeptSketch } from '#server/usecases/supervision/note-sketch.ts';
import type { Written } from '#server/usecases/supervision/write-message.ts';
import type { z } from 'zod';
import { KeptSketches, type DueSketch, type PageNow } from './kept-sketches.ts';
import { Sketches } from './sketches.ts';
import { Stretches } from './stretches.ts';

/** The use cases it stands on. */
export type HelpRows = {
	writeMessage(speaker: Speaker, what: Written): Promise<HelpMessage>;
	readMessages(actor: SystemActor, input: { impersonationId: string }): Promise<HelpMessage[]>;
	raiseHand(inside: Inside, hand: { isRaised: boolean; note: string }): Promise<void>;
	answerHand(actor: StaffActor, input: { impersonationId: string; origin: Origin }): Promise<void>;
	noteMarks(actor: StaffActor, stretch: Stretch & { origin: Origin }): Promise<void>;
	noteSketch(inside: Inside, kept: KeptSketch): Promise<void>;
};

/** A watcher at this moment: `watching` is the session that was joined, `role` as the sweep knows it. */
export type Watching = {
	actor: StaffActor;
	origin: Origin;
	name: string;
	role: WatchRole;
	watching: string | null;
};

export type HelpedSession = {
	staff: Helper;
	hasPage(pageId: string): boolean;
	/** Of a page that is connected here. */
	pageNow(pageId: string): PageNow;
};

export type HelpDeskOptions = {
	rows: HelpRows;
	now(): number;
	/** A running session of the agency, or null. */
	sessionOf(agencyId: AgencyId, impersonationId: string): HelpedSession | null;
	/** To everybody whom it concerns, at every hub. */
	tell(word: HelpWord): void;
	onError(error: unknown): void;
};

type By = { actor: StaffActor; origin: Origin };

export class HelpDesk {
	readonly sketches = new Sketches();
	private readonly kept = new KeptSketches();
	/** Rows of wireframes are written one after the other: they are in nobody's way. */
	private keeping: Promise<void> = Promise.resolve();
	private readonly stretches = new Stretches<By>();
	private readonly options: HelpDeskOptions;

	constructor(options: HelpDeskOptions) {
		this.options = options;
	}

	/** What was said so far. */
	async conversation(agencyId: AgencyId, impersonationId: string): Promise<{ messages: HelpMessage[] }> {
		const system: SystemActor = { kind: 'system', agencyId };
		return { messages: await this.options.rows.readMessages(system, { impersonationId }) };
	}

	/** For a watcher, with what they may do beside reading. */
	async openFor(
		by: Watching,
		impersonationId: string
	): Promise<{ messages: HelpMessage[]; mayHelp: boolean }> {
		const session = this.watched(by, impersonationId);
		const isOwn = session.staff.staffId === by.actor.staffId;
		const said = await this.conversation(by.actor.agencyId, impersonationId);
		return { ...said, mayHelp: mayHelp(by.role) && !isOwn };
	}

	async write(by: Watching, { impersonationId, text }: z.infer<typeof writeMessage>): Promise<void> {
		this.helped(by, impersonationId);
		const { actor, origin, name } = by;
		const message = await this.options.rows.writeMessage({ actor, origin }, { impersonationId, text, name });
		this.options.tell({ about: 'message', impersonationId, message });
	}

	async answer(by: Watching, impersonationId: string): Promise<void> {
		this.helped(by, impersonationId);
		await this.options.rows.answerHand(by.actor, { impersonationId, origin: by.origin });
	}

	point(by: Watching, { impersonationId, pageId, at }: z.infer<typeof pointMessage>): void {
		this.helped(by, impersonationId, pageId);
		const mark = { kind: 'point', by: helperOf(by), pageId, at } as const;
		this.options.tell({ about: 'mark', impersonationId, mark });
		if (at) this.keep(by, { kind: 'point', impersonationId, pageId, now: this.options.now(), at });
	}

	draw(by: Watching, { impersonationId, ...drawn }: z.infer<typeof drawMessage>): void {
		this.helped(by, impersonationId, drawn.pageId);
		this.options.tell({ about: 'mark', impersonationId, mark: { kind: 'draw', by: helperOf(by), ...drawn } });
		const { pageId, stroke, node, points } = drawn;
		const now = this.options.now();
		this.keep(by, { kind: 'draw', impersonationId, pageId, now, stroke, node, points });
	}

	/** A page says what it looks like. */
	sketch(inside: Inside, message: SketchMessage): void {
		const { impersonationId, pageId } = inside;
		const sketch = this.sketches.note(impersonationId, pageId, message);
		if (!sketch) return;
		this.options.tell({ about: 'sketch', impersonationId, pageId, sketch: message });
		const at = this.pageNow(inside);
		if (at) this.kept.note(inside, at.address, sketch, this.options.now());
	}

	async writeInside(inside: Inside, text: string): Promise<void> {
		const { agencyId, impersonationId } = inside;
		const session = this.running(agencyId, impersonationId);
		const what = { impersonationId, text, name: session.staff.name };
		const message = await this.options.rows.writeMessage({ inside }, what);
		this.options.tell({ about: 'message', impersonationId, message });
	}

	async hand(inside: Inside, hand: { isRaised: boolean; note: string }): Promise<void> {
		this.running(inside.agencyId, inside.impersonationId);
		await this.options.rows.raiseHand(inside, hand);
	}

	/** Keeps what was shown a while ago; called now and then, and at a stop with all of it. */
	async flush(isStop = false): Promise<void> {
		const now = this.options.now();
		const done = isStop ? this.stretches.takeAll() : this.stretches.takeDone(now);
		const due = isStop ? this.kept.takeAll(now) : this.kept.takeDue(now, (inside) => this.pageNow(inside));
		this.keepSketches(due);
		await Promise.all([this.keeping, ...done.map((one) => this.log(one))]);
	}

	/** The session is over. */
	close(impersonationId: string): void {
		const now = this.options.now();
		this.sketches.forget(impersonationId);
		this.keepSketches(this.kept.takeAll(now, impersonationId));
		for (const one of this.stretches.takeDone(now, impersonationId)) void this.log(one);
	}

	private keep({ actor, origin }: Watching, movement: Parameters<Stretches<By>['add']>[2]): void {
		const over = this.stretches.add(actor.staffId, { actor, origin }, movement);
		if (over) void this.log(over);
	}

	private async log({ by, stretch }: { by: By; stretch: Stretch }): Promise<void> {
		try {
			await this.options.rows.noteMarks(by.actor, { ...stretch, origin: by.origin });
		} catch (error) {
			// It was seen by everybody it was meant for; what is lost is its row, and that is told.
			this.options.onError(error);
		}
	}

	private keepSketches(due: readonly DueSketch[]): void {
		for (const { inside, kept } of due)
			this.keeping = this.keeping
				.then(() => this.options.rows.noteSketch(inside, kept))
				// A recording without its picture is a recording: the next one is tried all the same.
				.catch(this.options.onError);
	}

	private pageNow({ agencyId, impersonationId, pageId }: Inside): PageNow {
		return this.options.sessionOf(agencyId, impersonationId)?.pageNow(pageId) ?? null;
	}

	private running(agencyId: AgencyId, impersonationId: string): HelpedSession {
		const session = this.options.sessionOf(agencyId, impersonationId);
		if (!session) throw new AppError('not_allowed', 'There is no such impersonation.');
		return session;
	}

	/** Attack: help, or a look at the chat, without a watch that is logged and shown. */
	private watched(by: Watching, impersonationId: string): HelpedSession {
		if (by.watching !== impersonationId) throw new AppError('not_allowed', 'Watch it first.');
		return this.running(by.actor.agencyId, impersonationId);
	}

	private helped(by: Watching, impersonationId: string, pageId?: string): void {
		const session = this.watched(by, impersonationId);
		if (!mayHelp(by.role)) throw new AppError('not_allowed', 'You may watch, but not help.');
		if (session.staff.staffId === by.actor.staffId)
			throw new AppError('not_allowed', 'Nobody supervises their own impersonation.');
		if (pageId !== undefined && !session.hasPage(pageId))
			throw new AppError('wrong_page', 'This page is not one of this impersonation.');
	}
}

const helperOf = ({ actor, name }: Watching): Helper => ({ staffId: actor.staffId, name });

// Control of a recorded page, on the server: who may ask, who has it, and the way of each deed to the page. Rows say who has it;
// what this hub holds is only through which connection.
import type { Origin, StaffActor, SystemActor } from '#domain/actor.ts';
import { AppError, isAppError } from '#domain/errors.ts';
import type { AgencyId } from '#domain/ids.ts';
import { mayModerate } from '#domain/watch-role.ts';
import type { ControlAnswer, ControlDeed, ControlOrder, ControlState } from '#protocol/control.ts';
import type { Inside } from '#server/usecases/supervision/helped-session.ts';
import type { MarkedOrder } from '#server/usecases/supervision/mark-order.ts';
import type { OrderStretch } from '#server/usecases/supervision/note-orders.ts';
import { GivenOrders } from './given-orders.ts';
import type { Watching } from './help-desk.ts';

/** The use cases it stands on. */
export type ControlRows = {
	askControl(
		actor: StaffActor,
		input: { impersonationId: string; hubId: string; origin: Origin }
	): Promise<string>;
	answerControl(inside: Inside, input: { id: string; isGranted: boolean }): Promise<void>;
	releaseControl(
		actor: StaffActor | SystemActor,
		input: { impersonationId: string; id: string; origin?: Origin }
	): Promise<void>;
	takeControlBack(inside: Inside, input: { id: string }): Promise<void>;
	keepControls(ids: readonly string[]): Promise<void>;
	markOrder(id: string, order: MarkedOrder | null): Promise<void>;
	noteOrders(actor: StaffActor, stretch: OrderStretch & { origin: Origin }): Promise<void>;
};

export type SteeredSession = {
	staffId: string;
	isFrozen: boolean;
	control: ControlState | null;
	hasPage(pageId: string): boolean;
};

/** A watcher's connection at this moment; `connection` differs for each tab. `isHere` may be asked later: does it still watch, as a moderator? */
export type Steering = Watching & { connection: string; isHere(impersonationId: string): boolean };

type Aimed = { impersonationId: string; pageId: string; seq: number };

export type ControlDeskOptions = {
	hubId: string;
	rows: ControlRows;
	/** A running session of the agency, or null. */
	sessionOf(agencyId: AgencyId, impersonationId: string): SteeredSession | null;
	/** To the page, at whichever hub it is. */
	send(order: ControlOrder): Promise<ControlAnswer>;
	now(): number;
	onError(error: unknown): void;
};

type Held = { id: string; connection: string; agencyId: AgencyId };
type By = Pick<Steering, 'actor' | 'origin'>;

export class ControlDesk {
	/** By impersonation: the control that was asked for through a connection of this hub. */
	private readonly held = new Map<string, Held>();
	private readonly given: GivenOrders<By>;
	private readonly options: ControlDeskOptions;

	constructor(options: ControlDeskOptions) {
		this.options = options;
		const { now, onError, rows } = options;
		this.given = new GivenOrders({ now, onError, mark: (id, order) => rows.markOrder(id, order) });
	}

	async ask(by: Steering, impersonationId: string): Promise<{ control: ControlState }> {
		const session = this.moderated(by, impersonationId);
		if (session.staffId === by.actor.staffId)
			throw new AppError('not_allowed', 'Nobody supervises their own impersonation.');
		const { actor, origin, connection, name } = by;
		const { hubId, rows } = this.options;
		const id = await rows.askControl(actor, { impersonationId, hubId, origin });
		this.held.set(impersonationId, { id, connection, agencyId: actor.agencyId });
		// Attack: the tab is closed, or leaves, while the row is being made. It would be renewed for a connection that is gone.
		if (!by.isHere(impersonationId)) {
			this.letGo(connection);
			throw new AppError('not_allowed', 'Watch it first.');
		}
		return { control: { id, state: 'asked', by: { staffId: actor.staffId, name }, until: null } };
	}

	async release(by: Steering, impersonationId: string): Promise<void> {
		const held = this.own(by, impersonationId);
		this.held.delete(impersonationId);
		await this.log(held.id);
		await this.options.rows.releaseControl(by.actor, { impersonationId, id: held.id, origin: by.origin });
	}

	/** One deed of the holder. @throws AppError `not_allowed` without control, `wrong_page` */
	async steer(
		by: Steering,
		{ impersonationId, pageId, seq }: Aimed,
		deed: ControlDeed
	): Promise<ControlAnswer> {
		const session = this.moderated(by, impersonationId);
		const { id } = this.own(by, impersonationId);
		// Attack: the watcher says that it was granted; only the row does.
		if (session.control?.id !== id || session.control.state !== 'held')
			throw new AppError('not_allowed', 'You do not have control of this page.');
		if (session.isFrozen) throw new AppError('not_allowed', 'It is frozen.');
		if (!session.hasPage(pageId))
			throw new AppError('wrong_page', 'This page is not one of this impersonation.');
		const order = { id, impersonationId, pageId, seq, deed };
		const at = this.given.given(order);
		const answer = await this.options.send(order);
		const { actor, origin } = by;
		this.given.answered({ actor, origin }, order, answer, at);
		return answer;
	}

	answer(inside: Inside, what: { id: string; isGranted: boolean }): Promise<void> {
		return this.options.rows.answerControl(inside, what);
	}

	takeBack(inside: Inside, what: { id: string }): Promise<void> {
		return this.options.rows.takeControlBack(inside, what);
	}

	/** A connection is gone, watches no more or lost the right: what it held is over. */
	letGo(connection: string): void {
		for (const [impersonationId, held] of this.held) {
			if (held.connection !== connection) continue;
			this.held.delete(impersonationId);
			void this.releaseLost(impersonationId, held);
		}
	}

	/** The session is over. */
	close(impersonationId: string): void {
		const held = this.held.get(impersonationId);
		this.held.delete(impersonationId);
		if (held) void this.log(held.id);
	}

	/** Renews what is held here, closes what nobody renews and logs what was ordered. Called every two seconds. */
	async keep(): Promise<void> {
		void this.log();
		try {
			await this.options.rows.keepControls([...this.held.values()].map(({ id }) => id));
		} catch (error) {
			this.options.onError(error);
		}
	}

	/** What was ordered until now is kept. */
	async stop(): Promise<void> {
		await this.logAll(this.given.takeAll());
	}

	private async releaseLost(impersonationId: string, { id, agencyId }: Held): Promise<void> {
		await this.log(id);
		const system: SystemActor = { kind: 'system', agencyId };
		await this.options.rows.releaseControl(system, { impersonationId, id }).catch((error: unknown) => {
			// Over already, as after Freeze or the end; what fails otherwise runs out by itself.
			if (!isAppError(error)) this.options.onError(error);
		});
	}

	private log(over: string | null = null): Promise<void> {
		return this.logAll(this.given.takeDone(over));
	}

	private async logAll(done: ReturnType<GivenOrders<By>['takeAll']>): Promise<void> {
		const { rows, onError } = this.options;
		// The orders were done: what is lost is their row, and that is told.
		for (const { by, stretch } of done)
			await rows.noteOrders(by.actor, { ...stretch, origin: by.origin }).catch(onError);
	}

	private own({ connection }: Steering, impersonationId: string): Held {
		const held = this.held.get(impersonationId);
		if (held?.connection !== connection)
			throw new AppError('not_allowed', 'You do not have control of this page.');
		return held;
	}

	private moderated(by: Steering, impersonationId: string): SteeredSession {
		if (by.watching !== impersonationId) throw new AppError('not_allowed', 'Watch it first.');
		if (!mayModerate(by.role))
			throw new AppError('not_allowed', 'Your role does not include taking control.');
		const session = this.options.sessionOf(by.actor.agencyId, impersonationId);
		if (!session) throw new AppError('not_allowed', 'There is no such impersonation.');
		return session;
	}
}

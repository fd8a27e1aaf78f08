// The demo's tasks and what was said about them.
import type { TaskId } from '#domain/ids.ts';
import type * as tables from '#server/db/schema/index.ts';
import type { Ids } from '#server/ports/ids.ts';
import type { DemoPeople } from './demo-people.ts';
import type { Dice } from './dice.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

const VERBS = [
	'Approve',
	'Review',
	'Update',
	'Send',
	'Prepare',
	'Check',
	'Plan',
	'Replace',
	'Translate'
] as const;
const THINGS = [
	'the spring newsletter',
	'the opening hours',
	'the price list',
	'the home page photos',
	'the contact form',
	'the menu page',
	'the booking calendar',
	'the team portraits',
	'the delivery area',
	'the gift voucher page',
	'the search campaign',
	'the holiday notice',
	'the cookie text',
	'the job advert',
	'the shop banner',
	'the customer survey',
	'the loyalty card',
	'the window poster',
	'the allergen table',
	'the press kit',
	'the map on the contact page',
	'the invoice address',
	'the product names',
	'the event flyer'
] as const;
const WHY = [
	'The old version is no longer right. Please look at it before we publish.',
	'We need this before the end of the month.\nTell us if anything is missing.',
	'As talked about on the phone: a first draft is enough.',
	'Two customers asked about it last week.',
	'',
	'Same as last year, with the new logo.'
] as const;
const SAID = [
	'Looks good to me.',
	'Could the second picture be a little brighter?',
	'I sent the texts this morning.',
	'We will have a draft by Thursday.',
	'Please use the name with the ampersand.',
	'Done. The page is live.',
	'Can we talk about this on Monday?',
	'The file is attached. Tell me if it does not open.',
	'Thank you, that was quick.'
] as const;

type Task = typeof tables.task.$inferInsert & { createdAt: Date };
type Comment = typeof tables.taskComment.$inferInsert;
export type DemoTasks = { tasks: Task[]; comments: Comment[] };

export type Cast = {
	client: DemoPeople['clients'][number];
	contacts: readonly DemoPeople['contacts'][number][];
	staff: readonly DemoPeople['staff'][number]['id'][];
};
type Build = { dice: Dice; ids: Ids; now: number };

/** What the agency does for itself: in the staff's lists, never in the portal. */
const INTERNAL = [
	'Check the hours booked this month',
	'Prepare the yearly review',
	'Ask accounting about the discount'
] as const;

/** Half is the client's doing, half the agency's. */
export function maker(
	dice: Dice,
	{ contacts, staff }: Cast
): Pick<Task, 'madeByContactId' | 'madeByStaffId'> {
	if (dice.chance(50)) return { madeByContactId: dice.pick(contacts).id, madeByStaffId: null };
	return { madeByContactId: null, madeByStaffId: dice.pick(staff) };
}

function taskRow({ dice, ids, now }: Build, cast: Cast, ageDays: number): Task {
	const createdAt = new Date(now - ageDays * DAY_MS - dice.between(0, 9) * HOUR_MS);
	const isDone = ageDays > 12 && dice.chance(ageDays > 60 ? 92 : 55);
	const completedAt = isDone
		? new Date(Math.min(createdAt.getTime() + dice.between(1, 20) * DAY_MS, now - HOUR_MS))
		: null;
	const dueMs = isDone ? createdAt.getTime() + 10 * DAY_MS : now + dice.between(-4, 21) * DAY_MS;
	return {
		id: ids.uuid() as TaskId,
		agencyId: cast.client.agencyId,
		clientId: cast.client.id,
		title: `${dice.pick(VERBS)} ${dice.pick(THINGS)}`,
		description: dice.pick(WHY),
		status: isDone ? 'done' : 'open',
		waitingOn: dice.chance(40) ? 'client' : 'agency',
		dueOn: dice.chance(70) ? new Date(dueMs).toISOString().slice(0, 10) : null,
		assigneeStaffId: cast.staff.length > 0 && dice.chance(70) ? dice.pick(cast.staff) : null,
		...maker(dice, cast),
		createdAt,
		updatedAt: completedAt ?? createdAt,
		completedAt
	};
}

function internalTask(
	build: Build,
	cast: Cast,
	{ title, ageDays }: { title: string; ageDays: number }
): Task {
	const staff = build.dice.pick(cast.staff);
	return {
		...taskRow(build, cast, ageDays),
		title,
		description: '',
		clientVisible: false,
		waitingOn: 'agency',
		status: 'open',
		completedAt: null,
		madeByContactId: null,
		madeByStaffId: staff,
		assigneeStaffId: staff
	};
}

function commentRows({ dice, ids, now }: Build, cast: Cast, task: Task): Comment[] {
	let at = task.createdAt.getTime();
	return Array.from({ length: dice.between(0, 3) }, () => {
		at = Math.min(at + dice.between(1, 40) * HOUR_MS, now - 60_000);
		return {
			id: ids.uuid(),
			agencyId: task.agencyId,
			clientId: task.clientId,
			taskId: task.id,
			body: dice.pick(SAID),
			...maker(dice, cast),
			createdAt: new Date(at)
		};
	});
}

/** `count` tasks of one client over the last `days`, newest first, with their comments. */
export function demoTasks(build: Build, cast: Cast, size: { count: number; days: number }): DemoTasks {
	const tasks = Array.from({ length: size.count }, (_, index) =>
		taskRow(build, cast, Math.floor((index * size.days) / size.count))
	);
	for (const [index, title] of INTERNAL.entries())
		if (cast.staff.length > 0) tasks.push(internalTask(build, cast, { title, ageDays: 3 + index * 5 }));
	return { tasks, comments: tasks.flatMap((task) => commentRows(build, cast, task)) };
}

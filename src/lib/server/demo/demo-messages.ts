// The demo's conversations, how far people have read, and what they were told.
import type { ThreadId } from '#domain/ids.ts';
import type * as tables from '#server/db/schema/index.ts';
import type { Ids } from '#server/ports/ids.ts';
import type { Cast } from './demo-tasks.ts';
import type { Dice } from './dice.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Subject and what was said, in turns; the client begins where `by` says so. */
const TALKS = [
	{
		subject: 'Opening hours over the holidays',
		by: 'client',
		said: [
			'Hello! We close from the 24th to the 27th. Can you put a note on the home page and change the hours in the footer?',
			'Of course. Shall the note also stand on the contact page?',
			'Yes please, both. And the answering text of the contact form.',
			'All three are live, and they go away by themselves on the 28th.'
		]
	},
	{
		subject: 'Photos of the new shop window',
		by: 'agency',
		said: [
			'The photographer sent the pictures. I put the twelve best into Files, folder Photos. Which three do you want on the home page?',
			'They are lovely! 4, 7 and 11 please. Could 7 be a little brighter?',
			'Done, number 7 is brighter by a third. Have a look when you find a minute.'
		]
	},
	{
		subject: 'Question about the last invoice',
		by: 'client',
		said: [
			'The invoice says four hours of copywriting. We thought the newsletter was part of the care plan?',
			'You are right, the newsletter is. The four hours are the texts of the two new product pages; I attached the list to the invoice.',
			'Ah, now I see it. Thank you, all clear.'
		]
	},
	{
		subject: 'Newsletter of next month',
		by: 'agency',
		said: [
			'We start on the newsletter on Monday. Is there anything new that should be in it?',
			'The seasonal menu, and that we look for an apprentice.',
			'Noted. You get a draft by Thursday.',
			'One more thing: please use the picture with the whole team.'
		]
	},
	{
		subject: 'The map shows the old address',
		by: 'client',
		said: [
			'A customer stood in front of the old shop yesterday. The map on the contact page still shows it.',
			'Sorry about that! The page is right now; the map service takes a day or two to follow.'
		]
	},
	{
		subject: 'Access for our tax adviser',
		by: 'client',
		said: [
			'Can our tax adviser get a sign-in that sees the invoices and nothing else?',
			'Yes: under Account, Team you can invite her yourself and tick Billing only.'
		]
	},
	{
		subject: 'Numbers of the spring campaign',
		by: 'agency',
		said: [
			'The campaign ended on Sunday: 412 new visitors from the search ads, 38 bookings. The whole report is in Files.',
			'That is more than we hoped for. Shall we do it again before the summer?',
			'Gladly. I prepare an offer until Friday.'
		]
	},
	{
		subject: 'Logo for the delivery van',
		by: 'client',
		said: [
			'The sign maker needs the logo as a vector file, one colour.',
			'It is in Files now, as SVG and PDF. For dark cars use the second one.',
			'Perfect, he says thank you.'
		]
	},
	{
		subject: 'Contact form sends nothing',
		by: 'client',
		said: ['Since this morning we get no mail from the contact form. Can you have a look today?']
	},
	{
		subject: 'New product texts',
		by: 'agency',
		said: [
			'The first six texts are ready for you under Tasks. Please tell us whether the tone is right before we write the other ten.'
		]
	},
	{
		subject: 'Meeting on the website next year',
		by: 'client',
		said: [
			'We would like to talk about the website for next year. Does the week after next suit you?',
			'Tuesday or Thursday morning, at your place?',
			'Thursday at nine. There will be fresh rolls.'
		]
	},
	{
		subject: 'Cookie text',
		by: 'agency',
		said: [
			'The text of the cookie note must change because of the new booking tool. Here is our proposal: “We use one cookie, for your booking.” Fine?',
			'Short and honest. Fine!'
		]
	}
] as const;

type Message = typeof tables.message.$inferInsert & { createdAt: Date };
export type DemoMessages = {
	threads: (typeof tables.thread.$inferInsert)[];
	messages: Message[];
	reads: (typeof tables.threadRead.$inferInsert)[];
	notices: (typeof tables.notice.$inferInsert)[];
};

type Build = { dice: Dice; ids: Ids; now: number };
type Talk = (typeof TALKS)[number];

function speaker(dice: Dice, cast: Cast, who: 'client' | 'agency') {
	const { contacts, staff } = cast;
	if (who === 'client') return { madeByContactId: (dice.chance(70) ? contacts[0] : dice.pick(contacts))?.id };
	return { madeByStaffId: staff.length > 0 ? dice.pick(staff) : null };
}

const other = (who: 'client' | 'agency') => (who === 'client' ? 'agency' : 'client');

function talkRows({ dice, ids, now }: Build, cast: Cast, talk: Talk, ageDays: number) {
	const { agencyId, id: clientId } = cast.client;
	const threadId = ids.uuid() as ThreadId;
	let at = now - ageDays * DAY_MS - dice.between(1, 8) * HOUR_MS;
	let who: 'client' | 'agency' = talk.by;
	const messages = talk.said.map((body): Message => {
		const row = {
			id: ids.uuid() as Message['id'],
			agencyId,
			clientId,
			threadId,
			body,
			...speaker(dice, cast, who),
			createdAt: new Date(at)
		};
		at = Math.min(at + dice.between(1, 20) * HOUR_MS, now - 20 * 60_000);
		who = other(who);
		return row;
	});
	const [first, last] = [messages[0], messages.at(-1)];
	const thread = {
		id: threadId,
		agencyId,
		clientId,
		subject: talk.subject,
		madeByContactId: first?.madeByContactId ?? null,
		madeByStaffId: first?.madeByStaffId ?? null,
		createdAt: first?.createdAt ?? new Date(now),
		lastMessageAt: last?.createdAt ?? new Date(now)
	};
	return { thread, messages, last };
}

/** Everybody has read what is older than a few days; of the newest, the other side has not. */
function readRows(cast: Cast, thread: DemoMessages['threads'][number], isRead: boolean) {
	if (!isRead) return [];
	const readAt = thread.lastMessageAt ?? new Date();
	return [...cast.contacts.map(({ id }) => id as string), ...cast.staff].map((personId) => ({
		threadId: thread.id,
		personId,
		readAt
	}));
}

/**
 * `count` conversations of one client, the newest unread to whoever did not write last, and a notice of each of those.
 * `seq` numbers the notices below every action there will be: nothing in the log passes for their cause.
 */
export function demoMessages(
	build: Build,
	cast: Cast,
	{ count, unread, seq }: { count: number; unread: number; seq: number }
): DemoMessages {
	const all: DemoMessages = { threads: [], messages: [], reads: [], notices: [] };
	const start = build.dice.between(0, TALKS.length - 1);
	for (let index = 0; index < count; index += 1) {
		const talk = TALKS[(start + index) % TALKS.length] as Talk;
		const { thread, messages, last } = talkRows(build, cast, talk, index === 0 ? 0 : index * 9 - 4);
		all.threads.push(thread);
		all.messages.push(...messages);
		all.reads.push(...readRows(cast, thread, index >= unread));
		if (index >= unread || !last) continue;
		const base = {
			agencyId: thread.agencyId,
			seq: seq - index,
			category: 'messages',
			createdAt: last.createdAt
		};
		const href = `/messages/${thread.id}`;
		const told = last.madeByContactId
			? cast.staff.map((staffId) => ({ staffId }))
			: cast.contacts.map(({ id }) => ({ contactId: id }));
		const writer = cast.contacts.find(({ id }) => id === last.madeByContactId)?.name ?? 'Northwind Studio';
		for (const person of told)
			all.notices.push({
				...base,
				...person,
				id: build.ids.uuid() as never,
				title: `${writer} sent message “${thread.subject}”`,
				body: cast.client.name,
				href
			});
	}
	return all;
}

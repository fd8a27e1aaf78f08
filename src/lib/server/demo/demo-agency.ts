// What the demo's agency set up for itself: what stands on its invoices, and what it announces to its clients.
import type { AgencyId, AnnouncementId, ClientId, StaffId } from '#domain/ids.ts';
import type * as tables from '#server/db/schema/index.ts';
import type { Ids } from '#server/ports/ids.ts';

type Build = { ids: Ids; now: number };
type People = {
	agency: { id: AgencyId };
	clients: readonly { id: ClientId; name: string }[];
	staff: readonly { id: StaffId }[];
};
type Announcement = typeof tables.announcement.$inferInsert;

const DAY_MS = 86_400_000;

export const AGENCY_FACTS = {
	address: 'Northwind Studio\nQuay House, 14 Harbour Street\nBristol BS1 4QA',
	taxId: 'GB 294 8812 07',
	currency: 'EUR',
	taxRateBp: 2_000,
	paymentDays: 14,
	paymentNote:
		'Please pay by bank transfer to DE02 1203 0000 0000 2020 51, Northwind Studio, and name the number of the invoice.'
} as const;

const NEWS = [
	{
		title: 'Closed between Christmas and New Year',
		body: 'Our studio rests from 24 December to 1 January. For anything that cannot wait, write a message: somebody looks once a day.',
		from: -4,
		until: 45,
		client: null
	},
	{
		title: 'New: photography by the half day',
		body: 'Product or people, at your place or in our studio. You find it under Services.',
		from: -12,
		until: 30,
		client: null
	},
	{
		title: 'Your spring menu goes to print on Friday',
		body: 'Please look at the last proof under Files by Thursday noon. After that, changes cost a new plate.',
		from: -1,
		until: 6,
		client: 'Bluebird Bakery'
	},
	{
		title: 'Prices from next year on',
		body: 'Hourly work becomes 3 percent dearer. Subscriptions that run keep their price for another year.',
		from: 20,
		until: 60,
		client: null
	},
	{
		title: 'Maintenance of the portal on Sunday morning',
		body: 'It was away for a few minutes, and is back.',
		from: -40,
		until: -33,
		client: null
	}
] as const;

/** Shown now, planned and over, for all and for one. */
export const demoAnnouncements = ({ ids, now }: Build, people: People): Announcement[] =>
	NEWS.map(({ title, body, from, until, client }) => ({
		id: ids.uuid() as AnnouncementId,
		agencyId: people.agency.id,
		clientId: client ? (people.clients.find((one) => one.name === client)?.id ?? null) : null,
		title,
		body,
		visibleFrom: new Date(now + from * DAY_MS),
		visibleUntil: new Date(now + until * DAY_MS),
		madeByStaffId: people.staff[0]?.id ?? null,
		createdAt: new Date(now + Math.min(from, 0) * DAY_MS)
	}));

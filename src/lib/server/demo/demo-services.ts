// The demo's catalogue as rows.
import type { AddOnId, AgencyId, ClientId, PackageId, ServiceId } from '#domain/ids.ts';
import type * as tables from '#server/db/schema/index.ts';
import type { Ids } from '#server/ports/ids.ts';
import { OFFERS } from './demo-catalogue.ts';
import type { Offer } from './demo-offer.ts';

const DAY_MS = 86_400_000;
export const DEMO_CURRENCY = 'EUR';

type Row<T extends { $inferInsert: unknown }> = T['$inferInsert'];
export type DemoService = Row<typeof tables.service> & { id: ServiceId; name: string };
export type DemoPackage = Row<typeof tables.servicePackage> & {
	id: PackageId;
	billing: 'once' | 'month' | 'year';
};
export type DemoServices = {
	services: DemoService[];
	packages: DemoPackage[];
	addOns: Row<typeof tables.serviceAddOn>[];
	chosen: Row<typeof tables.serviceClient>[];
};

type Build = { ids: Ids; now: number };
type Of = { agencyId: AgencyId; serviceId: ServiceId };

const packageRows = ({ ids }: Build, of: Of, offer: Offer): DemoPackage[] =>
	offer.packages.map(([name, priceMinor, billing, features, more], position) => ({
		...of,
		id: ids.uuid() as PackageId,
		name,
		priceMinor,
		billing,
		features,
		currency: DEMO_CURRENCY,
		maxQuantity: more?.max ?? 1,
		position
	}));

const addOnRows = ({ ids }: Build, of: Of, offer: Offer): DemoServices['addOns'] =>
	offer.addOns.map(([name, priceMinor, description, max], position) => ({
		...of,
		id: ids.uuid() as AddOnId,
		name,
		description,
		priceMinor,
		currency: DEMO_CURRENCY,
		maxQuantity: max ?? 1,
		position
	}));

/** All services; the one for chosen clients is shown to `chosenBy` alone. */
export function demoServices(build: Build, agencyId: AgencyId, chosenBy: readonly ClientId[]): DemoServices {
	const all: DemoServices = { services: [], packages: [], addOns: [], chosen: [] };
	for (const [index, offer] of OFFERS.entries()) {
		const serviceId = build.ids.uuid() as ServiceId;
		const of = { agencyId, serviceId };
		const { name, category, summary, description } = offer;
		all.services.push({
			id: serviceId,
			agencyId,
			name,
			category,
			summary,
			description,
			faq: offer.faq.map(([question, answer]) => ({ question, answer })),
			intake: offer.questions,
			defaultTasks: offer.tasks.map(([title, waitingOn, dueAfterDays, internal]) => ({
				title,
				description: '',
				waitingOn,
				dueAfterDays,
				visible: internal === undefined
			})),
			status: offer.status ?? 'published',
			visibleTo: offer.chosen ? 'chosen' : 'all',
			position: index + 1,
			createdAt: new Date(build.now - (400 - index * 20) * DAY_MS)
		});
		all.packages.push(...packageRows(build, of, offer));
		all.addOns.push(...addOnRows(build, of, offer));
		if (offer.chosen) all.chosen.push(...chosenBy.map((clientId) => ({ serviceId, clientId, agencyId })));
	}
	return all;
}

// One service with all that an order of it needs, as this client may see it.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { AgencyId, ClientId, ServiceId } from '#domain/ids.ts';
import { readQuestions } from '#domain/intake.ts';
import type { IntakeQuestion } from '#domain/intake-kinds.ts';
import type { ShownFaq, ShownService } from '#domain/shown-service.ts';
import type { Reader } from '#server/db/types.ts';
import { requireId } from '../portal/scope.ts';
import { readParts, type AddOnRow, type PackageRow } from './read-parts.ts';
import { seenBy } from './seen-by-client.ts';

export type DefaultTask = {
	title: string;
	description: string;
	waitingOn: 'client' | 'agency';
	dueAfterDays: number | null;
	visible: boolean;
};

export type FoundService = {
	id: ServiceId;
	name: string;
	category: string;
	summary: string;
	description: string;
	faq: ShownFaq[];
	questions: IntakeQuestion[];
	tasks: DefaultTask[];
	packages: PackageRow[];
	addOns: AddOnRow[];
};

/** @throws AppError `not_found`, also for another agency's service, a draft, and one meant for other clients */
export async function findService(
	reader: Reader,
	who: { agencyId: AgencyId; clientId: ClientId },
	id: string
): Promise<FoundService> {
	const serviceId = requireId<ServiceId>(id, 'service');
	type Row = Omit<FoundService, 'questions' | 'packages' | 'addOns'> & { intake: unknown };
	const [row] = await reader.execute<Row>(sql`
		SELECT s.id, s.name, s.category, s.summary, s.description, s.faq, s.intake, s.default_tasks AS tasks
		FROM service s WHERE s.id = ${serviceId} AND ${seenBy(who)}`);
	if (!row) throw new AppError('not_found', 'There is no such service, or it is not offered any more.');
	const { intake, ...service } = row;
	return { ...service, questions: readQuestions(intake), ...(await readParts(reader, serviceId)) };
}

/** As it is shown: what this contact may not see is left out here, on the server. */
export const shownService = (found: FoundService, sees: { prices: boolean; faq: boolean }): ShownService => {
	const priced = <T extends { priceMinor: number; currency: string }>({
		priceMinor,
		currency,
		...rest
	}: T) => ({ ...rest, price: sees.prices ? { minor: priceMinor, currency } : null });
	const { id, name, category, summary, description, questions } = found;
	return {
		id,
		name,
		category,
		summary,
		description,
		questions,
		packages: found.packages.map(priced),
		addOns: found.addOns.map(priced),
		faq: sees.faq ? found.faq : null
	};
};

// A service as its editor shows it: all texts as they would be typed, and which state it was read in.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ServiceId } from '#domain/ids.ts';
import { readQuestions } from '#domain/intake.ts';
import { emptyDraft, type ServiceDraft } from '#domain/service-draft.ts';
import type { ShownFaq } from '#domain/shown-service.ts';
import { amountText } from '#domain/typed-amount.ts';
import type { Db } from '#server/db/types.ts';
import { requireReader } from '../agency/require-reader.ts';
import { readTerms } from '../billing/insert-invoice.ts';
import { epochMs, requireId } from '../portal/scope.ts';
import type { DefaultTask } from './find-service.ts';
import type { ServiceStatus } from './list-services.ts';
import { readParts } from './read-parts.ts';

type Head = {
	id: ServiceId;
	name: string;
	category: string;
	summary: string;
	description: string;
	faq: ShownFaq[];
	intake: unknown;
	tasks: DefaultTask[];
	status: ServiceStatus;
	visibleTo: 'all' | 'chosen';
	version: string;
};

export type EditedService = {
	id: ServiceId;
	status: ServiceStatus;
	/** Changes with every change; a save that names an older one is refused. */
	version: number;
	draft: ServiceDraft;
};

const numberText = (value: number | null): string => (value === null ? '' : String(value));
const box = (on: boolean): string => (on ? '1' : '');

async function readHead(db: Db, actor: StaffActor, id: ServiceId): Promise<Head> {
	const [head] = await db.execute<Head>(sql`
		SELECT s.id, s.name, s.category, s.summary, s.description, s.faq, s.intake, s.default_tasks AS tasks, s.status,
			s.visible_to AS "visibleTo", ${epochMs('s.updated_at')} AS version
		FROM service s WHERE s.id = ${id} AND s.agency_id = ${actor.agencyId}`);
	if (!head) throw new AppError('not_found', 'There is no such service.');
	return head;
}

/** An empty draft for a new service, in the agency's currency. */
export const startServiceDraft =
	({ db }: { db: Db }) =>
	async (actor: StaffActor): Promise<ServiceDraft> => {
		await requireReader(db, actor, 'services.manage');
		return emptyDraft((await readTerms(db, actor.agencyId)).currency);
	};

/** @throws AppError `not_allowed`; `not_found`, also for another agency's service */
export const readServiceDraft =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, id: string): Promise<EditedService> => {
		await requireReader(db, actor, 'services.manage');
		const head = await readHead(db, actor, requireId<ServiceId>(id, 'service'));
		const { packages, addOns } = await readParts(db, head.id);
		const currency = packages[0]?.currency ?? (await readTerms(db, actor.agencyId)).currency;
		const { name, category, summary, description, visibleTo, faq } = head;
		const draft: ServiceDraft = {
			name,
			category,
			summary,
			description,
			visibleTo,
			currency,
			faq,
			packages: packages.map(({ priceMinor, maxQuantity, features, currency: own, ...row }) => ({
				...row,
				features: features.join('\n'),
				price: amountText(priceMinor, own),
				maxQuantity: String(maxQuantity)
			})),
			addOns: addOns.map(({ priceMinor, maxQuantity, currency: own, ...row }) => ({
				...row,
				price: amountText(priceMinor, own),
				maxQuantity: String(maxQuantity)
			})),
			questions: readQuestions(head.intake).map((question) => ({
				...question,
				required: box(question.required),
				options: question.options.join('\n'),
				min: numberText(question.min),
				max: numberText(question.max)
			})),
			tasks: head.tasks.map((task) => ({
				...task,
				dueAfterDays: numberText(task.dueAfterDays),
				visible: box(task.visible)
			}))
		};
		return { id: head.id, status: head.status, version: Number(head.version), draft };
	};

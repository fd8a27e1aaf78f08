// The words of the route table: who asks, for whose record, and what each kind of route answers them.
import { BUILT_IN_ROLES, effectivePermissions, type Permission } from '#domain/permissions.ts';
import type { ContactRight } from '#domain/portal-elements.ts';
import { SUPERVISOR_ROLE } from '#server/demo/demo-people.ts';

/**
 * `own`: Bluebird Bakery's. `other`: Cedar Clinic's. `foreign`: another agency's. `hidden`: Bluebird's, kept from clients.
 * `inactive`: of a client of the same agency that is not active any more. `mixed`: of several records in one address the first is Bluebird's and the rest are Cedar's.
 */
export type Variant = 'own' | 'other' | 'foreign' | 'hidden' | 'inactive' | 'mixed';

export const PORTAL_ACTORS = [
	'nobody',
	'owner',
	'without right',
	'other client',
	'other agency',
	'inactive',
	'of an inactive client',
	'inside, view',
	'inside, act',
	'inside without right',
	'inside, ended'
] as const;
export type PortalActorName = (typeof PORTAL_ACTORS)[number];

export const AGENCY_ACTORS = [
	'nobody',
	'super admin',
	'admin',
	'manager',
	'assignee',
	'supervisor',
	'other agency',
	'deactivated'
] as const;
export type AgencyActorName = (typeof AGENCY_ACTORS)[number];

export type RecordKind =
	| 'client'
	| 'contact'
	| 'task'
	| 'file'
	| 'folder'
	| 'invoice'
	| 'order'
	| 'subscription'
	| 'service'
	| 'thread'
	| 'message'
	| 'announcement'
	| 'draft'
	| 'payment'
	| 'staff'
	| 'role'
	| 'impersonation'
	| 'page';

export type Row<A extends string> = {
	/** Which record stands for each parameter of the address. */
	records: RecordKind[];
	/** Values of parameters that name no record. */
	fixed?: Record<string, string>;
	/** "?service={service}": with the id of Bluebird's (or the agency's) record of that kind. */
	query?: string;
	expect(actor: A, variant: Variant): number;
};

type Overrides<A extends string> = Partial<Record<A, number>>;

/** What Ben of Bluebird, and whoever stands in for him, may not see. */
const BEN_HOLDS: readonly ContactRight[] = ['tasks', 'files'];
/** Hidden at Cedar Clinic by its own set-up. */
const CEDAR_HIDES: readonly string[] = ['invoices', 'subscriptions'];

type AreaOptions = {
	area?: string;
	right?: ContactRight;
	records?: RecordKind[];
	fixed?: Record<string, string>;
	query?: string;
	/** For whom it may be seen; another answer than 200, where the page leads on. */
	ok?: number;
	/** Only the owner of the account has this page. */
	ownerOnly?: boolean;
	/** The record is the agency's, and every client of it sees the same one. */
	ofAgency?: boolean;
	but?: Overrides<PortalActorName>;
};

/** A page of the portal's inside: contacts by their rights, staff inside exactly as the contact, all others nothing. */
export function area(options: AreaOptions = {}): Row<PortalActorName> {
	const { right, records = [], ok = 200, but = {} } = options;
	const sees = (actor: PortalActorName): boolean => {
		const isBen = actor === 'without right' || actor === 'inside without right';
		if (isBen) return !options.ownerOnly && (!right || BEN_HOLDS.includes(right));
		return actor !== 'other client' || !CEDAR_HIDES.includes(options.area ?? '');
	};
	const belongsTo = (variant: Variant): PortalActorName[] => {
		if (records.length === 0) return [...PORTAL_ACTORS];
		if (variant === 'other') return ['other client'];
		if (variant === 'foreign') return ['other agency'];
		if (variant === 'hidden' || variant === 'inactive' || variant === 'mixed') return [];
		const bluebird: PortalActorName[] = [
			'owner',
			'without right',
			'inside, view',
			'inside, act',
			'inside without right'
		];
		return options.ofAgency ? [...bluebird, 'other client'] : bluebird;
	};
	return {
		records,
		...(options.fixed && { fixed: options.fixed }),
		...(options.query && { query: options.query }),
		expect(actor, variant) {
			const special = but[actor];
			if (special !== undefined && variant === 'own') return special;
			if (actor === 'nobody' || actor === 'inactive' || actor === 'of an inactive client') return 303;
			if (actor === 'inside, ended') return 410;
			return sees(actor) && belongsTo(variant).includes(actor) ? ok : 404;
		}
	};
}

const permissionsOf: Partial<Record<AgencyActorName, readonly string[]>> = {
	'super admin': BUILT_IN_ROLES['super_admin']?.permissions ?? [],
	admin: BUILT_IN_ROLES['admin']?.permissions ?? [],
	manager: BUILT_IN_ROLES['manager']?.permissions ?? [],
	assignee: BUILT_IN_ROLES['assignee']?.permissions ?? [],
	supervisor: SUPERVISOR_ROLE.permissions,
	'other agency': BUILT_IN_ROLES['super_admin']?.permissions ?? []
};

type StaffOptions = {
	records?: RecordKind[];
	fixed?: Record<string, string>;
	query?: string;
	ok?: number;
	/** For a record that is kept from clients, where that makes a difference to staff. */
	hidden?: number;
	/** What is asked for is the same for every agency, or each one's own: others are answered as well. */
	everywhere?: boolean;
	/** What nobody is answered, where there is no page to lead back to. */
	nobody?: number;
	but?: Overrides<AgencyActorName>;
};

/** A page of the agency host: staff by their permission, another agency's records as if they did not exist. */
export function staff(permission: Permission | null, options: StaffOptions = {}): Row<AgencyActorName> {
	const { records = [], ok = 200, but = {}, nobody = 303 } = options;
	return {
		records,
		...(options.fixed && { fixed: options.fixed }),
		...(options.query && { query: options.query }),
		expect(actor, variant) {
			const special = but[actor];
			if (special !== undefined && variant === 'own') return special;
			if (actor === 'nobody' || actor === 'deactivated') return nobody;
			if (permission && !effectivePermissions(permissionsOf[actor] ?? [], [], []).has(permission)) return 403;
			if (records.length === 0 || options.everywhere) return ok;
			if (variant === 'mixed') return 404;
			const isForeign = (variant === 'foreign') !== (actor === 'other agency');
			return isForeign ? 404 : variant === 'hidden' ? (options.hidden ?? ok) : ok;
		}
	};
}

/** The same for everybody but those named. */
export const everybody = <A extends string>(
	status: number,
	but: Overrides<A> = {},
	more: Partial<Pick<Row<A>, 'fixed' | 'query'>> = {}
): Row<A> => ({ records: [], ...more, expect: (actor) => but[actor] ?? status });

// Who acts. Every use case takes an actor first.
import type { AgencyId, ClientId, ContactId, DraftId, ImpersonationId, PageId, StaffId } from './ids.ts';

/** A staff member on the agency host. */
export type StaffActor = { kind: 'staff'; agencyId: AgencyId; staffId: StaffId; sessionId: string };

/** A draft that staff prepared while impersonating and that its client approves now: both names go into the log. */
export type ApprovedDraft = { draftId: DraftId; staffId: StaffId; impersonationId: ImpersonationId };

/** A contact signed in on the portal host. `approves` is set only while a draft of theirs is being carried out. */
export type ClientActor = {
	kind: 'client';
	agencyId: AgencyId;
	clientId: ClientId;
	contactId: ContactId;
	approves?: ApprovedDraft;
};

/**
 * A staff member in a contact's portal. The contact is the subject, the staff member is kept as in the `act` claim of
 * RFC 8693 §4.1. `pageId` is set once the page ticket of the request was verified, else null.
 */
export type ImpersonationActor = {
	kind: 'impersonation';
	agencyId: AgencyId;
	clientId: ClientId;
	contactId: ContactId;
	impersonationId: ImpersonationId;
	act: { staffId: StaffId };
	pageId: PageId | null;
};

/** The program itself: limits that run out, the demo's seed. */
export type SystemActor = { kind: 'system'; agencyId: AgencyId };

export type PortalActor = ClientActor | ImpersonationActor;
export type Actor = PortalActor | StaffActor | SystemActor;

/** Where a request or a socket came from; kept in an action's details, never used for a decision. */
export type Origin = { ip: string | null; userAgent: string | null };

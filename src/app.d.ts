import type { ErrorCode } from '#domain/errors.ts';
import type { PageId } from '#domain/ids.ts';
import type { PageMasking } from '#protocol/masking.ts';
import type { PortalActor } from '#domain/actor.ts';
import type { App as Application } from '#server/app.ts';
import type { Inside } from '#server/usecases/impersonation/read-impersonation.ts';
import type { ContactContext } from '#server/usecases/sign-in/read-contact-context.ts';
import type { StaffContext } from '#server/usecases/sign-in/read-staff-context.ts';

declare global {
	namespace App {
		interface Error {
			message: string;
			code?: ErrorCode;
			errorId?: string;
		}
		interface Locals {
			side: 'agency' | 'portal' | 'replay';
			app: Application;
			/** Address and user agent of the request, for an action's details. */
			origin: { ip: string | null; userAgent: string | null };
			/** Agency host: who is signed in. */
			staff: StaffContext | null;
			/** Portal host: whose portal is shown, and who acts. */
			portal: (ContactContext & { actor: PortalActor }) | null;
			/** Portal host: set while impersonating, also when it is over. */
			inside: Inside | null;
			/** Portal host: the impersonation cookie came, live or dead. */
			impersonating: boolean;
			/** The request carries the ticket of another impersonation. */
			staleTab: boolean;
			/** Set-Cookie lines of the sign-in library. */
			setCookies: string[];
			/** The document being rendered while impersonating, with its ticket. */
			page: { pageId: PageId; ticket: string; masking: PageMasking | null } | null;
			/** What a load showed, for its view: set by `showed()`. */
			subject: { type: string; id: string; label: string } | null;
			/** Set when an action was refused; the answer gets its status and header from it. */
			refusal: ErrorCode | null;
		}
	}
}

export {};

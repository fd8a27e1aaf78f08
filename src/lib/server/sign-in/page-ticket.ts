// The page ticket: names one document rendered for one impersonation (design.md §4). Its requests, forms and socket
// carry it, so that a stale tab can never act under another impersonation.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isUuid, type ImpersonationId, type PageId } from '#domain/ids.ts';

export type PageTickets = {
	mint(impersonationId: ImpersonationId, pageId: PageId): string;
	/** @returns what the ticket names, or null when it was not minted by us */
	verify(ticket: string): { impersonationId: ImpersonationId; pageId: PageId } | null;
};

/** Tickets are `impersonation.page.mac`, HMAC-SHA-256 under a key derived for this use alone. */
export function createPageTickets(secret: string): PageTickets {
	const key = createHmac('sha256', secret).update('switchback.page-ticket.1').digest();
	const mac = (text: string) => createHmac('sha256', key).update(text).digest('base64url');
	return {
		mint: (impersonationId, pageId) => `${impersonationId}.${pageId}.${mac(`${impersonationId}.${pageId}`)}`,
		verify: (ticket) => {
			const [impersonationId, pageId, given, ...rest] = ticket.split('.');
			if (!impersonationId || !pageId || !given || rest.length > 0) return null;
			if (!isUuid(impersonationId) || !isUuid(pageId)) return null;
			const wanted = Buffer.from(mac(`${impersonationId}.${pageId}`));
			const got = Buffer.from(given);
			// Compared in constant time: a forger must not learn the mac byte by byte.
			if (wanted.length !== got.length || !timingSafeEqual(wanted, got)) return null;
			return { impersonationId: impersonationId as ImpersonationId, pageId: pageId as PageId };
		}
	};
}

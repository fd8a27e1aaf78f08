// The replay host has no cookie. What lets the player's frame load pictures of one recording there is this: whose recording, and
// who looks at it by which right. It opens nothing once that person has signed out, lost the right, or the day is over.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isUuid, type AgencyId, type StaffId } from '#domain/ids.ts';

/** A working day, as long as the opening of a replay counts. */
export const GRANT_LASTS_MS = 10 * 60 * 60 * 1_000;

/** Short, since it stands in the address of every picture. */
const RIGHTS = { r: 'review', o: 'observe' } as const;
type Letter = keyof typeof RIGHTS;
export type AssetRight = (typeof RIGHTS)[Letter];

export type AssetGrant = {
	agencyId: AgencyId;
	impersonationId: string;
	staffId: StaffId;
	sessionId: string;
	right: AssetRight;
};

export type AssetGrants = {
	mint(grant: AssetGrant): string;
	/** @returns what it grants, or null when it was not minted by us or its time is over */
	verify(text: string): AssetGrant | null;
};

/** `agency.recording.staff.session.right.until.mac`, HMAC-SHA-256 under a key derived for this use alone. */
export function createAssetGrants(secret: string, now: () => number): AssetGrants {
	const key = createHmac('sha256', secret).update('switchback.asset-grant.1').digest();
	const mac = (text: string) => createHmac('sha256', key).update(text).digest('base64url');
	return {
		mint: ({ agencyId, impersonationId, staffId, sessionId, right }) => {
			const until = Math.floor((now() + GRANT_LASTS_MS) / 1_000);
			const text = [agencyId, impersonationId, staffId, sessionId, right.charAt(0), until].join('.');
			return `${text}.${mac(text)}`;
		},
		verify: (given) => {
			const at = given.lastIndexOf('.');
			const [wanted, got] = [Buffer.from(mac(given.slice(0, at))), Buffer.from(given.slice(at + 1))];
			// Compared in constant time: a forger must not learn the mac byte by byte.
			if (at < 0 || wanted.length !== got.length || !timingSafeEqual(wanted, got)) return null;
			return grantOf(given.slice(0, at).split('.'), now());
		}
	};
}

function grantOf(parts: readonly string[], now: number): AssetGrant | null {
	const [agencyId = '', impersonationId = '', staffId = '', sessionId = '', letter = '', until] = parts;
	if (![agencyId, impersonationId, staffId].every(isUuid) || !Object.hasOwn(RIGHTS, letter)) return null;
	if (!(Number(until) * 1_000 > now)) return null;
	const right = RIGHTS[letter as Letter];
	return {
		agencyId: agencyId as AgencyId,
		impersonationId,
		staffId: staffId as StaffId,
		sessionId,
		right
	};
}

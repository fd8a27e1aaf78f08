// Sign-in by the library, once for staff and once for contacts, with tables, cookies and base URL of their own.
// Its HTTP endpoints are never mounted: our forms call its handler, so that rate limit and origin check still apply.
import { hash, verify } from '@node-rs/argon2';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { eq } from 'drizzle-orm';
import * as tables from '#server/db/schema/index.ts';
import type { Db } from '#server/db/types.ts';

export type Side = 'agency' | 'portal';

/** Set by our own server from the connection, overwriting a client's; the rate limit counts by it. */
export const ADDRESS_HEADER = 'x-switchback-address';

/** Wrong passwords from one address: enough for an office behind one router, far too few for guessing. */
const SIGN_IN_RULE = { window: 60, max: 30 };

const HOUR_S = 3600;
const SIDES = {
	agency: {
		cookie: '__Host-agency-session',
		people: tables.staff,
		lifeS: 12 * HOUR_S,
		schema: {
			user: tables.staff,
			session: tables.staffSession,
			account: tables.staffAccount,
			verification: tables.staffVerification,
			rateLimit: tables.staffRateLimit
		}
	},
	portal: {
		cookie: '__Host-portal-session',
		people: tables.contact,
		lifeS: 14 * 24 * HOUR_S,
		schema: {
			user: tables.contact,
			session: tables.contactSession,
			account: tables.contactAccount,
			verification: tables.contactVerification,
			rateLimit: tables.contactRateLimit
		}
	}
} as const;

export type AuthOptions = { db: Db; side: Side; origin: string; secret: string; newId(): string };

/** Makes one side's instance. Sign-up is off: people are made by invitation, seed or set-up only. */
export function createAuth({ db, side, origin, secret, newId }: AuthOptions) {
	const { cookie, people, lifeS, schema } = SIDES[side];
	const isActive = async (userId: string): Promise<boolean> => {
		const [row] = await db
			.select({ active: people.active })
			.from(people)
			.where(eq(people.id, userId as never));
		return row?.active === true;
	};
	const noteSignIn = async (userId: string): Promise<void> => {
		if (side !== 'portal') return;
		const now = new Date();
		await db
			.update(tables.contact)
			.set({ lastSignInAt: now })
			.where(eq(tables.contact.id, userId as never));
	};
	return betterAuth({
		appName: `switchback-${side}`,
		baseURL: origin,
		basePath: '/api/auth',
		secret,
		trustedOrigins: [origin],
		database: drizzleAdapter(db, { provider: 'pg', schema }),
		emailAndPassword: {
			enabled: true,
			disableSignUp: true,
			password: { hash: (password) => hash(password), verify: ({ hash: h, password }) => verify(h, password) }
		},
		session: { expiresIn: lifeS, disableSessionRefresh: true },
		rateLimit: {
			enabled: true,
			storage: 'database',
			window: 60,
			max: 300,
			customRules: { '/sign-in/email': SIGN_IN_RULE }
		},
		databaseHooks: {
			session: {
				create: {
					// A deactivated person keeps a password but gets no session.
					before: async (session) => ((await isActive(session.userId)) ? undefined : false),
					after: async (session) => noteSignIn(session.userId)
				}
			}
		},
		advanced: {
			// The library would put a prefix of its own before ours; every cookie is Secure all the same.
			useSecureCookies: false,
			defaultCookieAttributes: { path: '/', httpOnly: true, secure: true, sameSite: 'lax' },
			ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
			cookies: {
				session_token: { name: cookie }
			},
			// People have columns the library never writes; it makes none itself, so its check would only be in the way.
			database: { generateId: newId, validateSchema: false }
		},
		telemetry: { enabled: false },
		logger: { disabled: true }
	});
}

export type Auth = ReturnType<typeof createAuth>;

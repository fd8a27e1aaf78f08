// Sign-in by the library, once for staff and once for contacts, with tables, cookies and base URL of their own.
// Its HTTP endpoints are never mounted: our forms call its handler, so that rate limit and origin check still apply.
import { hash, verify } from '@node-rs/argon2';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { twoFactor } from 'better-auth/plugins';
import { and, eq } from 'drizzle-orm';
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
		secondFactorCookie: '__Host-agency-second-factor',
		people: tables.staff,
		lifeS: 12 * HOUR_S,
		schema: {
			user: tables.staff,
			session: tables.staffSession,
			account: tables.staffAccount,
			verification: tables.staffVerification,
			twoFactor: tables.staffTwoFactor,
			rateLimit: tables.staffRateLimit
		}
	},
	portal: {
		cookie: '__Host-portal-session',
		secondFactorCookie: '__Host-portal-second-factor',
		people: tables.contact,
		lifeS: 14 * 24 * HOUR_S,
		schema: {
			user: tables.contact,
			session: tables.contactSession,
			account: tables.contactAccount,
			verification: tables.contactVerification,
			twoFactor: tables.contactTwoFactor,
			rateLimit: tables.contactRateLimit
		}
	}
} as const;

export type AuthOptions = { db: Db; side: Side; origin: string; secret: string; newId(): string };

/** What the library asks of, and tells, the rows of our people. */
function peopleOf(db: Db, side: Side) {
	const { people } = SIDES[side];
	// Of a client that is not active nobody has a session: what it would show is closed to them.
	const isOpenClient = async (userId: string): Promise<boolean> => {
		const [row] = await db
			.select({ status: tables.client.status })
			.from(tables.client)
			.innerJoin(tables.contact, eq(tables.contact.clientId, tables.client.id))
			.where(eq(tables.contact.id, userId as never));
		return row?.status === 'active';
	};
	const isActive = async (userId: string): Promise<boolean> => {
		if (side === 'portal' && !(await isOpenClient(userId))) return false;
		const [row] = await db
			.select({ active: people.active })
			.from(people)
			.where(eq(people.id, userId as never));
		return row?.active === true;
	};
	const noteSignIn = async (userId: string, path: string | undefined): Promise<void> => {
		if (side !== 'portal') return;
		const isUser = eq(tables.contact.id, userId as never);
		// With a second factor to come, the password alone is no sign-in yet: the library makes a session and takes it back.
		const isWhole =
			path === '/sign-in/email' ? and(isUser, eq(tables.contact.twoFactorEnabled, false)) : isUser;
		await db.update(tables.contact).set({ lastSignInAt: new Date() }).where(isWhole);
	};
	return { isActive, noteSignIn };
}

/** Makes one side's instance. Sign-up is off: people are made by invitation, seed or set-up only. */
export function createAuth({ db, side, origin, secret, newId }: AuthOptions) {
	const { cookie, secondFactorCookie, lifeS, schema } = SIDES[side];
	const { isActive, noteSignIn } = peopleOf(db, side);
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
		// Backup codes and secrets are kept encrypted; five wrong codes end a sign-in, ten in a row lock for a quarter hour.
		plugins: [
			twoFactor({
				issuer: 'Switchback',
				backupCodeOptions: { amount: 10, length: 10, storeBackupCodes: 'encrypted' }
			})
		],
		databaseHooks: {
			session: {
				create: {
					// A deactivated person keeps a password but gets no session (`closed` in sessions.ts).
					before: async (session) => ((await isActive(session.userId)) ? undefined : false),
					after: async (session, context) => noteSignIn(session.userId, context?.path)
				}
			}
		},
		advanced: {
			// The library would put a prefix of its own before ours; every cookie is Secure all the same.
			useSecureCookies: false,
			defaultCookieAttributes: { path: '/', httpOnly: true, secure: true, sameSite: 'lax' },
			ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
			cookies: {
				session_token: { name: cookie },
				two_factor: { name: secondFactorCookie }
			},
			// People have columns the library never writes; it makes none itself, so its check would only be in the way.
			database: { generateId: newId, validateSchema: false }
		},
		telemetry: { enabled: false },
		logger: { disabled: true }
	});
}

export type Auth = ReturnType<typeof createAuth>;

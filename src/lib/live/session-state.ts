// What a running session is doing, in one word, for the wall. The worst word wins.
import { RISKS, type RiskReason } from '#domain/risk-words.ts';
import type { LiveSession } from '#protocol/session.ts';

export type SessionState = 'frozen' | 'silent' | 'offline' | 'starting' | 'hidden' | 'active' | 'idle';

/** The hub tells of activity in steps of five seconds. */
const ACTIVE_MS = 15_000;

export const STATE_TEXTS: Record<SessionState, string> = {
	frozen: 'Frozen',
	silent: 'Recorder silent',
	offline: 'Offline',
	starting: 'Starting',
	hidden: 'Tab hidden',
	active: 'Active',
	idle: 'Idle'
};

/** The page that is shown of it: the active one, else the last that was. */
export const shownPage = ({ pages, activePageId }: Pick<LiveSession, 'pages' | 'activePageId'>) =>
	pages.find(({ pageId }) => pageId === activePageId) ?? null;

export function sessionState(session: LiveSession, now: number): SessionState {
	if (session.frozen) return 'frozen';
	const page = shownPage(session);
	if (session.recording === 'waiting') return 'starting';
	if (!session.pages.some(({ connected }) => connected)) return 'offline';
	if (session.recording === 'silent') return 'silent';
	if (page && !page.visible) return 'hidden';
	const last = Math.max(0, ...session.pages.map(({ lastActiveAt }) => lastActiveAt));
	return now - last < ACTIVE_MS ? 'active' : 'idle';
}

/** Whoever stands first needs somebody first: asked for help, then the worst state, then the heaviest risk. */
const RANK: Record<SessionState, number> = {
	silent: 5,
	offline: 4,
	frozen: 3,
	active: 2,
	starting: 1,
	hidden: 1,
	idle: 0
};

const riskOf = (risks: readonly RiskReason[] = []): number =>
	risks.reduce((sum, { key }) => sum + RISKS[key].weight, 0);

/** Order of the wall by who needs attention. */
export function byAttention(a: LiveSession, b: LiveSession, now: number): number {
	const hand = Number(Boolean(b.hand)) - Number(Boolean(a.hand));
	const risk = riskOf(b.risks) - riskOf(a.risks);
	const state = RANK[sessionState(b, now)] - RANK[sessionState(a, now)];
	return hand || risk || state || b.startedAt - a.startedAt;
}

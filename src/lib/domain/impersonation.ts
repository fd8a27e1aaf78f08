// What one impersonation may do at this moment, pure: the gate reads the rows and asks here.
import type { Mode } from './modes-and-reasons.ts';
import type { ErrorCode } from './errors.ts';
import type { ActionKind, Sensitivity } from './actions.ts';

export const END_REASONS = {
	switch_back: 'You switched back.',
	limit: 'The time limit was reached.',
	idle: 'Nothing happened for a while.',
	supervisor: 'A supervisor ended it.',
	client: 'The client ended it.',
	lost_right: 'The right to impersonate this client was withdrawn.',
	recorder_silent: 'Nothing was recorded for two minutes.',
	signed_out: 'The staff member signed out of the agency.',
	replaced: 'Another impersonation was started.',
	restarted: 'It was restarted.',
	not_entered: 'It was never entered.'
} as const;
export type EndReason = keyof typeof END_REASONS;

/** What the gate reads about an impersonation, all at one moment of the database's clock. */
export type Standing = {
	ended: boolean;
	/** Past the hard or the idle limit, even when nobody has ended it yet. */
	overdue: boolean;
	frozen: { note: string; by: string } | null;
	/** Name of the supervisor who allows nothing but looking. */
	viewOnlyBy: string | null;
	/** Who steers the page at this moment, with rights of their own: whether they reach this client, and may change things there. */
	steered: { staffId: string; name: string; mayStay: boolean; mayAct: boolean; isOrdered: boolean } | null;
	mode: Mode;
	/** The staff member still holds the rights, scope and session this impersonation rests on. */
	staffMayStay: boolean;
	staffMayAct: boolean;
	/** The agency wants sensitive actions that can be drafted to wait for the client's approval. */
	draftsSensitive: boolean;
	/** The page of this request: its full snapshot is acknowledged and its beat is young enough. */
	pageRecorded: boolean;
};

export type Deed = { kind: ActionKind; sensitivity: Sensitivity; mayDraft: boolean };
export type Verdict = { allowed: true } | { allowed: false; code: ErrorCode; sentence: string };

const no = (code: ErrorCode, sentence: string): Verdict => ({ allowed: false, code, sentence });

/** The effective right to a deed: the contact's own rights are checked apart, this only ever takes away. */
export function mayDoNow(deed: Deed, s: Standing): Verdict {
	if (s.ended || s.overdue || !s.staffMayStay) return no('impersonation_over', 'This impersonation is over.');
	if (deed.sensitivity === 'forbidden')
		return no('forbidden', 'Only the client can do this. It is never possible while impersonating.');
	if (s.frozen) return no('frozen', `Frozen by ${s.frozen.by}: ${s.frozen.note}`);
	const { steered } = s;
	// Attack: a moderator does through somebody else what they may not do themselves.
	if (steered && !steered.mayStay)
		return no(
			'not_allowed',
			`${steered.name} has control and no access to this client, so nothing was done.`
		);
	if (deed.kind === 'disclosure') return { allowed: true };
	if (steered && !steered.mayAct)
		return no('not_allowed', `${steered.name} has control and may not change things here.`);
	if (s.viewOnlyBy !== null)
		return no('view_only', `${s.viewOnlyBy} set this session to View only, so nothing was changed.`);
	if (s.mode === 'view' || !s.staffMayAct)
		return no('view_only', 'You are viewing only, so nothing was changed. Switch to Act to change things.');
	if (!s.pageRecorded)
		return no(
			'no_recorder',
			'This page is not being recorded, so nothing was changed. Wait a moment or reload.'
		);
	if (s.draftsSensitive && deed.mayDraft)
		return no('needs_approval', 'The client approves this first, so it was not done yet.');
	return { allowed: true };
}

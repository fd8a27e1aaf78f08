// The part of the catalogue that is about impersonations themselves: steering, watching, recordings and their review.
// Stored for ever: entries are added, never renamed or removed [H4].
import { agency, BASE, control, SENSITIVE, type ActionEntry } from './action-entry.ts';

export const SUPERVISION_ACTIONS = {
	'impersonation.started': control('Started impersonation', 'impersonate'),
	'impersonation.entered': control('Entered the portal', null),
	'impersonation.mode_changed': control('Changed mode', null),
	'impersonation.frozen': control('Froze impersonation', 'supervise'),
	'impersonation.released': control('Released impersonation', 'supervise'),
	/** Mode View, and no way to Act until it is allowed again. */
	'impersonation.view_forced': control('Set impersonation to View only', 'supervise'),
	'impersonation.act_allowed': control('Allowed Act again', 'supervise'),
	'impersonation.ended': control('Ended impersonation', null),
	/** By the one inside; beginning like this it is the agency's own affair and not told to the client. */
	'impersonation.wrote': control('Wrote to the supervisors', null),
	'impersonation.hand_raised': control('Asked for help', null),
	'impersonation.hand_lowered': control('Took back the call for help', null),
	/** Two-person zones: gone to by the one inside; open and closed as a second person comes and goes, told by the system. */
	'impersonation.zone_entered': control('Went to two-person zone', null),
	'impersonation.zone_unlocked': control('A second person opened two-person zone', null),
	'impersonation.zone_locked': control('Two-person zone closed again', null),
	/** By whoever was inside, once it is over: for colleagues, and for the client where they say so. */
	'impersonation.noted': control('Wrote a closing note', null),
	/** Mails that wait for a receipt; by the system when nobody decided. */
	'mail.released': control('Sent held mail', null),
	'mail.cancelled': control('Cancelled held mail', null),
	'watch.joined': control('Began watching', 'observe'),
	'watch.left': control('Stopped watching', null),
	/** Once for each opening of the live page: it shows moments at which who watches was not there. */
	'watch.looked_back': control('Looked back in the session', 'observe'),
	'watch.wrote': control('Wrote to the staff member', 'assist'),
	'watch.answered': control('Answered the call for help', 'assist'),
	/**
	 * One row for each stretch of it; what was drawn, and where, is among its details. The right is asked at each movement: the row
	 * tells what was shown, and must not be lost with a right that went since.
	 */
	'watch.pointed': control('Pointed at the screen', null),
	'watch.drew': control('Drew on the screen', null),
	/** Control: asked for and given back by a moderator, or by the system when they are gone; the answers are the one's inside. */
	'control.asked': control('Asked for control', 'supervise'),
	'control.released': control('Gave control back', null),
	/** One row for each stretch of orders: kinds and answers of the page, never what was typed. As with drawing, no right is asked again. */
	'control.steered': control('Steered the page', null),
	'impersonation.control_given': control('Gave control', null),
	'impersonation.control_declined': control('Declined to give control', null),
	'impersonation.control_taken': control('Took control back', null),
	'recording.replayed': control('Replayed recording', 'review'),
	/** The words that were searched for are its details: what somebody looked for tells as much as what they found. */
	'recordings.searched': agency('Searched what was seen in recordings', 'review', { kind: 'disclosure' }),
	/** By whoever runs the server: the command asks for no sign-in. */
	'recording.exported': agency('Exported recording', 'review', { kind: 'disclosure', bySystem: true }),
	/** The reason, and the SHA-256 of what was handed out, are its details. */
	'evidence.exported': agency('Exported evidence pack of recording', 'evidence', {
		kind: 'disclosure',
		bySystem: true
	}),
	'recording.erased': agency('Erased recording', 'erase', SENSITIVE),
	/** Many at once: each that goes is a row of its own. */
	'recordings.erasure_asked': agency('Asked to erase recordings', 'erase', SENSITIVE),
	/** By the program where whoever asked lost the right meanwhile. */
	'recordings.erasure_stopped': agency('Stopped erasing recordings', 'erase', { bySystem: true }),
	/** Its days were over: what went is told by a hash among its details. */
	'recording.expired': { ...BASE, title: 'Removed recording past its days', element: null, bySystem: true },
	/** What is kept beside recordings, by the program; how much of it is among the details. */
	'recordings.records_expired': {
		...BASE,
		title: 'Removed records past their days',
		element: null,
		bySystem: true
	},
	'recording.unmasked': control('Unmasked personal data in recording', 'unmask'),
	'recording.commented': control('Commented on recording', 'review'),
	'recording.comment_removed': control('Removed comment on recording', 'review'),
	'recording.bookmarked': control('Bookmarked recording', 'review'),
	'recording.bookmark_removed': control('Removed bookmark of recording', 'review'),
	'recording.held': control('Put recording on hold', 'erase'),
	'recording.hold_released': control('Released hold of recording', 'erase'),
	'review.assigned': control('Assigned review of recording', 'review'),
	'review.decided': control('Judged recording', 'review'),
	/** By the system: what overseers are alerted to. Whom it is about is among its details. */
	'alert.raised': control('Raised alert', null),
	/** The right to these, either of two permissions, is asked by the use case within the change. */
	'alert.settled': control('Saw to alert', null),
	'alert.reopened': control('Opened alert again', null),
	'alert.rules_changed': agency('Changed alert rules', 'policy.manage', SENSITIVE),
	'review.rules_changed': agency('Changed review rules', 'policy.manage', SENSITIVE)
} as const satisfies Record<string, ActionEntry>;

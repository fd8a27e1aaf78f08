// What became of a holder's deed, in words; nothing where it was done, since the screen shows it.
import type { ControlAnswer } from '#protocol/control.ts';
import type { Refusal } from '#protocol/refusals.ts';

const ANSWERS: Record<Exclude<ControlAnswer, 'done'>, string> = {
	stale: 'The page changed before your click arrived. Look again and repeat it.',
	gone: 'That is not on the page any more.',
	covered: 'Something else lies over it now.',
	blocked: 'This part belongs to the person inside: control does not reach it.',
	secret: 'Passwords and other secrets are typed by the person inside only.',
	personal: 'This is masked as personal data: control does not reach it.',
	file: 'Files are chosen by the person inside only.',
	nowhere: 'Nothing there takes this. Click a field first.',
	over: 'You do not have control any more.',
	unreachable: 'Their page does not answer right now. Try again.'
};

const REFUSALS: Partial<Record<Refusal, string>> = {
	not_allowed: 'You do not have control any more.',
	impersonation_over: 'The session is over.',
	wrong_page: 'That page is closed by now.',
	too_fast: 'That was too fast, so part of it was left out.',
	malformed: 'That is too long to be typed at once.'
};

/** Null where all is well. */
export const wordsOf = (
	reply: { ok: true; answer: ControlAnswer } | { ok: false; refusal: Refusal } | null
): string | null => {
	if (reply === null) return ANSWERS.unreachable;
	if (!reply.ok) return REFUSALS[reply.refusal] ?? ANSWERS.unreachable;
	return reply.answer === 'done' ? null : ANSWERS[reply.answer];
};

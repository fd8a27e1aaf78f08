import type { ServiceDraft } from '#domain/service-draft.ts';

type Answer = { draft?: ServiceDraft; issues?: Record<string, string> } | null | undefined;

/** What an editor shows of a form's answer: the draft it sent back, and its faults. */
export const answered = (form: unknown, stored: ServiceDraft) => {
	const answer = form as Answer;
	return { draft: answer?.draft ?? stored, issues: answer?.issues ?? {} };
};

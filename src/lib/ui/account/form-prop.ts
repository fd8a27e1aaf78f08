import type { Component, Snippet } from 'svelte';

/**
 * The form of the side that a part of the account stands on: in the portal it carries the page's ticket, on the agency's
 * side it does not. Both take the same.
 */
export type AccountForm = Component<{
	action: string;
	name?: string;
	label?: string;
	class?: string;
	children: Snippet<[{ busy: boolean }]>;
}>;

/** What a form's last answer was, when it was about the form of this name. */
export type Answered = { issues: Record<string, string>; values: Record<string, string> };

export const answerOf = (form: unknown, name: string): Answered | null => {
	if (typeof form !== 'object' || form === null || !('issues' in form) || !('values' in form)) return null;
	const answer = form as Answered;
	return answer.values['form'] === name ? answer : null;
};

/** A part of a successful answer, such as codes that are shown once. */
export const partOf = <T>(form: unknown, part: string): T | null =>
	typeof form === 'object' && form !== null && part in form
		? ((form as Record<string, unknown>)[part] as T)
		: null;

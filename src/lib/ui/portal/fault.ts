/** What a form action answers when it did not do what was asked (see src/lib/web/guard.ts). */
export type Fault = {
	issues: Record<string, string>;
	values: Record<string, string>;
	refusal?: string;
	sentence?: string;
};

const REFUSALS: ReadonlySet<string> = new Set([
	'view_only',
	'frozen',
	'forbidden',
	'not_allowed',
	'no_recorder',
	'second_person',
	'wrong_page'
]);

/** True for an attempt that was not allowed, as against input that was wrong. */
export const isRefusal = (fault: Fault | null | undefined): boolean => REFUSALS.has(fault?.refusal ?? '');

/** The fault, when it is about the form of this name (its hidden field `form`). */
export const faultOf = (fault: Fault | null | undefined, form: string): Fault | null =>
	fault && fault.values['form'] === form ? fault : null;

/**
 * What stands above the form: a sentence of no field, and with `shown` also one of a field that is not on the page, which
 * nobody would read otherwise.
 */
export function generalOf(
	fault: Pick<Fault, 'issues'> | null | undefined,
	shown?: readonly string[]
): string | undefined {
	if (!fault) return undefined;
	const unshown = shown && Object.keys(fault.issues).find((field) => !shown.includes(field));
	return fault.issues[''] ?? (unshown && fault.issues[unshown]);
}

// What a form of the agency's pages shows of its last answer. A page may have several forms; each names itself.
import type { FormFault } from '#web/guard.ts';

export type Fault = Pick<FormFault, 'issues' | 'values' | 'sentence'>;

/** The fault of the form of this name, if the page's last answer was one. */
export function faultOf(form: unknown, name: string): Fault | null {
	if (typeof form !== 'object' || form === null || !('issues' in form)) return null;
	const fault = form as Fault;
	return (fault.values['form'] ?? '') === name ? fault : null;
}

/** What was typed before the fault, else what is stored. */
export const typed = (fault: Fault | null, field: string, stored: string | null = ''): string =>
	fault?.values[field] ?? stored ?? '';

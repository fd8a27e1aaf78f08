// What the steps of an order answer, alike on both sides.
import { fail } from '@sveltejs/kit';
import type { FormFault } from './guard.ts';

/** A form that is not filled in yet, or null when its review can be shown. */
export function reviewFault(review: { issues: Record<string, string> }, values: Record<string, string>) {
	if (Object.keys(review.issues).length === 0) return null;
	return fail<FormFault>(400, { issues: review.issues, values });
}

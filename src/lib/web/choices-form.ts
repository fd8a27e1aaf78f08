// What the table of portal elements sends: `show:tasks.create` and `edit:tasks.due_date`, each with its choice. Its reset
// buttons post the whole form and name the element, or `all`.
import { elementKeys, type ElementKey } from '#domain/portal-elements.ts';
import type { ElementChoice } from '#domain/portal-setup.ts';

/** Undefined is inherited; anything that is not one of these is so too. */
const HIDDEN: Record<string, boolean> = { show: false, hide: true };
const READONLY: Record<string, boolean> = { edit: false, read: true };

const meant = (table: Record<string, boolean>, text: string | undefined): boolean | undefined =>
	text !== undefined && Object.hasOwn(table, text) ? table[text] : undefined;

/** Only elements that are in the form: what was added since the page was opened stays as it is. */
export function choicesOf(
	values: Readonly<Record<string, string>>
): Partial<Record<ElementKey, ElementChoice>> {
	const { reset } = values;
	const choices: Partial<Record<ElementKey, ElementChoice>> = {};
	for (const key of elementKeys()) {
		const [show, edit] = [values[`show:${key}`], values[`edit:${key}`]];
		if (reset === 'all' || reset === key) choices[key] = {};
		else if (show !== undefined || edit !== undefined) {
			const hidden = meant(HIDDEN, show);
			const readonly = meant(READONLY, edit);
			choices[key] = {
				...(hidden !== undefined && { hidden }),
				...(readonly !== undefined && { readonly })
			};
		}
	}
	return choices;
}

// What the pages of portal set-up send, checked. Names end up in sidebars, logs and mails of other people.
import { z } from 'zod';
import { ICONS, type IconName } from '#domain/icons.ts';
import { MAX_LABEL } from '#domain/menu.ts';
import { isElement } from '#domain/portal-elements.ts';
import type { ElementChoice } from '#domain/portal-setup.ts';

/** A menu longer than this is none of ours. */
const MAX_ENTRIES = 100;

/** Attack: control and direction marks make a name read as another one, or reverse what follows it. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

export const labelInput = z
	.string()
	.trim()
	.max(MAX_LABEL, `Keep names under ${MAX_LABEL} characters.`)
	.refine((text) => !UNSEEN.test(text), 'This name has characters that cannot be seen. Type it anew.');

const icons = Object.keys(ICONS) as [IconName, ...IconName[]];

export const entriesInput = z
	.array(
		z.object({
			key: z.string().max(60),
			label: labelInput,
			icon: z.union([z.enum(icons), z.literal('')], 'Choose an icon from the list.'),
			hidden: z.boolean()
		})
	)
	.max(MAX_ENTRIES, 'A menu has no more than 100 entries.');

/** By element. A key that is no element says nothing, and is let go rather than kept. */
export const choicesInput = z
	.record(z.string(), z.object({ hidden: z.boolean().optional(), readonly: z.boolean().optional() }).strict())
	.transform(
		(record) =>
			Object.fromEntries(Object.entries(record).filter(([key]) => isElement(key))) as Record<
				string,
				ElementChoice
			>
	);

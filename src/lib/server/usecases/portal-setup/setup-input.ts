// What the pages of portal set-up send, checked. Names end up in sidebars, logs and mails of other people.
import { z } from 'zod';
import { ICONS, type IconName } from '#domain/icons.ts';
import { MAX_LABEL } from '#domain/menu.ts';
import { isElement } from '#domain/portal-elements.ts';
import type { ElementChoice } from '#domain/portal-setup.ts';
import { plainLine } from '../settings/plain-line.ts';

/** A menu longer than this is none of ours. */
const MAX_ENTRIES = 100;

export const labelInput = plainLine('names', MAX_LABEL);

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

// What an announcement says, to whom and from when to when.
import { z } from 'zod';
import { plainLine, plainText } from './plain-line.ts';

const day = z
	.union([z.literal(''), z.iso.date('Choose a day, or leave it empty.')], 'Choose a day, or leave it empty.')
	.default('')
	.transform((text) => text || null);

/** Days are whole days of UTC: an announcement has no hour, and its readers have many zones. */
export const announcementInput = z
	.object({
		title: plainLine('the title', 120).min(1, 'Give the announcement a title.'),
		body: plainText('the text', 4_000),
		/** The name of one client; empty: all of them. */
		client: plainLine('the client', 200).default(''),
		from: day,
		until: day
	})
	.refine((input) => !input.from || !input.until || input.until >= input.from, {
		path: ['until'],
		message: 'The last day is before the first one.'
	});
export type AnnouncementInput = z.infer<typeof announcementInput>;

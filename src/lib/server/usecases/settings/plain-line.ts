// Short text that other people read in menus, mails and documents.
import { z } from 'zod';

/** Attack: control and direction marks make a text read as another one, or reverse what follows it. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** One line. @param what as a sentence calls it: "the name" */
export const plainLine = (what: string, max: number) =>
	z
		.string()
		.trim()
		.max(max, `Keep ${what} under ${max} characters.`)
		.refine((text) => !UNSEEN.test(text), `Type ${what} anew: it has characters that cannot be seen.`);

/** Several lines: as `plainLine`, with line breaks and tabs. */
export const plainText = (what: string, max: number) =>
	z
		.string()
		.trim()
		.transform((text) => text.replaceAll(/\r\n?/g, '\n'))
		.pipe(
			z
				.string()
				.max(max, `Keep ${what} under ${max.toLocaleString('en-US')} characters.`)
				.refine(
					(text) => !UNSEEN.test(text.replaceAll(/[\n\t]/g, ' ')),
					`Type ${what} anew: it has characters that cannot be seen.`
				)
		);

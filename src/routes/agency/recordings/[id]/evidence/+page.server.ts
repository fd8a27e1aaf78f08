import { ERROR_CODES, type ErrorCode } from '#domain/errors.ts';
import { loading, requireStaff } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

/** Of the pack that was not made, by its code: text out of an address is nobody's word. */
const SENTENCES: Partial<Record<ErrorCode, string>> = {
	invalid: 'Say what the pack is for, in 5 to 300 characters. No pack was made.',
	conflict:
		'It still runs, a part of it is damaged, or what is stored does not prove itself. No pack was made.',
	try_later:
		'A part of it is not sealed yet, or other packs are being made. Try it again in a minute. No pack was made.',
	too_large: 'It is too large for one pack. Whoever runs the server can export it as it is stored.',
	not_found: 'A part of this recording is not there any more. No pack was made.'
};

const isCode = (text: string | null): text is ErrorCode =>
	text !== null && (ERROR_CODES as readonly string[]).includes(text);

export const load: PageServerLoad = async (event) => {
	const { actor } = requireStaff(event, 'evidence');
	const refused = event.url.searchParams.get('refused');
	return loading(async () => ({
		evidence: await event.locals.app.evidence.read(actor, event.params.id),
		refusal: isCode(refused) ? (SENTENCES[refused] ?? 'No pack was made. Try it again.') : null
	}));
};

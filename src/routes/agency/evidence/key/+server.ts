import { text, type RequestHandler } from '@sveltejs/kit';

/**
 * The key that signs evidence packs and the heads of the log, where whoever was given a pack finds it without an account: a court, a
 * client. It is no secret. Attack: a pack that names a key of its own; this address is the agency's, which nobody else can answer for.
 */
export const GET: RequestHandler = ({ locals }) => {
	const { pem, fingerprint } = locals.app.evidence.publicKey;
	// Whatever reads PEM files reads over what stands before the first line of dashes.
	return text(`Signs Switchback evidence packs. SHA-256 of the key: ${fingerprint}\n${pem}`, {
		headers: {
			'content-disposition': 'attachment; filename="key.pem"',
			'cache-control': 'no-cache',
			'x-content-type-options': 'nosniff'
		}
	});
};

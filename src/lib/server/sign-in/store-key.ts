// The key under which recorded pages keep their copies in the browser. Derived, so that no store holds it and any process
// says the same [R14].
import { createHmac } from 'node:crypto';

/** Base64 of 32 bytes for an impersonation: HMAC-SHA-256 under a key derived for this use alone. */
export function createStoreKeys(secret: string): (impersonationId: string) => string {
	const key = createHmac('sha256', secret).update('switchback.store-key.1').digest();
	return (impersonationId) => createHmac('sha256', key).update(impersonationId).digest('base64');
}

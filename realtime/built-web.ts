// The web as it was built: adapter-node's handler. Its settings are read from the environment when it is imported.
import { pathToFileURL } from 'node:url';
import { ADDRESS_HEADER } from '#server/sign-in/auth.ts';
import { PROTOCOL_HEADER, type WebHandler } from './http-server.ts';

/** Largest request body: an upload of 100 MB with its form around it. Smaller limits stand at their use cases. */
const MAX_BODY = '105M';

/** Imports the bundle. Call after the application was handed over. */
export async function openBuiltWeb(): Promise<{ handle: WebHandler; close(): Promise<void> }> {
	Object.assign(process.env, {
		PROTOCOL_HEADER,
		ADDRESS_HEADER,
		BODY_SIZE_LIMIT: MAX_BODY
	});
	const file = pathToFileURL('build/handler.js').href;
	const { handler } = (await import(file)) as { handler: WebHandler };
	return { handle: handler, close: () => Promise.resolve() };
}

// Use cases of notices and mails.
import type { Parts } from './parts.ts';

export const composeNotices = (_parts: Parts) => ({
	spread: async (_seq: string): Promise<void> => {},
	sendMail: async (_mailId: string): Promise<void> => {},
	mailOwners: async (): Promise<void> => {}
});

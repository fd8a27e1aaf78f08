// Sends one mail. Not in it: what is written in it, whom it may reach, and trying again.

export type OutgoingMail = {
	/** Without angle brackets; the same for each try, so that a receiver shows a mail that was sent twice once. */
	messageId: string;
	/** Shown as the sender; the address behind it is the installation's own. */
	fromName: string;
	/** One address, never a list. */
	to: string;
	subject: string;
	text: string;
	html: string;
};

export interface Mailer {
	/**
	 * Resolves when the next server took it, or when it is kept.
	 * @throws Error whose message an admin can act on
	 */
	send(mail: OutgoingMail): Promise<void>;
	/** Removes what is kept here of a mail that was sent; what was handed on is its receiver's. Twice is once. */
	forget(messageId: string): Promise<void>;
	close(): Promise<void>;
}

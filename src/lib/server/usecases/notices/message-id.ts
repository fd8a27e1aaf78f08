/** Of a mail, the same for each try; without angle brackets. */
export const messageIdOf = (mailId: string, portalOrigin: string): string =>
	`${mailId}@${new URL(portalOrigin).hostname}`;

// How a mail of ours becomes what nodemailer writes. Both mailers use it, so that both write the same bytes.
import type { SendMailOptions } from 'nodemailer';
import type { OutgoingMail } from '#server/ports/mailer.ts';

/**
 * Addresses go in as objects: given as text they would be parsed as a list, and a name with a comma, or an address with
 * a second one behind it, would send the mail to somebody else.
 */
export const composeMail = (mail: OutgoingMail, fromAddress: string): SendMailOptions => ({
	messageId: `<${mail.messageId}>`,
	from: { name: mail.fromName, address: fromAddress },
	to: { name: '', address: mail.to },
	subject: mail.subject,
	text: mail.text,
	html: mail.html,
	// Not a person: no holiday answers, please (RFC 3834).
	headers: { 'Auto-Submitted': 'auto-generated' },
	// Attack: a text that names a file or an address must never make the server read it into the mail.
	disableFileAccess: true,
	disableUrlAccess: true
});

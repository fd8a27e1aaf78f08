import { z } from 'zod';
import { noteInput } from '#server/usecases/receipt/write-note.ts';
import { formAction, loading, requireStaff } from '#web/guard.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const named = ({ params }: Pick<RequestEvent, 'params'>) => ({
	clientId: params.id,
	id: params.impersonationId
});

export const load: PageServerLoad = async (event) => {
	const { actor, permissions } = requireStaff(event, 'clients.read');
	return loading(async () => ({
		receipt: await event.locals.app.receipt.read(actor, named(event)),
		may: { replay: permissions.has('review') }
	}));
};

/** A number of the log. */
const deedInput = z.object({ seq: z.string().max(20) });

const ALL = 'all';
const mailInput = z.object({ mail: z.string().max(36) });

export const actions: Actions = {
	note: formAction(noteInput, async (event: RequestEvent, input) => {
		const { actor } = requireStaff(event);
		const { app, origin } = event.locals;
		await app.receipt.writeNote(actor, { ...input, ...named(event) }, origin);
		return { noted: true as const };
	}),
	send: formAction(mailInput, async (event: RequestEvent, { mail }) => {
		const { actor } = requireStaff(event);
		const { app, origin } = event.locals;
		if (mail === ALL) await app.receipt.sendAllMails(actor, named(event), origin);
		else await app.receipt.sendMail(actor, { mailId: mail, ...named(event) }, origin);
		return { sent: mail };
	}),
	cancel: formAction(mailInput, async (event: RequestEvent, { mail }) => {
		const { actor } = requireStaff(event);
		const { app, origin } = event.locals;
		await app.receipt.cancelMail(actor, { mailId: mail, ...named(event) }, origin);
		return { cancelled: mail };
	}),
	undo: formAction(deedInput, async (event: RequestEvent, { seq }) => {
		const { actor } = requireStaff(event);
		const { app, origin } = event.locals;
		await app.receipt.undo(actor, { seq, ...named(event) }, origin);
		return { undone: seq };
	})
};

// A form action that may carry a file: the right first, then the bytes, then the fields, then the change.
import type { Readable } from 'node:stream';
import { fail, type ActionFailure, type RequestEvent } from '@sveltejs/kit';
import type { z } from 'zod';
import type { ActionName } from '#domain/actions.ts';
import type { Actor } from '#domain/actor.ts';
import { isAppError } from '#domain/errors.ts';
import { isUuid, type ClientId } from '#domain/ids.ts';
import type { Permission } from '#domain/permissions.ts';
import type { ElementKey } from '#domain/portal-elements.ts';
import type { StagedFile } from '#server/usecases/files/stage-file.ts';
import { failWith, requirePortal, requireStaff, type FormFault } from '#web/guard.ts';
import { receiveFields, receiveForm } from './receive-form.ts';

type Work<E, I> = (event: E, input: I, file: StagedFile | null) => Promise<void>;

function issuesOf(error: z.ZodError): Record<string, string> {
	const issues: Record<string, string> = {};
	for (const issue of error.issues) issues[String(issue.path[0] ?? '')] ??= issue.message;
	return issues;
}

const echo = ({ 'page-ticket': _ticket, ...values }: Record<string, string>) => values;

/** Whose upload it is, or Kit's error or redirect. */
type Identify = (event: RequestEvent) => { actor: Actor; clientId?: ClientId };

/** `work` owns the staged file once it is called; before that a fault removes it. */
function receiving<S extends z.ZodType, E extends RequestEvent>(
	{ identify, needs }: { identify: Identify; needs: ActionName },
	schema: S,
	work: Work<E, z.infer<S>>
): (event: E) => Promise<void | ActionFailure<FormFault>> {
	return async (event) => {
		const { actor, ...under } = identify(event);
		const { files } = event.locals.app;
		let values: Record<string, string> = {};
		try {
			await files.requireUpload(actor, { action: needs, ...under }, event.locals.origin);
		} catch (caught) {
			// What was typed goes back with the refusal; where it cannot be read, the refusal alone does.
			if (isAppError(caught)) values = await receiveFields(event.request).catch(() => values);
			return failWith(event, caught, values);
		}
		try {
			const reader = {
				receive: (name: string, stream: Readable) => files.stageFile(actor, name, stream),
				discard: (staged: StagedFile) => files.discardStaged(staged)
			};
			const { file } = await receiveForm(event.request, reader, values);
			const parsed = schema.safeParse(values);
			if (parsed.success) return await work(event, parsed.data, file);
			if (file) await files.discardStaged(file);
			return fail(400, { issues: issuesOf(parsed.error), values: echo(values) });
		} catch (caught) {
			return failWith(event, caught, values);
		}
	};
}

/** In the portal. */
export const uploadAction = <S extends z.ZodType, E extends RequestEvent>(
	on: { area: ElementKey; needs: ActionName },
	schema: S,
	work: Work<E, z.infer<S>>
) =>
	receiving<S, E>(
		{ identify: (event) => ({ actor: requirePortal(event, on.area).actor }), needs: on.needs },
		schema,
		work
	);

/** On the agency's host. */
export const staffUploadAction = <S extends z.ZodType, E extends RequestEvent>(
	on: { permission: Permission; needs: ActionName; clientOf?: (event: RequestEvent) => string },
	schema: S,
	work: Work<E, z.infer<S>>
) =>
	receiving<S, E>(
		{
			identify: (event) => {
				const { actor } = requireStaff(event, on.permission);
				const clientId = on.clientOf?.(event);
				// An id out of an address: text that is none would be an error of the database.
				return clientId && isUuid(clientId) ? { actor, clientId: clientId as ClientId } : { actor };
			},
			needs: on.needs
		},
		schema,
		work
	);

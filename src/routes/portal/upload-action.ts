// A form action that may carry a file: the right first, then the bytes, then the fields, then the change.
import { fail, type ActionFailure, type RequestEvent } from '@sveltejs/kit';
import type { z } from 'zod';
import { isAppError } from '#domain/errors.ts';
import type { ElementKey } from '#domain/portal-elements.ts';
import type { StagedFile } from '#server/usecases/portal/stage-file.ts';
import { failWith, requirePortal, type FormFault } from '#web/guard.ts';
import { receiveFields, receiveForm } from './receive-form.ts';

type Needs = Parameters<App.Locals['app']['portal']['requireUpload']>[1];
type Work<E, I> = (event: E, input: I, file: StagedFile | null) => Promise<void>;

function issuesOf(error: z.ZodError): Record<string, string> {
	const issues: Record<string, string> = {};
	for (const issue of error.issues) issues[String(issue.path[0] ?? '')] ??= issue.message;
	return issues;
}

const echo = ({ 'page-ticket': _ticket, ...values }: Record<string, string>) => values;

/** `work` owns the staged file once it is called; before that a fault removes it. */
export function uploadAction<S extends z.ZodType, E extends RequestEvent>(
	on: { area: ElementKey; needs: Needs },
	schema: S,
	work: Work<E, z.infer<S>>
): (event: E) => Promise<void | ActionFailure<FormFault>> {
	return async (event) => {
		const { actor } = requirePortal(event, on.area);
		const { portal } = event.locals.app;
		let values: Record<string, string> = {};
		try {
			await portal.requireUpload(actor, on.needs, event.locals.origin);
		} catch (caught) {
			// What was typed goes back with the refusal; where it cannot be read, the refusal alone does.
			if (isAppError(caught)) values = await receiveFields(event.request).catch(() => values);
			return failWith(event, caught, values);
		}
		try {
			const { fields, file } = await receiveForm(event.request, {
				receive: (name, stream) => portal.stageFile(actor, name, stream),
				discard: (staged) => portal.discardStaged(staged)
			});
			values = fields;
			const parsed = schema.safeParse(fields);
			if (parsed.success) return await work(event, parsed.data, file);
			if (file) await portal.discardStaged(file);
			return fail(400, { issues: issuesOf(parsed.error), values: echo(values) });
		} catch (caught) {
			return failWith(event, caught, values);
		}
	};
}

// The editor of a service as a form: flat fields in, a judged service or the draft as it was typed out.
import { fail } from '@sveltejs/kit';
import { z } from 'zod';
import { changeRows, draftOf, type ServiceDraft } from '#domain/service-draft.ts';

/** All fields as they were sent; their judge is the use case's own (service-input.ts). */
export const sentFields = z.record(z.string(), z.string());

/** The editor again, with what was typed and what is not right. */
export const draftFault = (draft: ServiceDraft, issues: Record<string, string>) =>
	fail(400, { draft, issues });

/** `?/rows`: the same draft with a row added, taken away or moved. */
export const changedDraft = (sent: Readonly<Record<string, string>>) => ({
	draft: changeRows(draftOf(sent), sent['do'] ?? '')
});

// What loads and actions start with: who asks, may they see this area, and errors turned into answers [E3].
import { error, fail, redirect, type ActionFailure, type RequestEvent } from '@sveltejs/kit';
import type { z } from 'zod';
import { AppError, isAppError, type ErrorCode } from '#domain/errors.ts';
import type { Permission } from '#domain/permissions.ts';
import type { ElementKey } from '#domain/portal-elements.ts';
import { decide } from '#domain/visibility.ts';
import { zoneSentence } from '#domain/zones.ts';
import { HTTP, REFUSAL_HEADER } from './errors.ts';

type Event = Pick<RequestEvent, 'locals' | 'url'> & { isDataRequest?: boolean };

/** The signed-in staff member, or the sign-in page; 403 when the permission is missing. */
export function requireStaff(event: Event, permission?: Permission): NonNullable<App.Locals['staff']> {
	const { staff } = event.locals;
	if (!staff) redirect(303, `/login?next=${encodeURIComponent(event.url.pathname + event.url.search)}`);
	if (permission && !staff.permissions.has(permission))
		error(403, { message: 'Your role does not include this page.', code: 'not_allowed' });
	return staff;
}

/** Whose portal is shown, or the sign-in page; a hidden area or part answers 404, as it does for the client. */
export function requirePortal(event: Event, element: ElementKey): NonNullable<App.Locals['portal']> {
	const { portal } = event.locals;
	if (!portal) redirect(303, '/login');
	const decision = decide(element, portal.view, 'see');
	if (!decision.allowed && decision.needsSecond) {
		// Data is answered with the refusal inside: Kit's client reads no other status.
		if (!event.isDataRequest) event.locals.refusal = 'second_person';
		error(403, { message: zoneSentence(decision.needsSecond), code: 'second_person' });
	}
	if (!decision.allowed) error(404, { message: 'There is no such page.', code: 'not_found' });
	return portal;
}

/** Names the record a load shows; its view is written with it before the answer leaves. */
export function showed(event: Event, type: string, id: string, label: string): void {
	event.locals.subject = { type, id, label };
}

/** Runs a load; expected errors become Kit errors with the right status. */
export async function loading<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (caught) {
		if (isAppError(caught)) error(HTTP[caught.code].status, { message: caught.message, code: caught.code });
		throw caught;
	}
}

export type FormFault = {
	/** By field name; '' holds what belongs to no field. */
	issues: Record<string, string>;
	values: Record<string, string>;
	refusal?: ErrorCode;
	/** For a refusal: what happened and what to do. */
	sentence?: string;
	details?: Record<string, unknown>;
};

/** A form of text fields: the longest is a comment of some pages. Files come another way (receive-form.ts). */
const MAX_FORM_BYTES = 256 * 1024;

/**
 * A form without a file.
 * @throws AppError `too_large`, `invalid`
 */
export async function readForm(request: Request): Promise<FormData> {
	// Attack: the server lets 105 MB through for uploads; without this a stranger's sign-in would hold as much in memory.
	if (Number(request.headers.get('content-length') ?? Infinity) > MAX_FORM_BYTES) {
		// A browser reads no answer before it has sent everything: it is let go as it comes. Broken off is as good.
		request.body?.pipeTo(new WritableStream()).catch(() => undefined);
		throw new AppError(
			'too_large',
			'This form is too large, so nothing was changed. Shorten what you typed.'
		);
	}
	try {
		return await request.formData();
	} catch {
		// Not a form, or a broken one: the caller's fault and no error of ours.
		throw new AppError('invalid', 'The form did not arrive whole, so nothing was changed. Try again.');
	}
}

/** The text fields. PostgreSQL keeps no NUL: with one in it, a text would be an error there and not a fault here. */
const textsOf = (data: FormData): Record<string, string> =>
	Object.fromEntries(
		[...data]
			.filter((entry): entry is [string, string] => typeof entry[1] === 'string')
			.map(([name, value]) => [name, value.replaceAll('\0', '')])
	);

/** Fields that come several times, each as what was chosen: checkboxes of one name. None chosen is an empty list. */
const listsOf = (data: FormData, names: readonly string[]): Record<string, string[]> =>
	Object.fromEntries(
		names.map((name) => [name, data.getAll(name).filter((value) => typeof value === 'string')])
	);

/** Fields that never go back to the page, even after a fault. */
const NEVER_ECHOED = ['password', 'newPassword', 'code', 'page-ticket'];

function faultOf(values: Record<string, string>, rest: Omit<FormFault, 'values'>): FormFault {
	const kept = Object.fromEntries(Object.entries(values).filter(([name]) => !NEVER_ECHOED.includes(name)));
	return { values: kept, ...rest };
}

/** An expected error as the answer of a form action; a refusal marks the response (see src/lib/web/answer.ts). */
export function failWith(
	event: Event,
	caught: unknown,
	values: Record<string, string> = {}
): ActionFailure<FormFault> {
	if (!isAppError(caught)) throw caught;
	const { status, refusal } = HTTP[caught.code];
	if (refusal) event.locals.refusal = caught.code;
	const field = typeof caught.details['field'] === 'string' ? caught.details['field'] : '';
	return fail(
		status,
		faultOf(values, {
			issues: { [field]: caught.message },
			refusal: caught.code,
			sentence: caught.message,
			details: caught.details
		})
	);
}

/** An expected error as the answer of a `+server.ts` endpoint. */
export function answerWith(caught: unknown): Response {
	if (!isAppError(caught)) throw caught;
	const { status, refusal } = HTTP[caught.code];
	const headers = refusal ? { [REFUSAL_HEADER]: refusal } : undefined;
	return Response.json({ code: caught.code, message: caught.message }, { status, headers });
}

/**
 * A form action: reads the form, checks it against the schema, runs the work. Faults name the field and keep what was
 * typed; refusals answer with their status and header. Fields named in `lists` reach the schema as lists of texts.
 */
export function formAction<S extends z.ZodType, T, E extends RequestEvent>(
	schema: S,
	work: (event: E, input: z.infer<S>) => Promise<T>,
	lists: readonly string[] = []
): (event: E) => Promise<T | ActionFailure<FormFault>> {
	return async (event) => {
		let values: Record<string, string>;
		let chosen: Record<string, string[]>;
		try {
			const data = await readForm(event.request);
			values = textsOf(data);
			chosen = listsOf(data, lists);
		} catch (caught) {
			return failWith(event, caught);
		}
		const parsed = schema.safeParse({ ...values, ...chosen });
		if (!parsed.success) {
			const issues: Record<string, string> = {};
			for (const issue of parsed.error.issues) issues[String(issue.path[0] ?? '')] ??= issue.message;
			return fail(400, faultOf(values, { issues }));
		}
		try {
			return await work(event, parsed.data);
		} catch (caught) {
			return failWith(event, caught, values);
		}
	};
}

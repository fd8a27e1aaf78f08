import type { ClientDetails } from '#server/usecases/agency/read-client.ts';

type Contact = ClientDetails['contacts'][number];

/** `usual`: the owner first, who is active before who is not. */
const SORTS = ['name', '-name', 'email', '-email', 'signed-in', '-signed-in'] as const;
export type ContactSort = 'usual' | (typeof SORTS)[number];

export const contactSortOf = (text: string | null): ContactSort =>
	SORTS.find((sort) => sort === text) ?? 'usual';

const BY: Record<string, (a: Contact, b: Contact) => number> = {
	name: (a, b) => a.name.localeCompare(b.name, 'en'),
	email: (a, b) => a.email.localeCompare(b.email, 'en'),
	// Who never signed in was here longest ago.
	'signed-in': (a, b) => (a.lastSignInAt ?? 0) - (b.lastSignInAt ?? 0)
};

/** A page of a client's people. They are all read with the client anyway: the dialog offers each of them. */
export function contactsPage(
	contacts: readonly Contact[],
	{ sort, page, pageSize }: { sort: ContactSort; page: number; pageSize: number }
): { rows: Contact[]; total: number } {
	const by = BY[sort.replace(/^-/, '')];
	const sorted = by
		? contacts.toSorted((a, b) => (sort.startsWith('-') ? by(b, a) : by(a, b)))
		: [...contacts];
	return { rows: sorted.slice((page - 1) * pageSize, page * pageSize), total: contacts.length };
}

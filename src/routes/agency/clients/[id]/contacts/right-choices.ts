import { CONTACT_RIGHTS, type ContactRight } from '#domain/portal-elements.ts';

export const RIGHT_WORDS: Record<ContactRight, { label: string; description: string }> = {
	tasks: { label: 'Tasks', description: 'See and work on tasks' },
	files: { label: 'Files', description: 'See and share files' },
	orders: { label: 'Orders', description: 'See and place orders' },
	billing: { label: 'Billing', description: 'Invoices, subscriptions and amounts' }
};

/** The rights as boxes to tick. */
export const rightChoices = (held: readonly string[]) =>
	CONTACT_RIGHTS.map((right) => ({ value: right, ...RIGHT_WORDS[right], checked: held.includes(right) }));

// What the editor of a menu sends, as entries in their order. Its buttons work without script: each posts the whole form
// and names what it does.
import { z } from 'zod';
import { AppError } from '#domain/errors.ts';
import { isIcon } from '#domain/icons.ts';
import type { ArrangedEntry } from '#domain/menu.ts';

const MAX_KEYS = 100;

function moved(order: string[], move: string | undefined): string[] {
	const [key = '', direction] = move?.split(':') ?? [];
	const from = order.indexOf(key);
	const to = direction === 'up' ? from - 1 : from + 1;
	if (from < 0 || to < 0 || to >= order.length) return order;
	return order.toSpliced(from, 1).toSpliced(to, 0, key);
}

/** An icon that is none of ours is left out: it can only come from a form that was bent. */
export function entriesOf(values: Readonly<Record<string, string>>): ArrangedEntry[] {
	if (values['reset'] === 'all') return [];
	const order = (values['order'] ?? '').split(',').slice(0, MAX_KEYS);
	return moved(order, values['move'])
		.filter((key) => Object.hasOwn(values, `label:${key}`))
		.map((key) => {
			if (key === values['reset']) return { key, label: '', icon: '', hidden: false };
			const icon = values[`icon:${key}`] ?? '';
			return {
				key,
				label: values[`label:${key}`] ?? '',
				icon: isIcon(icon) ? icon : '',
				hidden: !Object.hasOwn(values, `shown:${key}`)
			};
		});
}

/**
 * What the fields were made into, when the schema takes it.
 * @throws AppError `invalid` with the field that is wrong
 */
export function checked<S extends z.ZodType>(
	schema: S,
	input: unknown,
	fieldOf: (path: readonly PropertyKey[]) => string
): z.infer<S> {
	const parsed = schema.safeParse(input);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	throw new AppError('invalid', issue?.message ?? 'This form is not complete.', {
		field: fieldOf(issue?.path ?? [])
	});
}

/** The field of an entry that a schema's path names: `entries, 3, label` is `label:tasks`. */
export const entryField =
	(entries: readonly ArrangedEntry[]) =>
	([, at, name]: readonly PropertyKey[]): string => {
		const entry = entries[Number(at)];
		return entry ? `${String(name)}:${entry.key}` : '';
	};

/** A form of any text fields; which of them count is for whoever reads it. */
export const anyForm = z.record(z.string(), z.string());

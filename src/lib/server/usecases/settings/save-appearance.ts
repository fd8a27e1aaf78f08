// The agency's name and accent colour, as its staff and every client see them.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { checkAccent, parseHex } from '#domain/accent.ts';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { requireReader } from '../agency/require-reader.ts';
import { ifDifferent, Unchanged } from './if-different.ts';
import { plainLine } from './plain-line.ts';

/** An empty accent is the colour we ship. */
export const appearanceInput = z.object({
	name: plainLine('the name', 80).min(1, 'Give your agency a name.'),
	accent: z
		.string()
		.transform((text) => (text.trim() === '' ? null : (parseHex(text) ?? undefined)))
		.refine((hex) => hex !== undefined, 'Type a colour as # and six digits, for example #4f46e5.')
});
export type AppearanceInput = z.infer<typeof appearanceInput>;

export type Appearance = { name: string; accent: string | null; logo: string | null };

/** @throws AppError `not_allowed` without `settings.manage` */
export const readAppearance =
	({ db }: { db: Db }) =>
	async (actor: StaffActor): Promise<Appearance> => {
		await requireReader(db, actor, 'settings.manage');
		const [row] = await db.execute<Appearance>(
			sql`SELECT name, accent, logo_key AS logo FROM agency WHERE id = ${actor.agencyId}`
		);
		if (!row) throw new AppError('not_found', 'There is no such agency.');
		return row;
	};

const THEMES = { light: 'on the light theme', dark: 'on the dark theme' };

function requireReadable(accent: string | null | undefined): string | null {
	if (!accent) return null;
	const check = checkAccent(accent);
	if (check.passes) return accent;
	const where = check.faults.map((theme) => THEMES[theme]).join(' and ');
	throw new AppError(
		'invalid',
		`${accent} is hard to see ${where}. The nearest that is not is ${check.nearest}.`,
		{
			field: 'accent',
			nearest: check.nearest
		}
	);
}

/**
 * @returns whether anything was different
 * @throws AppError `invalid` for a colour that cannot be seen, with the nearest that can; the gate's refusals (logged)
 */
export const saveAppearance =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, input: AppearanceInput, origin: Origin): Promise<boolean> => {
		const accent = requireReadable(input.accent);
		const subject = { type: 'agency', id: actor.agencyId, label: input.name };
		return ifDifferent(act)(actor, { action: 'appearance.changed', subject, origin }, async (tx) => {
			const [before] = await tx.execute<{ name: string; accent: string | null }>(
				sql`SELECT name, accent FROM agency WHERE id = ${actor.agencyId} FOR UPDATE`
			);
			if (before?.name === input.name && before.accent === accent) throw new Unchanged(false);
			await tx.execute(
				sql`UPDATE agency SET name = ${input.name}, accent = ${accent} WHERE id = ${actor.agencyId}`
			);
			return { value: true, details: { before, after: { name: input.name, accent } } };
		});
	};

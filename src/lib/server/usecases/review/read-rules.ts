// What an agency's reviewers want to see, out of its row.
import { sql } from 'drizzle-orm';
import { reviewRulesSchema, type ReviewRules } from '#domain/risk.ts';
import type { Reader } from '#server/db/types.ts';

/** Rules that an earlier release stored, or nobody, are the usual ones. */
export const parseRules = (stored: unknown): ReviewRules => {
	const parsed = reviewRulesSchema.safeParse(stored ?? {});
	return parsed.success ? parsed.data : reviewRulesSchema.parse({});
};

export async function readReviewRules(reader: Reader, agencyId: string): Promise<ReviewRules> {
	const [row] = await reader.execute<{ rules: unknown }>(
		sql`SELECT review_rules AS rules FROM agency WHERE id = ${agencyId}`
	);
	return parseRules(row?.rules);
}

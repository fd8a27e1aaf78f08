// How many days recordings are kept, in SQL.
import { sql } from 'drizzle-orm';

/** Of client `c` of agency `a`: the client's own number, else the agency's, else the installation's. */
export const keptDays = (installationDays: number) =>
	sql`COALESCE(c.recording_days, a.recording_days, ${installationDays}::int)`;

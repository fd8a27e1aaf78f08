// Column kinds shared by the tables. The SQL files in ../migrations are the source; these types follow them.
import { customType, timestamp, uuid } from 'drizzle-orm/pg-core';

export const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
export const id = <T extends string>() => uuid('id').primaryKey().$type<T>();

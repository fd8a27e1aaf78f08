// What rows are made of: functions of chance that are the same on every run, and words for names.
import { YEARS } from './large-scale.ts';

/** Functions of the seeding session alone. */
export const FUNCTIONS = `
	CREATE FUNCTION pg_temp.uid(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
		AS $$ SELECT overlay(overlay(md5(kind || n) PLACING '4' FROM 13) PLACING '8' FROM 17)::uuid $$;
	-- 0..1, the same for the same number, and nothing like its neighbours'.
	CREATE FUNCTION pg_temp.dice(n bigint, salt int) RETURNS float8 LANGUAGE sql IMMUTABLE
		AS $$ SELECT (hashint8extended(n, salt) & 1073741823)::float8 / 1073741824 $$;
	CREATE FUNCTION pg_temp.moment(n bigint, salt int) RETURNS timestamptz LANGUAGE sql STABLE
		AS $$ SELECT now() - pg_temp.dice(n, salt) * interval '${YEARS} years' $$;
	CREATE FUNCTION pg_temp.pick(words text[], n bigint, salt int) RETURNS text LANGUAGE sql IMMUTABLE
		AS $$ SELECT words[1 + floor(pg_temp.dice(n, salt) * cardinality(words))::int] $$;`;

const words = (list: string) => `'{${list.split(' ').join(',')}}'::text[]`;
export const FIRST = words(
	'Amber Birch Cobalt Delta Ember Fern Granite Harbor Indigo Juniper Kestrel Lumen Maple Nova Opal'
);
export const TRADE = words(
	'Bakery Clinic Dental Events Foods Garage Hotels Imports Joinery Kitchens Legal Motors Nursery Optics'
);
export const VERB = words('Review Write Plan Check Update Prepare Fix Design Publish Translate');
export const THING = words('homepage newsletter campaign report invoice photos copy logo calendar contract');

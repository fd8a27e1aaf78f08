// Who asks for control of an impersonation or has it, as everybody live is told; to be selected beside a row `i` of it.
import { sql } from 'drizzle-orm';

/** As `control`: a ControlState, or null. How long it is held is renewed all the time, and is nobody's news. */
export const CONTROL_COLUMN = sql`(SELECT jsonb_build_object('id', o.id, 'state', o.state,
		'by', jsonb_build_object('staffId', o.staff_id, 'name', y.name),
		'until', CASE o.state WHEN 'asked' THEN floor(extract(epoch FROM o.until) * 1000) END)
	FROM control o JOIN staff y ON y.id = o.staff_id
	WHERE o.impersonation_id = i.id AND o.state <> 'over' AND o.until > clock_timestamp()) AS control`;

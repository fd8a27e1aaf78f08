-- What was done inside, and which areas were opened: the list of recordings finds the rare of them by these, and looks the usual up in
-- one stay after the other.
CREATE INDEX action_inside ON action (agency_id, action, impersonation_id) WHERE actor_kind = 'impersonation';
-- The first part of the path (usecases/recordings/recording-filters.ts): "orders" of /orders/17?page=2, nothing of /. Of all views: how
-- often a part is, is known of whole indexes alone.
CREATE INDEX view_by_area ON view (agency_id, (split_part(split_part(split_part(address, '?', 1), '#', 1), '/', 2)), impersonation_id);
-- Else that is not known either, until a tenth of all views are newer than this.
ANALYZE view;

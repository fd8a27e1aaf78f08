-- Orders that lists of the portal can be put in, where a client's own rows may be many.

CREATE INDEX thread_by_subject ON thread (client_id, lower(subject), id);
CREATE INDEX notice_by_category ON notice (contact_id, category, created_at DESC, id) WHERE contact_id IS NOT NULL;

-- What a prepared action costs is read only by who sees such amounts elsewhere: its facts say what they need.
UPDATE draft SET facts = (SELECT jsonb_agg(CASE f ->> 'term'
		WHEN 'Total with tax' THEN f || '{"needs": ["services.prices", "orders.amounts"]}'
		WHEN 'Price' THEN f || '{"needs": ["services.prices"]}'
		ELSE f END ORDER BY n)
	FROM jsonb_array_elements(facts) WITH ORDINALITY AS x (f, n))
WHERE action IN ('order.placed', 'subscription.changed') AND facts <> '[]';

-- Taking recordings out as evidence packs is a permission of its own. The built-in roles that hold every permission hold it; whoever made roles of their own grants it.
UPDATE role SET permissions = permissions || ARRAY['evidence']
	WHERE built_in AND key IN ('super_admin', 'admin') AND NOT 'evidence' = ANY (permissions);

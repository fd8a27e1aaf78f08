-- The built-in roles that hold every permission hold the new one as well; whoever made roles of their own grants it.
UPDATE role SET permissions = permissions || ARRAY['unmask']
	WHERE built_in AND key IN ('super_admin', 'admin') AND NOT 'unmask' = ANY (permissions);

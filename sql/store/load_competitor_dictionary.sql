-- Which competitors are looked for now? Nothing where nobody has listed any.
SELECT version, made_at, what, dictionary
FROM competitor_dictionary
ORDER BY version DESC
LIMIT 1;

-- What is one deal called now, and who owns it now?
SELECT
    deal.name,
    nullif(trim(coalesce(owner.first_name, '') || ' ' || coalesce(owner.last_name, '')), '')
FROM deal
LEFT JOIN owner ON owner.owner_id = deal.owner_id
WHERE deal.record_id = ?1;

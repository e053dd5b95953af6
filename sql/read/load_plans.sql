-- Meetings and tasks in the calendars of the records of the type ?1, deals or contacts: when each was put
-- there and when it is to be. Also those that were cancelled or never done: they were planned until then.
SELECT
    association.to_id AS of_id,
    record.created_at AS made_at,
    activity.at AS due_at
FROM association
INNER JOIN activity
    ON activity.object_type = association.from_type AND activity.record_id = association.from_id
INNER JOIN record
    ON record.object_type = association.from_type AND record.record_id = association.from_id
WHERE association.to_type = ?1
    AND association.from_type IN ('meetings', 'tasks')
    AND record.created_at < activity.at
ORDER BY of_id, made_at, due_at;

-- An owner as HubSpot lists it now, active or not.
INSERT INTO owner (owner_id, user_id, email, first_name, last_name, archived)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (owner_id) DO UPDATE SET
    user_id = coalesce(excluded.user_id, owner.user_id),
    email = excluded.email,
    first_name = excluded.first_name,
    last_name = excluded.last_name,
    archived = excluded.archived;

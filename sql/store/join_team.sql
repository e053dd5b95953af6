-- An owner's membership of a team.
INSERT OR REPLACE INTO owner_team (owner_id, team_id, team_name, is_primary)
VALUES (?1, ?2, ?3, ?4);

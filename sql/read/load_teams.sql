-- Who belongs to which team, main and additional ones alike.
SELECT
    owner_id,
    team_id,
    team_name
FROM owner_team
ORDER BY owner_id, team_id;

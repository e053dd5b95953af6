-- Which snapshots were saved from this machine?
SELECT snapshot_id, portal_id, name, path, taken_at, complete_to
FROM snapshot
ORDER BY taken_at, snapshot_id;

-- What happened around each deal, deal by deal, so that a timeline reads all of it in one pass in the
-- order of the primary key. It says nothing that `association`, `activity` and `record` do not say: the
-- triggers below keep it up with them.
--
-- `known_at` is when it had happened and was on record, whichever came later: what was logged
-- afterwards was not known before. `direction` is 'in', 'out' or NULL for neither or unknown. `opened` and
-- `replied` are HubSpot's counters of an e-mail, without a time of their own. `automatic` tells whether a
-- program or a bulk action made it; NULL where nothing tells.
CREATE TABLE deal_activity (
    deal_id INTEGER NOT NULL,
    object_type TEXT NOT NULL,
    record_id INTEGER NOT NULL,
    happened_at INTEGER NOT NULL,
    known_at INTEGER NOT NULL,
    gone_at INTEGER,
    direction TEXT CHECK (direction IN ('in', 'out')),
    opened INTEGER NOT NULL CHECK (opened IN (0, 1)),
    replied INTEGER NOT NULL CHECK (replied IN (0, 1)),
    automatic INTEGER CHECK (automatic IN (0, 1)),
    PRIMARY KEY (deal_id, object_type, record_id)
) STRICT, WITHOUT ROWID;

-- The rows that belong into it. What has not happened is left out: a task that is not done, a meeting
-- that was cancelled, moved or missed, a call or an e-mail that never went out.
CREATE VIEW activity_around_deal AS
WITH told AS (
    SELECT
        association.to_id AS deal_id,
        association.from_type AS object_type,
        association.from_id AS record_id,
        activity.at,
        activity.direction,
        activity.outcome,
        record.created_at,
        iif(record.archived, coalesce(record.archived_at, record.updated_at), NULL) AS gone_at,
        record.properties ->> '$.hs_task_completion_date' AS done,
        record.properties ->> '$.hs_call_status' AS call_status,
        CAST(record.properties ->> '$.hs_email_open_count' AS INTEGER) AS opens,
        CAST(record.properties ->> '$.hs_email_reply_count' AS INTEGER) AS replies,
        upper(coalesce(
            nullif(record.properties ->> '$.hs_engagement_source', ''),
            record.properties ->> '$.hs_object_source'
        )) AS source
    FROM association
    CROSS JOIN activity
        ON activity.object_type = association.from_type AND activity.record_id = association.from_id
    CROSS JOIN record
        ON record.object_type = association.from_type AND record.record_id = association.from_id
    WHERE association.to_type = 'deals'
        AND association.from_type IN (
            'calls', 'communications', 'emails', 'meetings', 'notes', 'tasks'
        )
), timed AS (
    SELECT
        *,
        CASE
            WHEN object_type = 'tasks' AND outcome IS NOT 'COMPLETED' THEN NULL
            WHEN object_type = 'tasks' AND done GLOB '[0-9]*-*'
                THEN coalesce(CAST(round(unixepoch(done, 'subsec') * 1000) AS INTEGER), at)
            WHEN object_type = 'tasks' AND done GLOB '[0-9]*' THEN CAST(done AS INTEGER)
            WHEN object_type = 'meetings' AND outcome IN (
                'CANCELED', 'CANCELLED', 'NO_SHOW', 'RESCHEDULED'
            ) THEN NULL
            WHEN object_type = 'emails' AND outcome IN (
                'BOUNCED', 'FAILED', 'SCHEDULED', 'SENDING'
            ) THEN NULL
            WHEN object_type = 'calls' AND call_status IN ('CANCELED', 'FAILED', 'QUEUED')
                THEN NULL
            ELSE at
        END AS happened_at
    FROM told
)
SELECT
    deal_id,
    object_type,
    record_id,
    happened_at,
    max(happened_at, coalesce(created_at, happened_at)) AS known_at,
    gone_at,
    CASE
        WHEN direction IN ('INBOUND', 'INCOMING_EMAIL') THEN 'in'
        WHEN direction IN ('OUTBOUND', 'EMAIL', 'FORWARDED_EMAIL') THEN 'out'
    END AS direction,
    coalesce(opens > 0, 0) AS opened,
    coalesce(replies > 0, 0) AS replied,
    CASE
        WHEN source LIKE 'AUTOMATION%' OR source LIKE 'WORKFLOW%' OR source LIKE 'SEQUENCE%'
            OR source LIKE 'BULK%' OR source LIKE 'BATCH%' OR source LIKE 'IMPORT%'
            OR source LIKE 'MARKETING%' OR source LIKE 'BOT%' OR source LIKE 'CHATFLOW%' THEN 1
        WHEN source LIKE 'CRM%' OR source LIKE 'MOBILE%' OR source LIKE 'EXTENSION%'
            OR source LIKE 'GMAIL%' OR source LIKE 'OUTLOOK%' OR source LIKE 'EMAIL%'
            OR source LIKE 'MEETING%' OR source LIKE 'CALLING%' THEN 0
    END AS automatic
FROM timed
WHERE happened_at IS NOT NULL;

CREATE TRIGGER activity_told AFTER INSERT ON activity
BEGIN
    DELETE FROM deal_activity
    WHERE object_type = new.object_type
        AND record_id = new.record_id
        AND deal_id IN (
            SELECT to_id FROM association
            WHERE from_type = new.object_type AND from_id = new.record_id AND to_type = 'deals'
        );
    INSERT OR REPLACE INTO deal_activity
    SELECT * FROM activity_around_deal
    WHERE object_type = new.object_type AND record_id = new.record_id;
END;

-- A record's deletion and return; what else it says comes with its activity.
CREATE TRIGGER activity_gone AFTER UPDATE OF archived, archived_at ON record
WHEN (old.archived, old.archived_at) IS NOT (new.archived, new.archived_at)
    AND new.object_type IN ('calls', 'communications', 'emails', 'meetings', 'notes', 'tasks')
BEGIN
    UPDATE deal_activity
    SET gone_at = iif(new.archived, coalesce(new.archived_at, new.updated_at), NULL)
    WHERE object_type = new.object_type
        AND record_id = new.record_id
        AND deal_id IN (
            SELECT to_id FROM association
            WHERE from_type = new.object_type AND from_id = new.record_id AND to_type = 'deals'
        );
END;

CREATE TRIGGER activity_tied AFTER INSERT ON association
WHEN new.to_type = 'deals'
    AND new.from_type IN ('calls', 'communications', 'emails', 'meetings', 'notes', 'tasks')
BEGIN
    INSERT OR REPLACE INTO deal_activity
    SELECT * FROM activity_around_deal
    WHERE object_type = new.from_type AND record_id = new.from_id AND deal_id = new.to_id;
END;

-- One of several ways in which it belonged to the deal may be left.
CREATE TRIGGER activity_untied AFTER DELETE ON association
WHEN old.to_type = 'deals'
    AND old.from_type IN ('calls', 'communications', 'emails', 'meetings', 'notes', 'tasks')
BEGIN
    DELETE FROM deal_activity
    WHERE deal_id = old.to_id
        AND object_type = old.from_type
        AND record_id = old.from_id
        AND NOT EXISTS (
            SELECT 1 FROM association
            WHERE from_type = old.from_type AND from_id = old.from_id
                AND to_type = 'deals' AND to_id = old.to_id
        );
END;

INSERT OR REPLACE INTO deal_activity
SELECT * FROM activity_around_deal;

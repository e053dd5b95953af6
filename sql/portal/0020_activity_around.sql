-- What happened around records of any type: the view behind `deal_activity` asked about deals alone, and
-- says the same as before. What has not happened is left out: a task that is not done, a meeting that was
-- cancelled, moved or missed, a call or an e-mail that never went out.
DROP VIEW activity_around_deal;

CREATE VIEW activity_around AS
WITH told AS (
    SELECT
        association.to_type AS of_type,
        association.to_id AS of_id,
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
    WHERE association.from_type IN (
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
    of_type,
    of_id,
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

CREATE VIEW activity_around_deal AS
SELECT
    of_id AS deal_id,
    object_type,
    record_id,
    happened_at,
    known_at,
    gone_at,
    direction,
    opened,
    replied,
    automatic
FROM activity_around
WHERE of_type = 'deals';

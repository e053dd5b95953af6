//! Records that HubSpot shows no more, and that are kept for a while: they may be out of sight alone.

use std::collections::BTreeSet;

use crm::{Moment, ObjectType, RecordId};
use jiff::SignedDuration;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::error::StoreError;

const LOAD: &str = include_str!("../../../../sql/store/load_unseen_record.sql");
const COUNT: &str = include_str!("../../../../sql/store/count_unseen.sql");
const LOAD_OUT_OF_SIGHT: &str = include_str!("../../../../sql/store/load_out_of_sight.sql");
const LOAD_LAST_SCOPES: &str = include_str!("../../../../sql/store/load_last_scopes.sql");

/// How long a record is kept that HubSpot shows no more: a request to be erased is to be obeyed within one
/// month (GDPR, article 12(3)).
pub const KEPT_UNSEEN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A record that is out of sight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unseen {
    /// Since when.
    pub since: Moment,
    /// What the token was granted when it still saw it; empty where that is not known.
    pub scopes: BTreeSet<String>,
}

impl Unseen {
    /// Whether the record stays: its time is not over, or the token has lost scopes since it saw it.
    #[must_use]
    pub fn is_kept(&self, granted: &BTreeSet<String>, now: Moment) -> bool {
        have_shrunk(&self.scopes, granted) || now.since(self.since) < KEPT_UNSEEN
    }
}

/// Whether a token has lost scopes. Of one that does not tell its scopes nobody knows.
#[must_use]
pub fn have_shrunk(before: &BTreeSet<String>, now: &BTreeSet<String>) -> bool {
    !now.is_empty() && !before.is_subset(now)
}

/// The records of a type that are out of sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfSight {
    /// How many.
    pub records: u64,
    /// Since when the first of them is.
    pub since: Moment,
    /// When the first of them is purged if it stays so: at the first comparison from then on. `None` where
    /// the token has lost scopes: none of them is then.
    pub purged_from: Option<Moment>,
}

/// Since when a record is out of sight; `None` for one that is not.
///
/// # Errors
/// Failures of the database.
pub fn unseen(
    connection: &Connection,
    object: &ObjectType,
    id: RecordId,
) -> Result<Option<Unseen>, StoreError> {
    let found = connection
        .prepare_cached(LOAD)?
        .query_row(params![object.as_str(), id.get()], |row| {
            Ok((Moment::from_millis(row.get(0)?), row.get(1)?))
        })
        .optional()?;
    found
        .map(|(since, scopes)| {
            let scopes = scopes_of(scopes)?;
            Ok(Unseen { since, scopes })
        })
        .transpose()
}

/// How many live records of a type were out of sight already when `last_run` ended.
///
/// # Errors
/// Failures of the database.
pub fn unseen_before(
    connection: &Connection,
    object: &ObjectType,
    last_run: Option<i64>,
) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached(COUNT)?;
    Ok(statement.query_row(params![object.as_str(), last_run], |row| row.get(0))?)
}

/// What of a type is out of sight, to a token that is granted what the stored one is.
///
/// # Errors
/// Failures of the database.
pub fn out_of_sight(
    connection: &Connection,
    object: &ObjectType,
) -> Result<Option<OutOfSight>, StoreError> {
    let granted = connection
        .query_row("SELECT scopes FROM credential", [], |row| row.get(0))
        .optional()?;
    let granted = scopes_of(granted)?;
    let mut statement = connection.prepare_cached(LOAD_OUT_OF_SIGHT)?;
    let mut rows = statement.query([object.as_str()])?;
    let mut found: Option<OutOfSight> = None;
    while let Some(row) = rows.next()? {
        let since = Moment::from_millis(row.get(1)?);
        let lost = have_shrunk(&scopes_of(row.get(2)?)?, &granted);
        let purged_from = (!lost).then(|| since.plus(KEPT_UNSEEN));
        let all = found.get_or_insert(OutOfSight {
            records: 0,
            since,
            purged_from: None,
        });
        all.records += row.get::<_, u64>(0)?;
        all.since = all.since.min(since);
        all.purged_from = match (all.purged_from, purged_from) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
    Ok(found)
}

/// Takes note that records are out of sight since `at`, unless they have been for longer.
///
/// # Errors
/// Failures of the database.
pub fn note_unseen(
    tx: &Transaction<'_>,
    object: &ObjectType,
    ids: &[RecordId],
    at: Moment,
    last_run: Option<i64>,
) -> Result<(), StoreError> {
    let mut insert = tx.prepare_cached(
        "INSERT OR IGNORE INTO unseen_record (object_type, record_id, since, last_run) \
         VALUES (?1, ?2, ?3, ?4)",
    )?;
    for id in ids {
        insert.execute(params![object.as_str(), id.get(), at.millis(), last_run])?;
    }
    Ok(())
}

/// Takes note that HubSpot told what became of records: they are out of sight no more.
///
/// # Errors
/// Failures of the database.
pub fn seen(
    tx: &Transaction<'_>,
    object: &ObjectType,
    ids: impl IntoIterator<Item = RecordId>,
) -> Result<(), StoreError> {
    let mut delete =
        tx.prepare_cached("DELETE FROM unseen_record WHERE object_type = ?1 AND record_id = ?2")?;
    for id in ids {
        delete.execute(params![object.as_str(), id.get()])?;
    }
    Ok(())
}

/// Keeps what the token was granted in a run.
///
/// # Errors
/// Failures of the database.
pub fn note_scopes(
    tx: &Transaction<'_>,
    run: i64,
    scopes: &BTreeSet<String>,
) -> Result<(), StoreError> {
    let scopes = serde_json::to_string(scopes).map_err(|_| StoreError::BadValue("scopes"))?;
    tx.execute(
        "UPDATE sync_run SET scopes = ?2 WHERE run_id = ?1",
        params![run, scopes],
    )?;
    Ok(())
}

/// The latest run that read everything, and what the token was granted then.
///
/// # Errors
/// Failures of the database.
pub fn last_scopes(connection: &Connection) -> Result<Option<(i64, BTreeSet<String>)>, StoreError> {
    let found = connection
        .query_row(LOAD_LAST_SCOPES, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found
        .map(|(run, scopes)| Ok((run, scopes_of(scopes)?)))
        .transpose()
}

fn scopes_of(text: Option<String>) -> Result<BTreeSet<String>, StoreError> {
    let Some(text) = text else {
        return Ok(BTreeSet::new());
    };
    serde_json::from_str(&text).map_err(|_| StoreError::BadValue("scopes"))
}

//! Records that are no longer live: archived, merged into others, or purged.

use std::collections::BTreeMap;

use crm::{Moment, ObjectType, PropertyValue, RecordId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::error::StoreError;

/// Why a record is archived here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// It lies in HubSpot's recycle bin.
    Archived,
    /// It was merged into another record.
    Merged,
}

/// How long HubSpot keeps what was archived: 90 days, after which nothing can be asked about it.
const RECYCLE_BIN: jiff::SignedDuration = jiff::SignedDuration::from_hours(90 * 24);

/// The properties that tell which ids were merged into a record.
pub const MERGE_TRACES: [&str; 2] = [MERGED_IDS, MERGED_CONTACTS];

/// The property in which a record lists the ids that were merged into it.
const MERGED_IDS: &str = "hs_merged_object_ids";

/// The same of contacts, with times, from older merges. Misses ids, so both are read.
const MERGED_CONTACTS: &str = "hs_calculated_merged_vids";

const BURY: &str = include_str!("../../../../sql/store/bury_record.sql");
const NOTE_MERGE: &str = include_str!("../../../../sql/store/note_merge.sql");
const RESOLVE: &str = include_str!("../../../../sql/store/resolve_record.sql");
const DUE_BY_ASSOCIATION: &str = include_str!("../../../../sql/store/due_by_association.sql");
const LOSERS: &str = include_str!("../../../../sql/store/load_losers.sql");
const PURGE_VERSIONS: &str = include_str!("../../../../sql/store/purge_versions.sql");
const PURGE_CHANGES: &str = include_str!("../../../../sql/store/purge_changes.sql");
const PURGE_SCORES: &str = include_str!("../../../../sql/store/purge_scores.sql");

/// The ids that a record says were merged into it, with their times where it tells.
#[must_use]
pub fn merged_into(
    object: &ObjectType,
    properties: &BTreeMap<String, PropertyValue>,
) -> BTreeMap<RecordId, Option<Moment>> {
    let text = |name: &str| properties.get(name).and_then(PropertyValue::text);
    let mut losers: BTreeMap<RecordId, Option<Moment>> = text(MERGED_IDS)
        .unwrap_or_default()
        .split([';', ','])
        .filter_map(|id| Some((id.trim().parse().ok()?, None)))
        .collect();
    if *object == ObjectType::CONTACTS {
        for pair in text(MERGED_CONTACTS).unwrap_or_default().split(';') {
            let (id, at) = pair.split_once(':').unwrap_or((pair, ""));
            if let Ok(id) = id.trim().parse() {
                let at = at.trim().parse().ok().map(Moment::from_millis);
                losers.insert(id, at);
            }
        }
    }
    losers
}

/// The ids that a record says were merged into it, those first that lead nowhere else yet: among them are
/// the survivors of earlier merges, by way of which the others lead there too.
///
/// # Errors
/// Failures of the database.
pub(crate) fn merges_of(
    connection: &Connection,
    object: &ObjectType,
    properties: &BTreeMap<String, PropertyValue>,
) -> Result<Vec<(RecordId, Option<Moment>)>, StoreError> {
    let (mut ends, mut led) = (Vec::new(), Vec::new());
    for (loser, at) in merged_into(object, properties) {
        if resolve(connection, object, loser)? == loser {
            ends.push((loser, at));
        } else {
            led.push((loser, at));
        }
    }
    ends.append(&mut led);
    Ok(ends)
}

/// The record that an id leads to: itself, or the one it was merged into, however many merges ago.
///
/// # Errors
/// Failures of the database.
pub fn resolve(
    connection: &Connection,
    object: &ObjectType,
    id: RecordId,
) -> Result<RecordId, StoreError> {
    let found = connection
        .prepare_cached(RESOLVE)?
        .query_row(params![object.as_str(), id.get()], |row| row.get(0))?;
    Ok(RecordId::new(found))
}

/// Whether any merge of a type's records is known: in most portals there are none.
pub(crate) fn knows_merges(
    connection: &Connection,
    object: &ObjectType,
) -> Result<bool, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT 1 FROM merged_record WHERE object_type = ?1 LIMIT 1")?;
    Ok(statement.exists([object.as_str()])?)
}

/// Takes note that `loser` was merged into `survivor`: the old id leads to the new one, the record
/// is archived, and its associations go. Those that pointed to it are asked about again.
///
/// # Errors
/// Failures of the database.
pub fn merge_record(
    tx: &Transaction<'_>,
    object: &ObjectType,
    loser: RecordId,
    survivor: RecordId,
    at: Moment,
) -> Result<(), StoreError> {
    // Two records that each claim the other would be followed for ever.
    if loser == survivor || resolve(tx, object, survivor)? == loser {
        return Ok(());
    }
    let of = object.as_str();
    // HubSpot lists every id that ever led to a record. One that came by way of an earlier merge keeps to
    // it: which deal went on as which is told from that.
    if resolve(tx, object, loser)? != survivor {
        tx.prepare_cached(NOTE_MERGE)?.execute(params![
            of,
            loser.get(),
            survivor.get(),
            at.millis()
        ])?;
    }
    bury(tx, object, loser, at, Gone::Merged)?;
    tx.prepare_cached(DUE_BY_ASSOCIATION)?
        .execute(params![of, loser.get()])?;
    remove_associations(tx, object, loser)
}

/// Marks a record archived that is no longer live. What is not stored stays so; since when it is
/// archived is kept where that was known already.
///
/// # Errors
/// Failures of the database.
pub fn bury(
    tx: &Transaction<'_>,
    object: &ObjectType,
    id: RecordId,
    at: Moment,
    why: Gone,
) -> Result<(), StoreError> {
    let why = match why {
        Gone::Archived => "archived",
        Gone::Merged => "merged",
    };
    tx.prepare_cached(BURY)?
        .execute(params![object.as_str(), id.get(), at.millis(), why])?;
    if *object == ObjectType::DEALS {
        tx.prepare_cached("UPDATE deal SET archived = 1 WHERE record_id = ?1")?
            .execute([id.get()])?;
    }
    Ok(())
}

/// Deals with a record that HubSpot has nowhere, neither live nor in its recycle bin: it is purged,
/// unless it is a tombstone older than the recycle bin's memory, which says nothing new. Contacts
/// are purged then as well: what was deleted for privacy must not stay. Tells whether it was purged.
///
/// # Errors
/// Failures of the database.
pub fn vanish(
    tx: &Transaction<'_>,
    object: &ObjectType,
    id: RecordId,
    at: Moment,
) -> Result<bool, StoreError> {
    let archived_at: Option<Option<i64>> = tx
        .prepare_cached(
            "SELECT archived_at FROM record WHERE object_type = ?1 AND record_id = ?2 AND archived = 1",
        )?
        .query_row(params![object.as_str(), id.get()], |row| row.get(0))
        .optional()?;
    let forgotten = archived_at
        .flatten()
        .is_some_and(|since| at.since(Moment::from_millis(since)) > RECYCLE_BIN);
    if forgotten && *object != ObjectType::CONTACTS {
        return Ok(false);
    }
    purge(tx, object, id)?;
    Ok(true)
}

/// Removes everything a record said from every table, and with it those that were merged into it:
/// they were the same person or thing. The journal keeps the ids and the states of what was written
/// to them. The log still holds it until [`crate::PortalStore::checkpoint`].
///
/// # Errors
/// Failures of the database.
pub fn purge(tx: &Transaction<'_>, object: &ObjectType, id: RecordId) -> Result<(), StoreError> {
    let losers: Vec<RecordId> = tx
        .prepare_cached(LOSERS)?
        .query_map(params![object.as_str(), id.get()], |row| {
            row.get(0).map(RecordId::new)
        })?
        .collect::<Result<_, _>>()?;
    for loser in losers {
        purge_one(tx, object, loser)?;
    }
    purge_one(tx, object, id)
}

fn purge_one(tx: &Transaction<'_>, object: &ObjectType, id: RecordId) -> Result<(), StoreError> {
    let (of, number) = (object.as_str(), id.get());
    tx.prepare_cached(PURGE_VERSIONS)?
        .execute(params![of, number])?;
    tx.prepare_cached(PURGE_CHANGES)?
        .execute(params![of, number])?;
    tx.prepare_cached(PURGE_SCORES)?
        .execute(params![of, number])?;
    remove_associations(tx, object, id)?;
    for delete in [
        "DELETE FROM record WHERE object_type = ?1 AND record_id = ?2",
        "DELETE FROM activity WHERE object_type = ?1 AND record_id = ?2",
        "DELETE FROM association_due WHERE object_type = ?1 AND record_id = ?2",
        "DELETE FROM met_record WHERE object_type = ?1 AND record_id = ?2",
        "DELETE FROM unseen_record WHERE object_type = ?1 AND record_id = ?2",
        "DELETE FROM merged_record WHERE object_type = ?1 AND ?2 IN (record_id, survivor_id)",
    ] {
        tx.prepare_cached(delete)?.execute(params![of, number])?;
    }
    if *object == ObjectType::DEALS {
        tx.prepare_cached("DELETE FROM deal WHERE record_id = ?1")?
            .execute([number])?;
    }
    Ok(())
}

fn remove_associations(
    tx: &Transaction<'_>,
    object: &ObjectType,
    id: RecordId,
) -> Result<(), StoreError> {
    for delete in [
        "DELETE FROM association WHERE from_type = ?1 AND from_id = ?2",
        "DELETE FROM association WHERE to_type = ?1 AND to_id = ?2",
    ] {
        tx.prepare_cached(delete)?
            .execute(params![object.as_str(), id.get()])?;
    }
    Ok(())
}

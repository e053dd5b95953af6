//! Records and the versions of their properties.

use std::collections::BTreeMap;

use crm::{Moment, ObjectType, PropertyValue, RecordId, Version};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::error::StoreError;
use crate::{changes, gone, typed};

/// A record as HubSpot told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// Its id.
    pub id: RecordId,
    /// When it was made.
    pub created_at: Option<Moment>,
    /// When it changed last.
    pub updated_at: Option<Moment>,
    /// Whether it lies in the recycle bin.
    pub archived: bool,
    /// Since when it does.
    pub archived_at: Option<Moment>,
    /// The raw text of every property that was asked for. A property that was not asked for has no
    /// key here; the stored set is replaced whole.
    pub properties: BTreeMap<String, PropertyValue>,
    /// Versions by property, in any order.
    pub histories: BTreeMap<String, Vec<Version>>,
}

const UPSERT: &str = include_str!("../../../../sql/store/upsert_record.sql");
const LOAD: &str = include_str!("../../../../sql/store/load_record_state.sql");
const UPSERT_DEAL: &str = include_str!("../../../../sql/store/upsert_deal.sql");
const UPSERT_ACTIVITY: &str = include_str!("../../../../sql/store/upsert_activity.sql");
const APPEND_VERSION: &str = include_str!("../../../../sql/store/append_version.sql");

/// Writes a page of records, read `at` some moment: raw text, typed columns, the versions not known
/// yet, and which ids were merged into them. Doing it twice changes nothing. The cursor of the page
/// belongs into the same transaction.
///
/// # Errors
/// Failures of the database.
pub fn apply_page(
    tx: &Transaction<'_>,
    object_type: &ObjectType,
    rows: &[RecordRow],
    generation: u64,
    at: Moment,
) -> Result<(), StoreError> {
    let mut upsert = tx.prepare_cached(UPSERT)?;
    for row in rows {
        let properties = serde_json::to_string(&row.properties)
            .map_err(|_| StoreError::BadValue("properties"))?;
        upsert.execute(params![
            object_type.as_str(),
            row.id.get(),
            created_at(object_type, row).map(Moment::millis),
            row.updated_at.map(Moment::millis),
            row.archived,
            row.archived_at.map(Moment::millis),
            properties,
            generation,
        ])?;
        append_versions(tx, object_type, row)?;
    }
    if *object_type == ObjectType::DEALS {
        apply_deals(tx, rows)?;
    } else if object_type.is_activity() {
        apply_activities(tx, object_type, rows)?;
    }
    if gone::knows_merges(tx, object_type)? {
        let mut alive = tx.prepare_cached(
            "DELETE FROM merged_record WHERE object_type = ?1 AND record_id = ?2",
        )?;
        for row in rows.iter().filter(|row| !row.archived) {
            alive.execute(params![object_type.as_str(), row.id.get()])?;
        }
    }
    for row in rows {
        for (loser, merged_at) in gone::merges_of(tx, object_type, &row.properties)? {
            let at = merged_at.or(row.updated_at).unwrap_or(at);
            gone::merge_record(tx, object_type, loser, row.id, at)?;
        }
    }
    Ok(())
}

/// Some values of a record that is stored already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordValues {
    /// The record.
    pub id: RecordId,
    /// The raw text of the properties that were asked for; the others stay as they are.
    pub properties: BTreeMap<String, PropertyValue>,
    /// Versions by property, in any order.
    pub histories: BTreeMap<String, Vec<Version>>,
}

/// Writes some properties of records that are stored, without touching the others. Values of
/// records that are not stored are left out.
///
/// # Errors
/// Failures of the database.
pub fn apply_values(
    tx: &Transaction<'_>,
    object_type: &ObjectType,
    rows: &[RecordValues],
) -> Result<(), StoreError> {
    let mut load = tx.prepare_cached(LOAD)?;
    for values in rows {
        let stored = load
            .query_row(params![object_type.as_str(), values.id.get()], |row| {
                let moment = |column| -> rusqlite::Result<Option<Moment>> {
                    Ok(row.get::<_, Option<i64>>(column)?.map(Moment::from_millis))
                };
                let row = RecordRow {
                    id: values.id,
                    created_at: moment(0)?,
                    updated_at: moment(1)?,
                    archived: row.get(2)?,
                    archived_at: moment(3)?,
                    properties: BTreeMap::new(),
                    histories: values.histories.clone(),
                };
                Ok(row)
            })
            .optional()?;
        let Some(mut row) = stored else { continue };
        let known = changes::known_records(tx, object_type, &[values.id])?;
        row.properties = known
            .into_values()
            .flat_map(|known| known.properties)
            .collect();
        row.properties.extend(values.properties.clone());
        let properties = serde_json::to_string(&row.properties)
            .map_err(|_| StoreError::BadValue("properties"))?;
        tx.prepare_cached(
            "UPDATE record SET properties = ?3 WHERE object_type = ?1 AND record_id = ?2",
        )?
        .execute(params![object_type.as_str(), row.id.get(), properties])?;
        append_versions(tx, object_type, &row)?;
        if *object_type == ObjectType::DEALS {
            apply_deals(tx, &[row])?;
        } else if object_type.is_activity() {
            apply_activities(tx, object_type, &[row])?;
        }
    }
    Ok(())
}

/// When a record was created, as a search for its type's creation property would find it: people may
/// set the date of the older types, and imports do. Without that property, HubSpot's own date.
#[must_use]
pub fn created_at(object_type: &ObjectType, row: &RecordRow) -> Option<Moment> {
    typed::moment(&row.properties, object_type.created_property())
        .map(Moment::from_millis)
        .or(row.created_at)
}

fn append_versions(
    tx: &Transaction<'_>,
    object_type: &ObjectType,
    row: &RecordRow,
) -> Result<(), StoreError> {
    let mut append = tx.prepare_cached(APPEND_VERSION)?;
    for (property, versions) in &row.histories {
        for version in versions {
            append.execute(params![
                object_type.as_str(),
                row.id.get(),
                property,
                version.at.millis(),
                version.value.text().unwrap_or_default(),
                version.source_type,
                version.source_id,
                version.user.map(crm::UserId::get),
            ])?;
        }
    }
    Ok(())
}

fn apply_deals(tx: &Transaction<'_>, rows: &[RecordRow]) -> Result<(), StoreError> {
    let mut upsert = tx.prepare_cached(UPSERT_DEAL)?;
    for row in rows {
        let deal = typed::deal(&row.properties);
        upsert.execute(params![
            row.id.get(),
            deal.name,
            deal.pipeline_id,
            deal.stage_id,
            deal.amount,
            deal.currency,
            deal.home_amount,
            deal.created_at.or(row.created_at.map(Moment::millis)),
            deal.close_at,
            deal.owner_id,
            deal.is_closed,
            deal.is_won,
            row.archived,
        ])?;
    }
    Ok(())
}

fn apply_activities(
    tx: &Transaction<'_>,
    object_type: &ObjectType,
    rows: &[RecordRow],
) -> Result<(), StoreError> {
    let mut upsert = tx.prepare_cached(UPSERT_ACTIVITY)?;
    for row in rows {
        let activity = typed::activity(object_type, &row.properties);
        upsert.execute(params![
            object_type.as_str(),
            row.id.get(),
            activity.at,
            activity.owner_id,
            activity.direction,
            activity.outcome,
        ])?;
    }
    Ok(())
}

/// How many records of a type are stored and not archived.
///
/// # Errors
/// Failures of the database.
pub fn record_count(connection: &Connection, object_type: &ObjectType) -> Result<u64, StoreError> {
    let count = connection.query_row(
        "SELECT count(*) FROM record WHERE object_type = ?1 AND archived = 0",
        [object_type.as_str()],
        |row| row.get(0),
    )?;
    Ok(count)
}

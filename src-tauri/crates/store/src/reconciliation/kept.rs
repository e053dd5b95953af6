//! Keeping what a check found.

use crm::{Moment, ObjectType};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::{
    Explained, MonthLine, ObjectReconciliation, Reconciliation, SampleReconciliation, month_of,
};
use crate::error::StoreError;
use crate::unseen;

const SAVE: &str = include_str!("../../../../../sql/store/save_reconciliation.sql");
const SAVE_OBJECT: &str = include_str!("../../../../../sql/store/save_reconciled_object.sql");
const SAVE_MONTH: &str = include_str!("../../../../../sql/store/save_reconciled_month.sql");
const SAVE_SAMPLE: &str = include_str!("../../../../../sql/store/save_reconciled_sample.sql");
const LOAD: &str = include_str!("../../../../../sql/read/reconciliation.sql");
const LOAD_SAMPLES: &str = include_str!("../../../../../sql/read/reconciliation_samples.sql");

/// Keeps what a check found, in place of what the one before found. A check that came to nothing
/// leaves those findings as they are; one that was not whole leaves the samples.
///
/// # Errors
/// Failures of the database.
pub fn save_reconciliation(
    tx: &Transaction<'_>,
    reconciliation: &Reconciliation,
) -> Result<(), StoreError> {
    tx.execute(
        SAVE,
        params![
            reconciliation.checked_at.millis(),
            reconciliation.since.millis(),
            reconciliation.whole,
            reconciliation.not_checked,
        ],
    )?;
    if reconciliation.not_checked.is_some() {
        return Ok(());
    }
    tx.execute("DELETE FROM reconciled_month", [])?;
    tx.execute("DELETE FROM reconciled_object", [])?;
    for (position, object) in reconciliation.objects.iter().enumerate() {
        tx.prepare_cached(SAVE_OBJECT)?.execute(params![
            object.object.as_str(),
            i64::try_from(position).unwrap_or(i64::MAX),
            object.theirs,
            object.ours,
            object.unplaced,
            object.unavailable,
            object.checked_at.millis(),
        ])?;
        for line in &object.months {
            save_month(tx, &object.object, line)?;
        }
    }
    if reconciliation.whole {
        save_samples(tx, &reconciliation.samples)?;
    }
    Ok(())
}

fn save_month(
    tx: &Transaction<'_>,
    object: &ObjectType,
    line: &MonthLine,
) -> Result<(), StoreError> {
    let month = line
        .month
        .map_or_else(String::new, |month| month.strftime("%Y-%m").to_string());
    tx.prepare_cached(SAVE_MONTH)?.execute(params![
        object.as_str(),
        month,
        line.theirs,
        line.ours,
        line.explained.archived,
        line.explained.merged,
        line.explained.purged,
        line.explained.no_access,
        line.explained.newer,
        line.explained.repaired,
        line.unexplained,
        line.checked_at.millis(),
    ])?;
    Ok(())
}

fn save_samples(tx: &Transaction<'_>, samples: &[SampleReconciliation]) -> Result<(), StoreError> {
    tx.execute("DELETE FROM reconciled_sample", [])?;
    for (position, sample) in samples.iter().enumerate() {
        tx.prepare_cached(SAVE_SAMPLE)?.execute(params![
            sample.object.as_str(),
            sample.to.as_ref().map_or("", ObjectType::as_str),
            i64::try_from(position).unwrap_or(i64::MAX),
            sample.sampled,
            sample.compared,
            sample.missing,
            sample.surplus,
            sample.repaired,
            sample.checked_at.millis(),
        ])?;
    }
    Ok(())
}

/// What the last check found; `None` before the first.
///
/// # Errors
/// Failures of the database; [`StoreError::BadValue`] for a row that this program cannot have
/// written.
pub fn last_reconciliation(connection: &Connection) -> Result<Option<Reconciliation>, StoreError> {
    let head = connection.query_row(
        "SELECT checked_at, since, whole, not_checked FROM reconciliation",
        [],
        |row| {
            Ok(Reconciliation {
                checked_at: Moment::from_millis(row.get(0)?),
                since: Moment::from_millis(row.get(1)?),
                whole: row.get(2)?,
                not_checked: row.get(3)?,
                objects: Vec::new(),
                samples: Vec::new(),
                differences: Vec::new(),
            })
        },
    );
    let Some(mut reconciliation) = head.optional()? else {
        return Ok(None);
    };
    let mut statement = connection.prepare_cached(LOAD)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let object = object_of(row.get(0)?)?;
        let known = reconciliation.objects.last();
        if known.is_none_or(|last| last.object != object) {
            let theirs: Option<u64> = row.get(1)?;
            let out_of_sight = match theirs {
                Some(_) => unseen::out_of_sight(connection, &object)?,
                None => None,
            };
            reconciliation.objects.push(ObjectReconciliation {
                object,
                theirs,
                ours: row.get(2)?,
                months: Vec::new(),
                unplaced: row.get(3)?,
                unavailable: row.get(4)?,
                out_of_sight,
                checked_at: Moment::from_millis(row.get(5)?),
            });
        }
        if let Some(month) = row.get::<_, Option<String>>(6)?
            && let Some(last) = reconciliation.objects.last_mut()
        {
            last.months.push(line_of(row, &month)?);
        }
    }
    reconciliation.samples = samples_of(connection)?;
    Ok(Some(reconciliation))
}

fn line_of(row: &Row<'_>, month: &str) -> Result<MonthLine, StoreError> {
    Ok(MonthLine {
        month: month_of(month)?,
        theirs: row.get(7)?,
        ours: row.get(8)?,
        explained: Explained {
            archived: row.get(9)?,
            merged: row.get(10)?,
            purged: row.get(11)?,
            no_access: row.get(12)?,
            newer: row.get(13)?,
            repaired: row.get(14)?,
        },
        unexplained: row.get(15)?,
        checked_at: Moment::from_millis(row.get(16)?),
    })
}

fn samples_of(connection: &Connection) -> Result<Vec<SampleReconciliation>, StoreError> {
    let mut statement = connection.prepare_cached(LOAD_SAMPLES)?;
    let mut rows = statement.query([])?;
    let mut samples = Vec::new();
    while let Some(row) = rows.next()? {
        let to: String = row.get(1)?;
        samples.push(SampleReconciliation {
            object: object_of(row.get(0)?)?,
            to: if to.is_empty() {
                None
            } else {
                Some(object_of(to)?)
            },
            sampled: row.get(2)?,
            compared: row.get(3)?,
            missing: row.get(4)?,
            surplus: row.get(5)?,
            repaired: row.get(6)?,
            checked_at: Moment::from_millis(row.get(7)?),
        });
    }
    Ok(samples)
}

fn object_of(text: String) -> Result<ObjectType, StoreError> {
    ObjectType::try_from(text).map_err(|_| StoreError::BadValue("object_type"))
}

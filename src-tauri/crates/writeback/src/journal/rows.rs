//! Rows of the journal as types.

use crm::{Moment, ObjectType, RecordId};
use rusqlite::Row;
use rusqlite::types::Type;

use super::{
    Change, ChangeState, Counts, Definition, DefinitionState, PlanHead, PlanId, PlanState,
};

fn unreadable(column: usize) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(
        column,
        Type::Text,
        "not a word of the journal".into(),
    )
}

fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Moment> {
    row.get(column).map(Moment::from_millis)
}

fn maybe_moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Moment>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Moment::from_millis))
}

pub(super) fn head(row: &Row<'_>) -> rusqlite::Result<PlanHead> {
    let object_type: String = row.get(1)?;
    let state: String = row.get(3)?;
    Ok(PlanHead {
        id: PlanId(row.get(0)?),
        object_type: object_type
            .parse::<ObjectType>()
            .map_err(|_| unreadable(1))?,
        property: row.get(2)?,
        state: PlanState::from_text(&state).ok_or_else(|| unreadable(3))?,
        purpose: row.get(4)?,
        as_of: moment(row, 5)?,
        unchanged: row.get(6)?,
        created_at: moment(row, 7)?,
        approved_at: maybe_moment(row, 8)?,
        approved_by: row.get(9)?,
        applied_at: maybe_moment(row, 10)?,
        undoes: row.get::<_, Option<u64>>(11)?.map(PlanId),
        counts: Counts {
            planned: row.get(12)?,
            sending: row.get(13)?,
            confirmed: row.get(14)?,
            failed: row.get(15)?,
            conflict: row.get(16)?,
        },
    })
}

pub(super) fn change(row: &Row<'_>) -> rusqlite::Result<Change> {
    let state: String = row.get(3)?;
    Ok(Change {
        record: RecordId::new(row.get(0)?),
        old: row.get(1)?,
        new: row.get(2)?,
        state: ChangeState::from_text(&state).ok_or_else(|| unreadable(3))?,
        attempts: row.get(4)?,
        reason: row.get(5)?,
    })
}

pub(super) fn definition(row: &Row<'_>) -> rusqlite::Result<Definition> {
    let state: String = row.get(4)?;
    Ok(Definition {
        step: row.get(0)?,
        kind: row.get(1)?,
        name: row.get(2)?,
        wanted: row.get(3)?,
        state: DefinitionState::from_text(&state).ok_or_else(|| unreadable(4))?,
    })
}

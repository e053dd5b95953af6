//! Reading the journal, and the arrows between its states. Every arrow is one durable transaction.

use crm::{Moment, ObjectType, RecordId};
use rusqlite::{Connection, OptionalExtension, params};
use store::{PortalStore, StoreError};

use super::{
    Change, ChangeState, Definition, DefinitionState, Plan, PlanHead, PlanId, PlanState, rows,
};
use crate::WritebackError;

macro_rules! sql {
    ($name:literal) => {
        include_str!(concat!("../../../../../sql/journal/", $name, ".sql"))
    };
}

/// A plan about to be written down.
pub(crate) struct NewPlan {
    pub(crate) object_type: ObjectType,
    pub(crate) property: String,
    pub(crate) purpose: String,
    pub(crate) as_of: Moment,
    pub(crate) unchanged: u32,
    pub(crate) undoes: Option<PlanId>,
    /// (kind, internal name, definition in JSON), in the order of creation.
    pub(crate) definitions: Vec<(&'static str, String, String)>,
    /// (record, old value, new value).
    pub(crate) changes: Vec<(RecordId, Option<String>, String)>,
}

/// Writes a computed plan down.
pub(crate) fn add(store: &PortalStore, plan: &NewPlan, now: Moment) -> Result<PlanId, StoreError> {
    store.write_durable(|tx| {
        tx.execute(
            sql!("add_plan"),
            params![
                plan.object_type.as_str(),
                plan.property,
                plan.purpose,
                plan.as_of.millis(),
                plan.unchanged,
                now.millis(),
                plan.undoes.map(|id| id.0),
            ],
        )?;
        let id = tx.last_insert_rowid();
        let mut add_definition = tx.prepare_cached(sql!("add_definition"))?;
        for (step, (kind, name, wanted)) in plan.definitions.iter().enumerate() {
            add_definition.execute(params![id, step, kind, name, wanted])?;
        }
        let mut add_change = tx.prepare_cached(sql!("add_change"))?;
        for (record, old, new) in &plan.changes {
            add_change.execute(params![id, record.get(), old, new, now.millis()])?;
        }
        Ok(PlanId(id.unsigned_abs()))
    })
}

/// The plans of a portal, newest first.
///
/// # Errors
/// When the journal cannot be read.
pub fn list(store: &PortalStore) -> Result<Vec<PlanHead>, WritebackError> {
    let plans = store.read(|connection| {
        let mut statement = connection.prepare_cached(sql!("plans"))?;
        let rows = statement.query_map([None::<u64>], rows::head)?;
        Ok(rows.collect::<Result<Vec<_>, _>>()?)
    })?;
    Ok(plans)
}

/// One plan, whole.
///
/// # Errors
/// [`WritebackError::UnknownPlan`], or when the journal cannot be read.
pub fn read(store: &PortalStore, id: PlanId) -> Result<Plan, WritebackError> {
    let plan = store.read(|connection| {
        let Some(head) = head(connection, id)? else {
            return Ok(None);
        };
        let mut statement = connection.prepare_cached(sql!("definitions"))?;
        let definitions: Vec<Definition> = statement
            .query_map([id.0], rows::definition)?
            .collect::<Result<_, _>>()?;
        let mut statement = connection.prepare_cached(sql!("changes"))?;
        let changes: Vec<Change> = statement
            .query_map([id.0], rows::change)?
            .collect::<Result<_, _>>()?;
        Ok(Some(Plan {
            head,
            definitions,
            changes,
        }))
    })?;
    plan.ok_or(WritebackError::UnknownPlan(id))
}

fn head(connection: &Connection, id: PlanId) -> Result<Option<PlanHead>, StoreError> {
    let mut statement = connection.prepare_cached(sql!("plans"))?;
    Ok(statement.query_row([id.0], rows::head).optional()?)
}

/// Signs a plan: who and when are kept.
///
/// # Errors
/// [`WritebackError::WrongState`] unless it is planned.
pub fn approve(
    store: &PortalStore,
    id: PlanId,
    who: &str,
    now: Moment,
) -> Result<(), WritebackError> {
    let step = Step {
        approved: Some((now, who)),
        applied_at: None,
        name: "approved",
    };
    move_plan(store, id, PlanState::Planned, PlanState::Approved, &step)
}

/// Puts a plan aside; it can never be approved after that.
///
/// # Errors
/// [`WritebackError::WrongState`] once anything may have been sent.
pub fn discard(store: &PortalStore, id: PlanId) -> Result<(), WritebackError> {
    let step = Step {
        approved: None,
        applied_at: None,
        name: "discarded",
    };
    let from = match read_state(store, id)? {
        PlanState::Approved => PlanState::Approved,
        PlanState::Planned | PlanState::Applying | PlanState::Applied | PlanState::Discarded => {
            PlanState::Planned
        }
    };
    move_plan(store, id, from, PlanState::Discarded, &step)
}

/// What goes with a plan's move to another state.
pub(crate) struct Step<'a> {
    pub(crate) approved: Option<(Moment, &'a str)>,
    pub(crate) applied_at: Option<Moment>,
    /// As a participle, for the error.
    pub(crate) name: &'static str,
}

/// Moves a plan along one arrow, and refuses when it is not at the arrow's tail.
pub(crate) fn move_plan(
    store: &PortalStore,
    id: PlanId,
    from: PlanState,
    to: PlanState,
    step: &Step<'_>,
) -> Result<(), WritebackError> {
    let moved = store.write_durable(|tx| {
        Ok(tx.execute(
            sql!("move_plan"),
            params![
                id.0,
                from.as_str(),
                to.as_str(),
                step.approved.map(|(at, _)| at.millis()),
                step.approved.map(|(_, who)| who),
                step.applied_at.map(Moment::millis),
            ],
        )?)
    })?;
    if moved == 1 {
        return Ok(());
    }
    Err(WritebackError::WrongState {
        plan: id,
        state: read_state(store, id)?,
        step: step.name,
    })
}

fn read_state(store: &PortalStore, id: PlanId) -> Result<PlanState, WritebackError> {
    store
        .read(|connection| head(connection, id))?
        .map(|head| head.state)
        .ok_or(WritebackError::UnknownPlan(id))
}

/// At most `limit` changes of a plan in a state, of records after `after`.
pub(crate) fn changes_in_state(
    store: &PortalStore,
    id: PlanId,
    state: ChangeState,
    after: Option<RecordId>,
    limit: usize,
) -> Result<Vec<Change>, StoreError> {
    store.read(|connection| {
        let mut statement = connection.prepare_cached(sql!("changes_in_state"))?;
        // Ids start at 1, so 0 stands for "from the beginning".
        let after = after.map_or(0, RecordId::get);
        let rows =
            statement.query_map(params![id.0, state.as_str(), after, limit], rows::change)?;
        Ok(rows.collect::<Result<Vec<_>, _>>()?)
    })
}

/// Commits that these changes are about to leave.
pub(crate) fn mark_sending(
    store: &PortalStore,
    id: PlanId,
    records: &[RecordId],
    now: Moment,
) -> Result<(), StoreError> {
    store.write_durable(|tx| {
        let mut statement = tx.prepare_cached(sql!("send_change"))?;
        for record in records {
            statement.execute(params![id.0, record.get(), now.millis()])?;
        }
        Ok(())
    })
}

/// Commits that these changes did not leave after all: HubSpot did nothing, and said so.
pub(crate) fn take_back(
    store: &PortalStore,
    id: PlanId,
    records: &[RecordId],
    now: Moment,
) -> Result<(), StoreError> {
    store.write_durable(|tx| {
        let mut statement = tx.prepare_cached(sql!("take_back_change"))?;
        for record in records {
            statement.execute(params![id.0, record.get(), now.millis()])?;
        }
        Ok(())
    })
}

/// Commits what became of changes: (record, state, reason).
pub(crate) fn settle(
    store: &PortalStore,
    id: PlanId,
    outcomes: &[(RecordId, ChangeState, Option<String>)],
    now: Moment,
) -> Result<(), StoreError> {
    if outcomes.is_empty() {
        return Ok(());
    }
    store.write_durable(|tx| {
        let mut statement = tx.prepare_cached(sql!("settle_change"))?;
        for (record, state, reason) in outcomes {
            let row = params![id.0, record.get(), state.as_str(), reason, now.millis()];
            statement.execute(row)?;
        }
        Ok(())
    })
}

/// Commits where a definition stands.
pub(crate) fn settle_definition(
    store: &PortalStore,
    id: PlanId,
    step: u32,
    state: DefinitionState,
) -> Result<(), StoreError> {
    store.write_durable(|tx| {
        tx.execute(
            sql!("settle_definition"),
            params![id.0, step, state.as_str()],
        )?;
        Ok(())
    })
}

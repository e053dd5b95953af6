//! Computing a plan against HubSpot's live values. Nothing is written to HubSpot here.

use std::collections::{BTreeMap, BTreeSet};

use crm::{Moment, ObjectType, RecordId};
use hubspot::{Client, ReadQuery};
use store::PortalStore;
use tokio_util::sync::CancellationToken;

use crate::definition::is_ours;
use crate::journal::{self, ChangeState, NewPlan, PlanId, PlanState};
use crate::{Target, WritebackError, differences};

/// What a plan is to be computed for.
#[derive(Debug, Clone)]
pub struct PlanRequest {
    /// The property.
    pub target: Target,
    /// The value wanted on each record; empty text clears.
    pub values: BTreeMap<RecordId, String>,
    /// What it is for, in words that the approver and the history show.
    pub purpose: String,
    /// The moment whose knowledge the values rest on.
    pub as_of: Moment,
}

/// Compares the wanted values with HubSpot's live ones and writes the differences down as a plan.
///
/// # Errors
/// [`WritebackError::InTheWay`] when HubSpot has a property of that name which is not ours.
pub async fn plan(
    client: &Client,
    store: &PortalStore,
    request: PlanRequest,
    now: Moment,
    cancel: &CancellationToken,
) -> Result<PlanId, WritebackError> {
    let PlanRequest {
        target,
        values,
        purpose,
        as_of,
    } = request;
    let definitions = missing_definitions(client, &target).await?;
    let records: Vec<RecordId> = values.keys().copied().collect();
    let property = target.property.name;
    let live = live_values(client, &target.object_type, &property, &records, cancel).await?;
    // What could not be read is not compared, so nothing is planned for it.
    let found = differences(&live.values, &values);
    let plan = NewPlan {
        object_type: target.object_type,
        property,
        purpose,
        as_of,
        unchanged: found.unchanged,
        undoes: None,
        definitions,
        changes: found.changes,
    };
    Ok(journal::add(store, &plan, now)?)
}

/// Computes the plan that takes an applied one back: each confirmed value returns to what it was,
/// but only where HubSpot still holds ours. A value that somebody changed since is left alone.
///
/// # Errors
/// [`WritebackError::WrongState`] when nothing of the plan was ever sent.
pub async fn plan_undo(
    client: &Client,
    store: &PortalStore,
    id: PlanId,
    purpose: String,
    now: Moment,
    cancel: &CancellationToken,
) -> Result<PlanId, WritebackError> {
    let applied = journal::read(store, id)?;
    match applied.head.state {
        PlanState::Applying | PlanState::Applied => {}
        state @ (PlanState::Planned | PlanState::Approved | PlanState::Discarded) => {
            return Err(WritebackError::WrongState {
                plan: id,
                state,
                step: "undone",
            });
        }
    }
    let confirmed: Vec<_> = applied
        .changes
        .into_iter()
        .filter(|change| change.state == ChangeState::Confirmed)
        .collect();
    let records: Vec<RecordId> = confirmed.iter().map(|change| change.record).collect();
    let head = applied.head;
    let live = live_values(client, &head.object_type, &head.property, &records, cancel).await?;
    let mut changes = Vec::new();
    let mut unchanged = 0;
    for change in confirmed {
        let Some(value) = live.values.get(&change.record) else {
            continue;
        };
        if crate::compare::holds(value.as_deref(), &change.new) {
            changes.push((change.record, value.clone(), change.old.unwrap_or_default()));
        } else {
            unchanged += 1;
        }
    }
    let plan = NewPlan {
        object_type: head.object_type,
        property: head.property,
        purpose,
        as_of: now,
        unchanged,
        undoes: Some(id),
        definitions: Vec::new(),
        changes,
    };
    Ok(journal::add(store, &plan, now)?)
}

/// The definitions that HubSpot lacks, as the journal keeps them.
async fn missing_definitions(
    client: &Client,
    target: &Target,
) -> Result<Vec<(&'static str, String, String)>, WritebackError> {
    let mut missing = Vec::new();
    let groups = client.property_groups(&target.object_type).await?;
    if !groups
        .iter()
        .any(|group| group.name == target.group.name && !group.archived)
    {
        missing.push(("group", target.group.name.clone(), as_json(&target.group)?));
    }
    let properties = client.properties(&target.object_type).await?;
    match properties
        .iter()
        .find(|property| property.name == target.property.name)
    {
        Some(found) => {
            is_ours(found, &target.property).map_err(|obstacle| WritebackError::InTheWay {
                name: target.property.name.clone(),
                obstacle,
            })?;
        }
        None => {
            let wanted = as_json(&target.property)?;
            missing.push(("property", target.property.name.clone(), wanted));
        }
    }
    Ok(missing)
}

fn as_json(definition: &impl serde::Serialize) -> Result<String, WritebackError> {
    serde_json::to_string(definition).map_err(|_| WritebackError::Definition)
}

/// What HubSpot holds now. A record in neither is gone.
#[derive(Debug, Default)]
pub(crate) struct Live {
    /// For the records that HubSpot still has under the id asked for.
    pub(crate) values: BTreeMap<RecordId, Option<String>>,
    /// Records that the answer does not tell of, or reports another failure about: they may well be
    /// there.
    pub(crate) unread: BTreeSet<RecordId>,
}

/// Reads the live values. A record that was merged away comes back under another id and counts as
/// gone.
pub(crate) async fn live_values(
    client: &Client,
    object_type: &ObjectType,
    property: &str,
    records: &[RecordId],
    cancel: &CancellationToken,
) -> Result<Live, WritebackError> {
    let query = ReadQuery {
        properties: vec![property.to_owned()],
        ..ReadQuery::default()
    };
    let mut live = Live::default();
    for ids in records.chunks(hubspot::limits::BATCH) {
        let read = tokio::select! {
            () = cancel.cancelled() => return Err(WritebackError::Cancelled),
            read = client.batch_read(object_type, ids, &query) => read?,
        };
        let failed = read.failures.into_iter().flat_map(|failure| failure.ids);
        live.unread.extend(failed.filter(|id| ids.contains(id)));
        // Records that nobody asked for are what those asked for were merged into.
        let strangers = read.found.iter().filter(|record| !ids.contains(&record.id));
        if strangers.count() < read.unmentioned.len() {
            live.unread.extend(read.unmentioned);
        }
        for mut record in read.found {
            let value = record.properties.remove(property).and_then(Option::from);
            live.values.insert(record.id, value);
        }
    }
    Ok(live)
}

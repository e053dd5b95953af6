//! Sending an approved plan, so that every change ends with an answer.

use std::collections::BTreeMap;

use crm::{ObjectType, RecordId};
use hubspot::write::{self, NewGroup, NewProperty, UpdateInput};
use hubspot::{Client, Clock, Kind, limits};
use store::PortalStore;
use tokio_util::sync::CancellationToken;

use crate::WritebackError;
use crate::compare::holds;
use crate::definition::is_ours;
use crate::journal::{
    self, Change, ChangeState, Definition, DefinitionState, PlanId, PlanState, Step,
};
use crate::planning::{Live, live_values};

/// How often one change is sent before it is given up. Each time after the first, HubSpot was asked
/// and still held the old value.
const MAX_ATTEMPTS: u32 = 3;

/// How far a plan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApplyProgress {
    /// Changes with an answer.
    pub settled: u32,
    /// All changes.
    pub total: u32,
}

/// Sends what an approved plan holds and is not settled yet. A plan that was applied before is left
/// as it is: applying twice writes nothing twice.
///
/// Before each batch the live values are read once more, and a record whose value is no longer the
/// one compared with is left alone. Between that read and the write HubSpot offers no lock, so a
/// change made by somebody else within those milliseconds is overwritten; the old value in the
/// journal is the one that was read last.
///
/// # Errors
/// [`WritebackError::WrongState`] unless the plan is approved or was stopped on the way. On any
/// error the journal says what became of each change, and applying again goes on from there.
pub async fn apply(
    client: &Client,
    store: &PortalStore,
    id: PlanId,
    clock: &dyn Clock,
    progress: &(dyn Fn(ApplyProgress) + Send + Sync),
    cancel: &CancellationToken,
) -> Result<(), WritebackError> {
    let head = journal::read(store, id)?.head;
    match head.state {
        PlanState::Applied => return Ok(()),
        PlanState::Applying => {}
        PlanState::Approved | PlanState::Planned | PlanState::Discarded => {
            let step = Step {
                approved: None,
                applied_at: None,
                name: "applied",
            };
            journal::move_plan(store, id, PlanState::Approved, PlanState::Applying, &step)?;
        }
    }
    let sender = Sender {
        client,
        store,
        id,
        object_type: head.object_type,
        property: head.property,
        clock,
        cancel,
    };
    sender.create_definitions().await?;
    sender.find_out_what_became_of_sent_changes().await?;
    loop {
        let plan = journal::read(store, id)?.head.counts;
        let settled = plan.confirmed + plan.failed + plan.conflict;
        progress(ApplyProgress {
            settled,
            total: plan.total(),
        });
        let batch =
            journal::changes_in_state(store, id, ChangeState::Planned, None, limits::BATCH)?;
        if batch.is_empty() {
            if plan.sending > 0 {
                // HubSpot's answers tell nothing of some records: the next run asks again.
                return Err(hubspot::Error::from(Kind::Malformed).into());
            }
            break;
        }
        if cancel.is_cancelled() {
            return Err(WritebackError::Cancelled);
        }
        sender.send_what_still_holds(batch).await?;
    }
    let done = Step {
        approved: None,
        applied_at: Some(clock.now()),
        name: "finished",
    };
    journal::move_plan(store, id, PlanState::Applying, PlanState::Applied, &done)
}

type Outcome = (RecordId, ChangeState, Option<String>);

/// One plan on its way out.
struct Sender<'a> {
    client: &'a Client,
    store: &'a PortalStore,
    id: PlanId,
    object_type: ObjectType,
    property: String,
    clock: &'a dyn Clock,
    cancel: &'a CancellationToken,
}

impl Sender<'_> {
    async fn create_definitions(&self) -> Result<(), WritebackError> {
        for definition in journal::read(self.store, self.id)?.definitions {
            if definition.state == DefinitionState::Confirmed {
                continue;
            }
            let state =
                |state| journal::settle_definition(self.store, self.id, definition.step, state);
            state(DefinitionState::Sending)?;
            self.create(&definition).await?;
            state(DefinitionState::Confirmed)?;
        }
        Ok(())
    }

    /// Creates a definition unless HubSpot has it by now: an earlier try may have reached it, or
    /// somebody else may have made one since the plan was read.
    async fn create(&self, definition: &Definition) -> Result<(), WritebackError> {
        let object = &self.object_type;
        if definition.kind == "group" {
            let wanted: NewGroup = wanted(definition)?;
            let groups = self.client.property_groups(object).await?;
            if groups
                .iter()
                .any(|group| group.name == wanted.name && !group.archived)
            {
                return Ok(());
            }
            write::create_group(self.client, object, &wanted).await?;
            return Ok(());
        }
        let wanted: NewProperty = wanted(definition)?;
        let properties = self.client.properties(object).await?;
        let Some(found) = properties
            .iter()
            .find(|property| property.name == wanted.name)
        else {
            write::create_property(self.client, object, &wanted).await?;
            return Ok(());
        };
        is_ours(found, &wanted).map_err(|obstacle| WritebackError::InTheWay {
            name: wanted.name,
            obstacle,
        })
    }

    /// Changes that an earlier run left as sent: HubSpot is asked before anything is sent again.
    async fn find_out_what_became_of_sent_changes(&self) -> Result<(), WritebackError> {
        let mut after = None;
        loop {
            let sent = journal::changes_in_state(
                self.store,
                self.id,
                ChangeState::Sending,
                after,
                limits::BATCH,
            )?;
            let Some(last) = sent.last() else {
                return Ok(());
            };
            after = Some(last.record);
            self.settle_by_reading(&sent).await?;
        }
    }

    async fn read_live(&self, changes: &[Change]) -> Result<Live, WritebackError> {
        let records: Vec<RecordId> = changes.iter().map(|change| change.record).collect();
        live_values(
            self.client,
            &self.object_type,
            &self.property,
            &records,
            self.cancel,
        )
        .await
    }

    /// What HubSpot does not tell of stays as sent.
    async fn settle_by_reading(&self, sent: &[Change]) -> Result<(), WritebackError> {
        let live = self.read_live(sent).await?;
        let outcomes: Vec<Outcome> = sent
            .iter()
            .filter_map(|change| after_reading(change, &live))
            .collect();
        self.settle(&outcomes)
    }

    fn settle(&self, outcomes: &[Outcome]) -> Result<(), WritebackError> {
        Ok(journal::settle(
            self.store,
            self.id,
            outcomes,
            self.clock.now(),
        )?)
    }

    /// Reads the live values, settles what needs no writing, and sends the rest.
    async fn send_what_still_holds(&self, batch: Vec<Change>) -> Result<(), WritebackError> {
        let live = self.read_live(&batch).await?;
        let mut settled = Vec::new();
        let mut to_send = Vec::new();
        for change in batch {
            match before_writing(&change, &live) {
                Some(outcome) => settled.push(outcome),
                None => to_send.push(change),
            }
        }
        self.settle(&settled)?;
        let mut waiting = if to_send.is_empty() {
            Vec::new()
        } else {
            vec![to_send]
        };
        while let Some(chunk) = waiting.pop() {
            if let Some((left, right)) = self.send(chunk).await? {
                waiting.push(right);
                waiting.push(left);
            }
        }
        Ok(())
    }

    /// Sends one batch. Gives it back in halves when HubSpot refused it as a whole, so that one bad
    /// record does not hold up ninety-nine good ones.
    async fn send(
        &self,
        mut chunk: Vec<Change>,
    ) -> Result<Option<(Vec<Change>, Vec<Change>)>, WritebackError> {
        let records: Vec<RecordId> = chunk.iter().map(|change| change.record).collect();
        let inputs: Vec<UpdateInput> = chunk.iter().map(|change| self.input(change)).collect();
        journal::mark_sending(self.store, self.id, &records, self.clock.now())?;
        let answer = tokio::select! {
            // The batch may have arrived: it stays marked as sent, and the next run asks first.
            () = self.cancel.cancelled() => return Err(WritebackError::Cancelled),
            answer = write::batch_update(self.client, &self.object_type, &inputs) => answer,
        };
        let error = match answer {
            Ok(update) => {
                let outcomes = self.read_answer(&chunk, update);
                self.settle(&outcomes)?;
                let answered: Vec<RecordId> = outcomes.iter().map(|(record, ..)| *record).collect();
                chunk.retain(|change| !answered.contains(&change.record));
                if !chunk.is_empty() {
                    self.settle_by_reading(&chunk).await?;
                }
                return Ok(None);
            }
            Err(error) => error,
        };
        if error.outcome_is_unknown() {
            self.settle_by_reading(&chunk).await?;
            return Ok(None);
        }
        let refused = matches!(
            error.kind(),
            Kind::Validation | Kind::NotFound | Kind::Conflict | Kind::TooLong | Kind::Refused
        );
        let take_back = || journal::take_back(self.store, self.id, &records, self.clock.now());
        if !refused {
            // Nothing was written, and the reason is not in these records.
            take_back()?;
            return Err(error.into());
        }
        if let [change] = chunk.as_slice() {
            let reason = Some(reason_of(
                error.origin().message.as_ref(),
                &error.origin().codes,
            ));
            self.settle(&[(change.record, ChangeState::Failed, reason)])?;
            return Ok(None);
        }
        take_back()?;
        let right = chunk.split_off(chunk.len() / 2);
        Ok(Some((chunk, right)))
    }

    fn input(&self, change: &Change) -> UpdateInput {
        UpdateInput {
            id: change.record,
            object_write_trace_id: Some(format!("plumbline-{}-{}", self.id, change.record)),
            properties: BTreeMap::from([(self.property.clone(), change.new.clone())]),
        }
    }

    /// What the answer says of each change; a change it says nothing of is not in the list.
    fn read_answer(&self, chunk: &[Change], update: write::BatchUpdate) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        let mut written: BTreeMap<RecordId, Option<String>> = BTreeMap::new();
        for mut record in update.done.into_values() {
            if let Some(value) = record.properties.remove(&self.property) {
                written.insert(record.id, value.into());
            }
        }
        for change in chunk {
            if let Some(failure) = update.failed.get(&change.record) {
                let reason = reason_of(failure.message.as_ref(), &failure.codes);
                outcomes.push((change.record, ChangeState::Failed, Some(reason)));
            } else if let Some(value) = written.get(&change.record)
                && holds(value.as_deref(), &change.new)
            {
                outcomes.push((change.record, ChangeState::Confirmed, None));
            }
        }
        outcomes
    }
}

fn wanted<T: serde::de::DeserializeOwned>(definition: &Definition) -> Result<T, WritebackError> {
    serde_json::from_str(&definition.wanted).map_err(|_| WritebackError::Definition)
}

/// HubSpot's own words, else its codes, for the person who approved the change.
fn reason_of(message: Option<&hubspot::RemoteText>, codes: &[String]) -> String {
    match message {
        Some(words) => words.expose().to_owned(),
        None if codes.is_empty() => "HubSpot refused it without a reason".to_owned(),
        None => codes.join(", "),
    }
}

/// What a change comes to before it is sent; `None` when it is to be sent.
fn before_writing(change: &Change, live: &Live) -> Option<Outcome> {
    let outcome = |state, reason: &str| Some((change.record, state, Some(reason.to_owned())));
    if live.unread.contains(&change.record) {
        return outcome(
            ChangeState::Failed,
            "HubSpot did not tell what it holds now, so nothing was sent",
        );
    }
    let Some(value) = live.values.get(&change.record) else {
        return outcome(ChangeState::Failed, "HubSpot no longer has this record");
    };
    if holds(value.as_deref(), &change.new) {
        return Some((change.record, ChangeState::Confirmed, None));
    }
    if !holds(value.as_deref(), change.old.as_deref().unwrap_or_default()) {
        return outcome(
            ChangeState::Conflict,
            "The value was changed since the plan was made",
        );
    }
    if change.attempts >= MAX_ATTEMPTS {
        return outcome(
            ChangeState::Failed,
            "HubSpot took it three times and kept the old value",
        );
    }
    None
}

/// What became of a sent change, by the value that HubSpot holds now; `None` when HubSpot did not
/// tell, so that it may have been written or not.
fn after_reading(change: &Change, live: &Live) -> Option<Outcome> {
    let told = !live.unread.contains(&change.record);
    told.then(|| before_writing(change, live))
        .map(|outcome| outcome.unwrap_or((change.record, ChangeState::Planned, None)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(old: Option<&str>, new: &str, attempts: u32) -> Change {
        Change {
            record: RecordId::new(7),
            old: old.map(str::to_owned),
            new: new.to_owned(),
            state: ChangeState::Sending,
            attempts,
            reason: None,
        }
    }

    #[track_caller]
    fn check(change: &Change, live: Option<Option<&str>>, expected: ChangeState) {
        let values = live
            .map(|value| BTreeMap::from([(change.record, value.map(str::to_owned))]))
            .unwrap_or_default();
        let live = Live {
            values,
            ..Live::default()
        };
        assert_eq!(
            after_reading(change, &live).unwrap().1,
            expected,
            "{change:?} against {live:?}"
        );
    }

    #[test]
    fn a_sent_change_is_judged_by_the_live_value() {
        check(
            &change(Some("10"), "20", 1),
            Some(Some("20.0")),
            ChangeState::Confirmed,
        );
        check(
            &change(Some("10"), "20", 1),
            Some(Some("10")),
            ChangeState::Planned,
        );
        check(
            &change(Some("10"), "20", 1),
            Some(Some("30")),
            ChangeState::Conflict,
        );
        check(
            &change(Some("10"), "20", 1),
            Some(None),
            ChangeState::Conflict,
        );
        check(&change(Some("10"), "20", 1), None, ChangeState::Failed);
        check(
            &change(Some("10"), "20", MAX_ATTEMPTS),
            Some(Some("10")),
            ChangeState::Failed,
        );
        check(&change(None, "20", 1), Some(None), ChangeState::Planned);
        check(
            &change(Some("10"), "", 1),
            Some(None),
            ChangeState::Confirmed,
        );
    }
}

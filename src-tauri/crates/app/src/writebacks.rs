//! Plans of win probabilities: computed, shown, approved, applied, taken back.

use std::collections::BTreeMap;

use analyses::forecast::{self, report::WinProbability};
use crm::{ObjectType, PipelineId, RecordId};
use writeback::{
    ApplyProgress, Change, NewGroup, NewProperty, PlanHead, PlanId, PlanRequest, Target,
};

use crate::app::App;
use crate::faults::cancelled;
use crate::features;
use crate::hint;
use crate::open_portal::OpenPortal;
use crate::views::{
    ApplyArgs, ChangeView, Event, Phase, PlanArgs, PlanCounts, PlanRefArgs, PlanState, PlanSummary,
    PlanView, PortalArgs, Progress,
};
use crate::wire::{ErrorCode, WireError};

/// How far ahead a written probability looks, in days: HubSpot's own contact scores look as far.
const HORIZON_DAYS: u32 = 90;

/// The property that is written, with the group it stands in.
fn target() -> Target {
    Target {
        object_type: ObjectType::DEALS,
        group: NewGroup {
            name: "plumbline".into(),
            label: "Plumbline".into(),
            display_order: -1,
        },
        property: NewProperty {
            name: "plumbline_win_probability".into(),
            label: "Win probability (Plumbline)".into(),
            group: "plumbline".into(),
            kind: "number".into(),
            field_type: "number".into(),
            description: format!(
                "Chance in percent (0 to 100) that this deal is won within {HORIZON_DAYS} days, \
                 from what became of earlier deals seen in the same stage. Written by Plumbline \
                 after a person approved it; changes by hand are overwritten."
            ),
            number_display_hint: Some("unformatted".into()),
            form_field: false,
            hidden: false,
            has_unique_value: false,
            display_order: -1,
            options: Vec::new(),
        },
    }
}

/// The text of a probability: percent with one decimal, which is finer than any interval here.
fn percent(probability: f64) -> String {
    format!("{:.1}", probability * 100.0)
}

impl App {
    /// Computes which win probabilities would change in HubSpot. Writes nothing there.
    ///
    /// # Errors
    /// When no deal has enough evidence, or HubSpot cannot be read.
    pub async fn plan_writeback(&self, args: PlanArgs) -> Result<PlanView, WireError> {
        let job = self.inner.jobs.begin(&args.job)?;
        let portal = self.portal(args.portal).await?;
        let complete_to = portal.standing(args.pipeline.as_ref()).await?.complete_to;
        let client = self.reach(&portal, &job.cancel).await?;
        let now = self.now();
        let as_of = now.min(complete_to);
        let values = probabilities(&portal, as_of, args.pipeline).await?;
        if values.is_empty() {
            return Err(WireError::new(
                ErrorCode::BadInput,
                "No open deal has enough evidence for a probability, so there is nothing to write.",
                "Wait until more deals have closed, then sync and plan again.",
            ));
        }
        let request = PlanRequest {
            target: target(),
            values,
            purpose: format!("Win probability within {HORIZON_DAYS} days"),
            as_of,
        };
        let made = writeback::plan(&client, &portal.store, request, now, &job.cancel).await;
        let id = self.settle(&portal, &client, made).await?;
        view(&portal, id).await
    }

    /// The plans of a portal, newest first.
    ///
    /// # Errors
    /// When the portal is unknown or its journal cannot be read.
    pub async fn plans(&self, args: PortalArgs) -> Result<Vec<PlanSummary>, WireError> {
        let portal = self.portal(args.portal).await?;
        portal
            .with_store(|store| Ok(writeback::list(store)?.iter().map(summary).collect()))
            .await
    }

    /// One plan with its changes.
    ///
    /// # Errors
    /// When there is no such plan.
    pub async fn plan(&self, args: PlanRefArgs) -> Result<PlanView, WireError> {
        view(&self.portal(args.portal).await?, PlanId(args.plan)).await
    }

    /// Signs a plan.
    ///
    /// # Errors
    /// When the plan is not waiting for approval.
    pub async fn approve_plan(&self, args: PlanRefArgs) -> Result<PlanView, WireError> {
        let portal = self.portal(args.portal).await?;
        let (id, now) = (PlanId(args.plan), self.now());
        let who = self.inner.environment.approver.clone();
        portal
            .with_store(move |store| Ok(writeback::approve(store, id, &who, now)?))
            .await?;
        view(&portal, id).await
    }

    /// Puts a plan aside.
    ///
    /// # Errors
    /// When anything of it may have been sent.
    pub async fn discard_plan(&self, args: PlanRefArgs) -> Result<PlanSummary, WireError> {
        let portal = self.portal(args.portal).await?;
        let id = PlanId(args.plan);
        portal
            .with_store(move |store| {
                writeback::discard(store, id)?;
                Ok(summary(&writeback::read(store, id)?.head))
            })
            .await
    }

    /// Sends an approved plan's changes; goes on where an earlier run stopped.
    ///
    /// # Errors
    /// When the plan is not approved, HubSpot refuses everything, or it was cancelled. The journal
    /// knows what became of each change.
    pub async fn apply_plan(&self, args: ApplyArgs) -> Result<PlanView, WireError> {
        let job = self.inner.jobs.begin(&args.job)?;
        let portal = self.portal(args.portal).await?;
        let Ok(_turn) = portal.writing.try_lock() else {
            return Err(WireError::new(
                ErrorCode::InUse,
                "A plan is being applied to this portal already.",
                hint::WAIT_FOR_PLAN,
            )
            .passing());
        };
        portal
            .with_store(|store| features::check_writeback(&store.credential()?))
            .await?;
        let client = self.reach(&portal, &job.cancel).await?;
        let id = PlanId(args.plan);
        let started = self.now();
        let tell = |progress: ApplyProgress| {
            let seconds = self.now().since(started).as_secs_f64();
            self.tell(Event::Progress {
                job: args.job.clone(),
                portal: Some(args.portal),
                progress: writing(progress, seconds, &client.usage()),
            });
        };
        let clock = &*self.inner.environment.clock;
        let sent = writeback::apply(&client, &portal.store, id, clock, &tell, &job.cancel).await;
        self.settle(&portal, &client, sent).await?;
        view(&portal, id).await
    }

    /// Computes the plan that would take an applied one back.
    ///
    /// # Errors
    /// When nothing of the plan was sent. Where nothing of it is left to take back, the plan is empty.
    pub async fn plan_undo(&self, args: ApplyArgs) -> Result<PlanView, WireError> {
        let job = self.inner.jobs.begin(&args.job)?;
        let portal = self.portal(args.portal).await?;
        let client = self.reach(&portal, &job.cancel).await?;
        let id = PlanId(args.plan);
        let purpose = format!("Undo of plan {id}");
        let now = self.now();
        let made =
            writeback::plan_undo(&client, &portal.store, id, purpose, now, &job.cancel).await;
        let undo = self.settle(&portal, &client, made).await?;
        view(&portal, undo).await
    }

    /// The portal's client, for work that a person starts now, even if the day's calls were used up a
    /// while ago; for the demo, with its simulator running.
    pub(crate) async fn reach(
        &self,
        portal: &OpenPortal,
        cancel: &tokio_util::sync::CancellationToken,
    ) -> Result<hubspot::Client, WireError> {
        tokio::select! {
            () = cancel.cancelled() => Err(cancelled("Stopped before anything was sent.")),
            ready = self.ready_demo(portal) => {
                ready?;
                let client = self.client(portal).await?;
                client.ask_again();
                Ok(client)
            }
        }
    }
}

/// The win probability of every open deal with enough evidence, as the text that HubSpot gets.
async fn probabilities(
    portal: &OpenPortal,
    as_of: crm::Moment,
    pipeline: Option<PipelineId>,
) -> Result<BTreeMap<RecordId, String>, WireError> {
    let timeline = portal.timeline().await?;
    crate::app::blocking(move || {
        let all = forecast::win_probabilities(&timeline, as_of, HORIZON_DAYS, pipeline.as_ref());
        let text = |deal: WinProbability| Some((deal.id, percent(deal.probability?.value)));
        Ok(all.into_iter().filter_map(text).collect())
    })
    .await
}

async fn view(portal: &OpenPortal, id: PlanId) -> Result<PlanView, WireError> {
    portal
        .with_store(move |store| {
            let plan = writeback::read(store, id)?;
            let names = crate::forecasting::deal_names(store)?;
            let calls = calls_of(&plan);
            Ok(PlanView {
                summary: summary(&plan.head),
                creates: plan
                    .definitions
                    .iter()
                    .map(|definition| format!("{} {}", definition.kind, definition.name))
                    .collect(),
                unchanged: plan.head.unchanged,
                calls,
                changes: plan
                    .changes
                    .into_iter()
                    .map(|change| change_view(change, &names))
                    .collect(),
            })
        })
        .await
}

/// One read before and one write for each batch of what is left, and two for each definition.
fn calls_of(plan: &writeback::Plan) -> u32 {
    let batch = u32::try_from(hubspot::limits::BATCH).unwrap_or(u32::MAX);
    let waiting = plan.head.counts.planned + plan.head.counts.sending;
    let definitions = u32::try_from(plan.definitions.len()).unwrap_or(u32::MAX);
    waiting.div_ceil(batch) * 2 + definitions * 2
}

fn change_view(change: Change, names: &BTreeMap<RecordId, String>) -> ChangeView {
    ChangeView {
        record: change.record,
        name: names.get(&change.record).cloned(),
        old: change.old,
        new: Some(change.new).filter(|text| !text.is_empty()),
        state: change.state.as_str().to_owned(),
        reason: change.reason,
    }
}

fn summary(head: &PlanHead) -> PlanSummary {
    let counts = head.counts;
    PlanSummary {
        plan: head.id.0,
        state: match head.state {
            writeback::PlanState::Planned => PlanState::Planned,
            writeback::PlanState::Approved => PlanState::Approved,
            writeback::PlanState::Applying => PlanState::Applying,
            writeback::PlanState::Applied => PlanState::Applied,
            writeback::PlanState::Discarded => PlanState::Discarded,
        },
        purpose: head.purpose.clone(),
        object_type: head.object_type.clone(),
        property: head.property.clone(),
        as_of: head.as_of,
        created_at: head.created_at,
        approved_at: head.approved_at,
        approved_by: head.approved_by.clone(),
        applied_at: head.applied_at,
        undoes: head.undoes.map(|id| id.0),
        counts: PlanCounts {
            total: counts.total(),
            planned: counts.planned,
            sending: counts.sending,
            confirmed: counts.confirmed,
            failed: counts.failed,
            conflict: counts.conflict,
        },
    }
}

fn writing(progress: ApplyProgress, seconds: f64, usage: &hubspot::Usage) -> Progress {
    let done = u64::from(progress.settled);
    let left = progress.total - progress.settled;
    let per_second = if seconds > 0.0 {
        f64::from(progress.settled) / seconds
    } else {
        0.0
    };
    Progress {
        phase: Phase::Writing,
        what: "changes".into(),
        steps_done: progress.settled,
        steps_total: progress.total,
        done,
        per_second,
        seconds_left: (per_second > 0.0).then(|| f64::from(left) / per_second),
        calls: usage.calls,
        calls_left: usage.left_today(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_are_percent_with_one_decimal() {
        assert_eq!(percent(0.31449), "31.4");
        assert_eq!(percent(0.0), "0.0");
        assert_eq!(percent(1.0), "100.0");
    }
}

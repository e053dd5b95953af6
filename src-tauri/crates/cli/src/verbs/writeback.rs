//! `plumbline writeback`.

use app::views::{
    ApplyArgs, PlanArgs, PlanCounts, PlanRefArgs, PlanState, PlanSummary, PlanView, PortalArgs,
};
use crm::PortalId;

use crate::args::{PlanArguments, WritebackVerb};
use crate::failure::Failure;
use crate::output::{self, Lean, ProgressLine};
use crate::session::{Session, interruptible};

pub(crate) async fn run(session: &Session, verb: WritebackVerb) -> Result<(), Failure> {
    let app = session.open().await?;
    let progress = ProgressLine::follow(&app);
    let job = Session::job;
    let (portal, plan, sent) = match verb {
        WritebackVerb::Plan { portal, pipeline } => {
            let portal = portal.portal;
            let asked = PlanArgs {
                job: job(),
                portal,
                pipeline,
            };
            let plan = interruptible(&app, app.plan_writeback(asked)).await?;
            (portal, plan, false)
        }
        WritebackVerb::Show(plan) => (plan.portal.portal, app.plan(reference(&plan)).await?, false),
        WritebackVerb::Approve(plan) => {
            let approved = app.approve_plan(reference(&plan)).await?;
            (plan.portal.portal, approved, false)
        }
        WritebackVerb::Apply(plan) => {
            let applied = interruptible(&app, app.apply_plan(long_work(&plan))).await?;
            (plan.portal.portal, applied, true)
        }
        WritebackVerb::Undo(plan) => {
            let undo = interruptible(&app, app.plan_undo(long_work(&plan))).await?;
            (plan.portal.portal, undo, false)
        }
        WritebackVerb::Discard(plan) => {
            let summary = app.discard_plan(reference(&plan)).await?;
            return print_summaries(session, &[summary]);
        }
        WritebackVerb::History(portal) => {
            let portal = portal.portal;
            let plans = app.plans(PortalArgs { portal }).await?;
            return print_summaries(session, &plans);
        }
    };
    drop(progress);
    if session.json {
        output::json(&plan)?;
    } else {
        print(portal, &plan)?;
    }
    if sent { all_made(&plan) } else { Ok(()) }
}

/// A plan of which something was not made is no success, though all the rest was.
fn all_made(plan: &PlanView) -> Result<(), Failure> {
    let counts = plan.summary.counts;
    if counts.confirmed == counts.total {
        Ok(())
    } else {
        Err(Failure::not_all_made(
            counts.total - counts.confirmed,
            counts.total,
        ))
    }
}

fn long_work(plan: &PlanArguments) -> ApplyArgs {
    ApplyArgs {
        job: Session::job(),
        portal: plan.portal.portal,
        plan: plan.plan,
    }
}

fn reference(plan: &PlanArguments) -> PlanRefArgs {
    PlanRefArgs {
        portal: plan.portal.portal,
        plan: plan.plan,
    }
}

fn state(state: PlanState) -> &'static str {
    match state {
        PlanState::Planned => "planned",
        PlanState::Approved => "approved",
        PlanState::Applying => "applying",
        PlanState::Applied => "applied",
        PlanState::Discarded => "discarded",
    }
}

fn print(portal: PortalId, plan: &PlanView) -> Result<(), Failure> {
    let summary = &plan.summary;
    output::line(format!(
        "Plan {}: {} on {} ({}), {}.",
        summary.plan,
        summary.purpose,
        summary.object_type,
        summary.property,
        state(summary.state)
    ))?;
    for definition in &plan.creates {
        output::line(format!("Creates first: {definition}"))?;
    }
    if plan.changes.is_empty() {
        return output::line(format!(
            "Nothing to change: HubSpot already holds all {} values.",
            plan.unchanged
        ));
    }
    let rows: Vec<Vec<String>> = plan
        .changes
        .iter()
        .map(|change| {
            vec![
                change.record.to_string(),
                change.old.clone().unwrap_or_else(|| "(empty)".to_owned()),
                change.new.clone().unwrap_or_else(|| "(empty)".to_owned()),
                change.state.clone(),
                change.reason.clone().unwrap_or_default(),
                change.name.clone().unwrap_or_default(),
            ]
        })
        .collect();
    let columns = [
        ("Record", Lean::Right),
        ("Old", Lean::Right),
        ("New", Lean::Right),
        ("State", Lean::Left),
        ("Reason", Lean::Left),
        ("Name", Lean::Left),
    ];
    output::table(&columns, &rows)?;
    output::line(tally(summary.counts, plan.unchanged))?;
    let step = match summary.state {
        PlanState::Planned => "approve",
        PlanState::Approved | PlanState::Applying => "apply",
        PlanState::Applied => "undo",
        PlanState::Discarded => return Ok(()),
    };
    let word = if step == "undo" {
        "To take it back"
    } else {
        "Next"
    };
    let number = summary.plan;
    output::line(format!(
        "{word}: plumbline writeback {step} {portal} {number}"
    ))
}

/// The changes by state, without those states that none is in.
fn tally(counts: PlanCounts, unchanged: u32) -> String {
    let parts = [
        (counts.planned, "planned"),
        (counts.sending, "sent without an answer"),
        (counts.confirmed, "confirmed"),
        (counts.failed, "refused by HubSpot"),
        (
            counts.conflict,
            "left alone because somebody changed the value",
        ),
        (unchanged, "records already right"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let noun = if counts.total == 1 {
        "change"
    } else {
        "changes"
    };
    format!("{} {noun}: {}.", counts.total, parts.join(", "))
}

fn print_summaries(session: &Session, plans: &[PlanSummary]) -> Result<(), Failure> {
    if session.json {
        return output::json(&plans);
    }
    let rows: Vec<Vec<String>> = plans
        .iter()
        .map(|plan| {
            vec![
                plan.plan.to_string(),
                state(plan.state).to_owned(),
                plan.counts.total.to_string(),
                plan.counts.confirmed.to_string(),
                output::moment(plan.created_at),
                plan.purpose.clone(),
            ]
        })
        .collect();
    let columns = [
        ("Plan", Lean::Right),
        ("State", Lean::Left),
        ("Changes", Lean::Right),
        ("Confirmed", Lean::Right),
        ("Made", Lean::Left),
        ("Purpose", Lean::Left),
    ];
    output::table(&columns, &rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_tells_only_what_there_is() {
        let counts = PlanCounts {
            total: 5,
            confirmed: 4,
            conflict: 1,
            ..PlanCounts::default()
        };
        let told = "5 changes: 4 confirmed, 1 left alone because somebody changed the value.";
        assert_eq!(tally(counts, 0), told);
        let planned = PlanCounts {
            total: 1,
            planned: 1,
            ..PlanCounts::default()
        };
        assert_eq!(
            tally(planned, 7),
            "1 change: 1 planned, 7 records already right."
        );
    }
}

//! `plumbline writeback`.

use app::views::{ApplyArgs, PlanArgs, PlanRefArgs, PlanState, PlanSummary, PlanView, PortalArgs};

use crate::args::{PlanArguments, WritebackVerb};
use crate::failure::Failure;
use crate::output::{self, Lean, ProgressLine};
use crate::session::{Session, interruptible};

pub(crate) async fn run(session: &Session, verb: WritebackVerb) -> Result<(), Failure> {
    let app = session.open().await?;
    let _progress = ProgressLine::follow(&app);
    let job = Session::job;
    let plan = match verb {
        WritebackVerb::Plan { portal, pipeline } => {
            let asked = PlanArgs {
                job: job(),
                portal: portal.portal,
                pipeline,
            };
            interruptible(&app, app.plan_writeback(asked)).await?
        }
        WritebackVerb::Show(plan) => app.plan(reference(&plan)).await?,
        WritebackVerb::Approve(plan) => app.approve_plan(reference(&plan)).await?,
        WritebackVerb::Apply(plan) => {
            let asked = ApplyArgs {
                job: job(),
                portal: plan.portal.portal,
                plan: plan.plan,
            };
            interruptible(&app, app.apply_plan(asked)).await?
        }
        WritebackVerb::Undo(plan) => {
            let asked = ApplyArgs {
                job: job(),
                portal: plan.portal.portal,
                plan: plan.plan,
            };
            interruptible(&app, app.plan_undo(asked)).await?
        }
        WritebackVerb::Discard(plan) => {
            let summary = app.discard_plan(reference(&plan)).await?;
            return print_summaries(session, &[summary]);
        }
        WritebackVerb::History(portal) => {
            let plans = app
                .plans(PortalArgs {
                    portal: portal.portal,
                })
                .await?;
            return print_summaries(session, &plans);
        }
    };
    if session.json {
        return output::json(&plan);
    }
    print(&plan)
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

fn print(plan: &PlanView) -> Result<(), Failure> {
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
    let counts = summary.counts;
    output::line(format!(
        "{} changes: {} planned, {} sent without answer, {} confirmed, {} failed, {} left alone because changed; {} unchanged records not in the plan.",
        counts.total,
        counts.planned,
        counts.sending,
        counts.confirmed,
        counts.failed,
        counts.conflict,
        plan.unchanged
    ))?;
    match summary.state {
        PlanState::Planned => output::line("Next: plumbline writeback approve PORTAL PLAN"),
        PlanState::Approved | PlanState::Applying => {
            output::line("Next: plumbline writeback apply PORTAL PLAN")
        }
        PlanState::Applied | PlanState::Discarded => Ok(()),
    }
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
                plan.created_at.to_string(),
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

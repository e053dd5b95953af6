//! `plumbline sync`.

use app::App;
use app::views::{StreamView, SyncArgs, SyncKind, SyncOutcome, SyncReportView, SyncRunView};
use crm::PortalId;

use crate::args::SyncArguments;
use crate::failure::Failure;
use crate::output::{self, Lean, ProgressLine};
use crate::session::{Session, interruptible};

pub(crate) async fn run(session: &Session, arguments: &SyncArguments) -> Result<(), Failure> {
    let app = session.open().await?;
    let portal = arguments.portal.portal;
    let asked = SyncArgs {
        full: arguments.full,
        reconcile: arguments.reconcile,
        ..asked(portal)
    };
    let report = follow(&app, asked).await?;
    if session.json {
        return output::json(&report);
    }
    print(&report)?;
    output::line(format!("Next: plumbline report forecast {portal}"))
}

/// Syncs what is due.
pub(crate) async fn read(app: &App, portal: PortalId) -> Result<SyncReportView, Failure> {
    follow(app, asked(portal)).await
}

fn asked(portal: PortalId) -> SyncArgs {
    SyncArgs {
        job: Session::job(),
        portal,
        full: false,
        reconcile: false,
    }
}

/// Syncs with progress on standard error. A sync that was interrupted is no success.
async fn follow(app: &App, asked: SyncArgs) -> Result<SyncReportView, Failure> {
    let _progress = ProgressLine::follow(app);
    let report = interruptible(app, app.sync(asked)).await?;
    match report.outcome {
        SyncOutcome::Done => Ok(report),
        SyncOutcome::Cancelled
        | SyncOutcome::Failed
        | SyncOutcome::Running
        | SyncOutcome::Interrupted => Err(Failure::interrupted(report.rows)),
    }
}

/// What a sync did, for people.
pub(crate) fn print(report: &SyncReportView) -> Result<(), Failure> {
    print_streams(&report.streams)?;
    output::line(in_a_sentence(report))?;
    match &report.reconciliation {
        Some(found) => output::line(super::verify::in_a_sentence(found)),
        None => Ok(()),
    }
}

/// What was read of each stream, and what was not.
pub(crate) fn print_streams(streams: &[StreamView]) -> Result<(), Failure> {
    let rows: Vec<Vec<String>> = streams
        .iter()
        .map(|stream| {
            let why = stream.unavailable.clone().unwrap_or_default();
            let unproven = stream.unproven.clone().unwrap_or_default();
            vec![
                stream.stream.clone(),
                stream.rows.to_string(),
                why,
                unproven,
            ]
        })
        .collect();
    let columns = [
        ("Stream", Lean::Left),
        ("Rows", Lean::Right),
        ("Unavailable because", Lean::Left),
        ("Unproven", Lean::Left),
    ];
    output::table(&columns, &rows)
}

/// How much a sync read.
pub(crate) fn in_a_sentence(report: &SyncReportView) -> String {
    let check = match report.calls_to_check {
        0 => String::new(),
        calls => format!(", and compared with {calls} more"),
    };
    format!(
        "Read {} rows {} with {} calls in {:.1} s{check}.",
        report.rows,
        what(report.kind),
        report.calls,
        report.seconds
    )
}

/// What a run reads, after `rows`.
fn what(kind: SyncKind) -> &'static str {
    match kind {
        SyncKind::Full => "of the whole portal",
        SyncKind::Resumed => "that an earlier run left",
        SyncKind::Changes => "that changed",
    }
}

/// What the latest run is doing, or how it ended, where the copy's age alone does not say it.
pub(crate) fn latest_in_a_sentence(run: &SyncRunView) -> Option<String> {
    let began = output::moment(run.started_at);
    let what = what(run.kind);
    let ended = match run.outcome {
        SyncOutcome::Done => return None,
        SyncOutcome::Running => {
            return Some(format!(
                "Another Plumbline is reading the rows {what}, since {began}."
            ));
        }
        SyncOutcome::Interrupted => "was interrupted",
        SyncOutcome::Cancelled => "was cancelled",
        SyncOutcome::Failed => "failed",
    };
    let code = run.error_code.as_deref();
    let why = code
        .filter(|_| run.outcome == SyncOutcome::Failed)
        .map_or_else(String::new, |code| format!(" ({code})"));
    Some(format!(
        "The run of {began} for the rows {what} {ended}{why}; the next one goes on from there."
    ))
}

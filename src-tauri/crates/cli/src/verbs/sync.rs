//! `plumbline sync`.

use app::App;
use app::views::{SyncArgs, SyncKind, SyncOutcome, SyncReportView};
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
    let rows: Vec<Vec<String>> = report
        .streams
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
    output::table(&columns, &rows)?;
    output::line(in_a_sentence(report))?;
    match &report.reconciliation {
        Some(found) => output::line(super::verify::in_a_sentence(found)),
        None => Ok(()),
    }
}

/// How much a sync read.
pub(crate) fn in_a_sentence(report: &SyncReportView) -> String {
    let what = match report.kind {
        SyncKind::Full => "of the whole portal",
        SyncKind::Resumed => "that an earlier run left",
        SyncKind::Changes => "that changed",
    };
    format!(
        "Read {} rows {what} with {} calls in {:.1} s.",
        report.rows, report.calls, report.seconds
    )
}

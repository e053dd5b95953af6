//! The use cases in a terminal: results on standard output, progress and errors on standard error.

mod args;
mod failure;
mod log;
mod output;
mod session;
mod subject;
mod verbs;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use crate::args::{Arguments, Verb};
use crate::failure::Failure;
use crate::session::Session;

/// The signal for a write beyond the limit on a file's size: 25 on every system that Tauri runs on.
#[cfg(unix)]
const SIGXFSZ: i32 = 25;

/// How long threads that are still at work may hold up the end.
const LONGEST_FAREWELL: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return not_understood(&error),
    };
    let json = arguments.json;
    let portal = arguments.verb.portal();
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|_| Failure::usage("This machine gives the program no threads."))
        .and_then(|runtime| {
            let outcome = runtime.block_on(run(arguments));
            // Threads that used the cipher must be gone before the process cleans up behind it. One
            // that waits for a keychain's dialog is not waited for.
            runtime.shutdown_timeout(LONGEST_FAREWELL);
            outcome
        });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print(json, portal);
            failure.exit_code()
        }
    }
}

/// Bad usage ends here with clap's words and exit status 2; so does `--help`, with 0.
fn not_understood(error: &clap::Error) -> ExitCode {
    let json = error.use_stderr() && std::env::args_os().any(|argument| argument == "--json");
    if json {
        let text = error.to_string();
        let first = text.lines().next().unwrap_or_default();
        let message = first.strip_prefix("error: ").unwrap_or(first);
        Failure::usage(message).print(true, None);
    } else {
        // A closed output leaves nobody to tell.
        let _ = error.print();
    }
    u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// Takes the signal that would end the program in the middle of a write which the file-size limit
/// forbids. The write then fails like any other on a full disk, and is undone whole.
#[cfg(unix)]
fn survive_file_size_limits() {
    use tokio::signal::unix::{SignalKind, signal};

    // The handler stays when the stream of signals is dropped. Without it all else works.
    drop(signal(SignalKind::from_raw(SIGXFSZ)));
}

async fn run(arguments: Arguments) -> Result<(), Failure> {
    #[cfg(unix)]
    survive_file_size_limits();
    let Arguments {
        data_dir,
        json,
        log,
        sim_limits,
        verb,
    } = arguments;
    if let Some(file) = &log {
        log::begin(file)?;
    }
    let session = Session {
        data_dir,
        json,
        log,
        sim_limits: sim_limits.into(),
    };
    match verb {
        Verb::Demo => verbs::demo::run(&session).await,
        Verb::Sim(args::SimVerb::Serve(arguments)) => verbs::sim::serve(arguments).await,
        Verb::Connect(arguments) => verbs::connect::run(&session, arguments).await,
        Verb::Vault(verb) => verbs::vault::run(&session, verb).await,
        Verb::Portals => verbs::portals::list(&session).await,
        Verb::Snapshot(verb) => verbs::snapshot::run(&session, verb).await,
        Verb::Status(copy) => verbs::portals::status(&session, &copy.copy).await,
        Verb::Forget(portal) => verbs::portals::forget(&session, portal.portal).await,
        Verb::Sync(arguments) => verbs::sync::run(&session, &arguments).await,
        Verb::Verify(portal) => verbs::verify::run(&session, portal.portal).await,
        Verb::Report(args::ReportVerb::Forecast(arguments)) => {
            verbs::forecast::run(&session, arguments).await
        }
        Verb::Report(args::ReportVerb::Activity(arguments)) => {
            verbs::activity::run(&session, arguments).await
        }
        Verb::Report(args::ReportVerb::Waterfall(arguments)) => {
            verbs::waterfall::run(&session, arguments).await
        }
        Verb::Report(args::ReportVerb::Competitors(arguments)) => {
            verbs::competitors::report(&session, arguments).await
        }
        Verb::Competitors(verb) => verbs::competitors::list(&session, verb).await,
        Verb::Report(args::ReportVerb::Icp(arguments)) => {
            verbs::icp::report(&session, arguments).await
        }
        Verb::Icp(verb) => verbs::icp::run(&session, verb).await,
        Verb::Report(args::ReportVerb::Scoring(arguments)) => {
            verbs::scoring::report(&session, arguments).await
        }
        Verb::Quota(verb) => verbs::quota::run(&session, verb).await,
        Verb::FiscalYear {
            portal,
            first_month,
        } => verbs::fiscal_year::run(&session, portal.portal, first_month).await,
        Verb::Score(verb) => verbs::score::run(&session, verb).await,
        Verb::Writeback(verb) => verbs::writeback::run(&session, verb).await,
        Verb::Sql { portal, query } => verbs::sql::run(&session, &portal.copy, query).await,
    }
}

//! The use cases in a terminal: results on standard output, progress and errors on standard error.

mod args;
mod browser;
mod failure;
mod output;
mod session;
mod verbs;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Arguments, Verb};
use crate::failure::Failure;
use crate::session::Session;

fn main() -> ExitCode {
    // Bad usage ends here, with clap's words and exit status 2.
    let arguments = Arguments::parse();
    let json = arguments.json;
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|_| Failure::usage("this machine gives the program no threads"))
        .and_then(|runtime| runtime.block_on(run(arguments)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print(json);
            failure.exit_code()
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Failure> {
    let Arguments {
        data_dir,
        json,
        verb,
    } = arguments;
    let session = Session { data_dir, json };
    match verb {
        Verb::Demo => verbs::demo::run(&session).await,
        Verb::Sim(args::SimVerb::Serve(arguments)) => verbs::sim::serve(arguments).await,
        Verb::Connect(arguments) => verbs::connect::run(&session, arguments).await,
        Verb::Portals => verbs::portals::list(&session).await,
        Verb::Status(portal) => verbs::portals::status(&session, portal.portal).await,
        Verb::Forget(portal) => verbs::portals::forget(&session, portal.portal).await,
        Verb::Sync(portal) => verbs::sync::run(&session, portal.portal).await,
        Verb::Report(args::ReportVerb::Forecast(arguments)) => {
            verbs::forecast::run(&session, arguments).await
        }
        Verb::Writeback(verb) => verbs::writeback::run(&session, verb).await,
        Verb::Sql { portal, query } => verbs::sql::run(&session, portal.portal, query).await,
    }
}

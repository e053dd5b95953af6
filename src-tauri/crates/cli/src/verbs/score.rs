//! `plumbline score`.

mod card;
mod file;

use crate::args::score::ScoreVerb;
use crate::failure::Failure;
use crate::session::Session;

pub(crate) async fn run(session: &Session, verb: ScoreVerb) -> Result<(), Failure> {
    match verb {
        ScoreVerb::Csv(arguments) => file::run(session, arguments).await,
    }
}

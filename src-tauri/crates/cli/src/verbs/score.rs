//! `plumbline score`.

mod card;
mod file;

use crate::args::score::ScoreVerb;
use crate::failure::Failure;
use crate::session::Session;
use crate::verbs::scoring;

pub(crate) async fn run(session: &Session, verb: ScoreVerb) -> Result<(), Failure> {
    match verb {
        ScoreVerb::Train {
            portal,
            scope,
            overrule,
            reason,
        } => {
            let overrule = overrule.zip(reason);
            scoring::train(session, portal.portal, scope, overrule).await
        }
        ScoreVerb::Card { portal, version } => scoring::card(session, &portal.copy, version).await,
        ScoreVerb::Explain {
            portal,
            deal,
            scope,
        } => scoring::explain(session, &portal.copy, deal, scope).await,
        ScoreVerb::Csv(arguments) => file::run(session, arguments).await,
    }
}

//! `plumbline score`.

mod card;
mod file;
mod models;
mod properties;

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
        ScoreVerb::Card {
            portal,
            of,
            version,
        } => scoring::card(session, &portal.copy, of, version).await,
        ScoreVerb::Models { portal } => models::list(session, &portal.copy).await,
        ScoreVerb::Use { portal, version } => models::choose(session, portal.portal, version).await,
        ScoreVerb::Properties {
            portal,
            learn,
            usual,
        } => {
            let chosen = (usual || !learn.is_empty()).then_some(learn);
            properties::run(session, &portal.copy, chosen).await
        }
        ScoreVerb::Explain {
            portal,
            record,
            scope,
            behind,
        } => scoring::explain(session, &portal.copy, (record, behind), scope).await,
        ScoreVerb::Csv(arguments) => file::run(session, arguments).await,
    }
}

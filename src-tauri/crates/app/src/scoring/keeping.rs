//! The models that are kept: trained, held against the one in use, and asked again after a sync.

use analyses::scoring::report::{RecordScore, ScoreCard, challenge, learn, score};
use analyses::scoring::rows::{RowsQuestion, open};
use analyses::scoring::{Model, Scored};
use crm::Moment;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use store::{NewScoreModel, PortalStore, ScoreModelRow, ScoreRow, ScoreScope};

use super::{Wanted, beside, horizon, models, no_pipeline, properties, question};
use crate::app::{App, blocking};
use crate::forecasting::Standing;
use crate::open_portal::OpenPortal;
use crate::views::{ScoreTrainArgs, ScoreTrainView};
use crate::wire::{WireError, internal};

/// A model in use that is older is trained again after a sync.
const TRAINED_ANEW_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The shortest reason that says anything.
const SHORTEST_REASON: usize = 10;

/// What a model was asked beside its scope.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Settings {
    pub(super) properties: Vec<String>,
}

/// The model that is used.
pub(super) struct InUse {
    pub(super) version: u32,
    /// What it was asked to learn from beside the usual.
    pub(super) properties: Vec<String>,
    pub(super) card: ScoreCard,
    pub(super) model: Model,
}

/// What a training came to.
struct Kept {
    version: u32,
    takes_over: bool,
    why: String,
}

impl App {
    /// Trains a score on all that is known now, keeps it with its card, and uses it from now on, unless the
    /// one in use is better. One that says too little is kept too, and its card says why.
    ///
    /// # Errors
    /// When the portal, the pipeline or a property is unknown, it was never synced, or a suspect is let in
    /// without a reason.
    pub async fn score_train(&self, args: ScoreTrainArgs) -> Result<ScoreTrainView, WireError> {
        let portal = self.portal(args.portal).await?;
        let now = self.now();
        let wanted = Wanted {
            of: args.of,
            pipeline: args.pipeline.clone(),
            horizon_days: horizon(args.horizon_days)?,
            properties: properties::wanted(&portal, args.of, args.properties, now).await?,
        };
        if let Some(overrule) = args.overrule {
            let reason = overrule.reason.trim().to_owned();
            if !reason.is_empty() && reason.chars().count() < SHORTEST_REASON {
                return Err(WireError::bad_input(
                    "A suspect is let in for a reason that others understand.",
                    "Say why this is known before a deal is closed.",
                ));
            }
            let event = wanted.of.event();
            portal
                .with_store(move |store| {
                    let column = &overrule.column;
                    store.write(|tx| store::overrule_suspect(tx, now, event, column, &reason))?;
                    Ok(())
                })
                .await?;
        }
        let kept = train(&portal, &wanted, now).await?;
        let scored = score_open(&portal, &wanted, now).await?;
        portal.forget_scores().await;
        let (of, version) = (args.of, Some(kept.version));
        let model = portal
            .with_store(move |store| models::find(store, of, version))
            .await?;
        Ok(ScoreTrainView {
            model: model.ok_or_else(|| internal("a model that was kept is not there"))?,
            takes_over: kept.takes_over,
            why: kept.why,
            scored,
        })
    }

    /// Asks the models in use again once the copy has changed, and trains those anew that have become old.
    /// The scores before stay where this fails.
    pub(crate) async fn keep_scores(&self, portal: &OpenPortal) {
        if let Err(error) = keep_scores(portal, self.now()).await {
            tracing::warn!(code = ?error.code, "scores were not brought up to date");
        }
    }
}

async fn keep_scores(portal: &OpenPortal, now: Moment) -> Result<(), WireError> {
    let all = portal
        .with_store(|store| Ok(store.read(store::score_models)?))
        .await?;
    for model in all.into_iter().filter(|model| model.in_force.is_some()) {
        // What a later version of the program scores is not this one's.
        let Some(of) = Scored::of_event(&model.scope.event) else {
            continue;
        };
        let chosen = portal
            .with_store(move |store| properties::chosen(store, of))
            .await?;
        let wanted = Wanted {
            of,
            properties: chosen.unwrap_or(settings(&model)?.properties),
            horizon_days: model.scope.horizon_days,
            pipeline: model.scope.pipeline,
        };
        if now.since(model.trained_at) > TRAINED_ANEW_AFTER {
            train(portal, &wanted, now).await?;
        }
        score_open(portal, &wanted, now).await?;
    }
    portal.forget_scores().await;
    Ok(())
}

async fn train(portal: &OpenPortal, wanted: &Wanted, now: Moment) -> Result<Kept, WireError> {
    let Standing { complete_to, .. } = portal.standing(wanted.pipeline.as_ref()).await?;
    let question = question(portal, wanted, complete_to, now).await?;
    let timeline = portal.timeline().await?;
    let beside = beside(portal, wanted.of, &wanted.properties).await?;
    let of = wanted.clone();
    let champion = portal.with_store(move |store| in_use(store, &of)).await?;
    let (learnt, verdict) = blocking(move || {
        let learnt = learn(&timeline, &beside, &question)?.ok_or_else(no_pipeline)?;
        let champion = champion.as_ref();
        let champion = champion.map(|champion| (&champion.model, champion.card.as_of));
        let verdict = challenge(champion, &learnt)?;
        Ok((learnt, verdict))
    })
    .await?;
    let new = NewScoreModel {
        scope: scope(wanted),
        as_of: complete_to,
        trained_at: now,
        published: learnt.card.model.is_published(),
        settings: json(&Settings {
            properties: wanted.properties.clone(),
        })?,
        card: json(&learnt.card)?,
        model: match &learnt.training.model {
            Some(model) if learnt.card.model.is_published() => Some(json(model)?),
            _ => None,
        },
    };
    let (takes_over, why) = (verdict.takes_over, verdict.why.clone());
    let version = portal
        .with_store(move |store| {
            Ok(store.write(|tx| {
                let version = store::add_score_model(tx, &new)?;
                if verdict.takes_over {
                    store::choose_score_model(tx, now, version, &verdict.why)?;
                }
                Ok(version)
            })?)
        })
        .await?;
    Ok(Kept {
        version,
        takes_over,
        why,
    })
}

/// Scores the open records by the model in use. Tells how many.
pub(super) async fn score_open(
    portal: &OpenPortal,
    wanted: &Wanted,
    now: Moment,
) -> Result<u32, WireError> {
    let of = wanted.clone();
    let Some(champion) = portal.with_store(move |store| in_use(store, &of)).await? else {
        return Ok(0);
    };
    let Standing { complete_to, .. } = portal.standing(None).await?;
    let timeline = portal.timeline().await?;
    let beside = beside(portal, wanted.of, &champion.properties).await?;
    let rows = RowsQuestion {
        of: wanted.of,
        pipeline: wanted.pipeline.clone(),
        horizon_days: wanted.horizon_days,
        ..RowsQuestion::at(complete_to)
    };
    let version = champion.version;
    let scores = blocking(move || {
        let open = open(&timeline, &beside, &rows)?;
        Ok(score(&champion.model, &champion.card, &open)?)
    })
    .await?;
    let rows = scores.iter().map(|score| row(score, complete_to, now));
    let rows = rows.collect::<Result<Vec<ScoreRow>, WireError>>()?;
    let scored = rows.len() as u32;
    portal
        .with_store(move |store| Ok(store.write(|tx| store::add_scores(tx, version, &rows))?))
        .await?;
    Ok(scored)
}

fn row(score: &RecordScore, as_of: Moment, scored_at: Moment) -> Result<ScoreRow, WireError> {
    Ok(ScoreRow {
        record: score.record,
        as_of,
        scored_at,
        probability: score.probability,
        percentile: score.percentile,
        band: score.band.name().to_owned(),
        reasons: Some(json(&score.reasons)?),
    })
}

fn scope(wanted: &Wanted) -> ScoreScope {
    ScoreScope {
        event: wanted.of.event().to_owned(),
        horizon_days: wanted.horizon_days,
        pipeline: wanted.pipeline.clone(),
    }
}

/// The model in use for what is wanted, whatever properties it has learnt from. None where there is none.
pub(super) fn in_use(store: &PortalStore, wanted: &Wanted) -> Result<Option<InUse>, WireError> {
    let all = store.read(store::score_models)?;
    let scope = scope(wanted);
    let found = all
        .into_iter()
        .find(|model| model.in_force.is_some() && model.scope == scope);
    let Some(found) = found else { return Ok(None) };
    let version = found.version;
    let model = store.read(|connection| store::score_model(connection, version))?;
    let Some(model) = model else { return Ok(None) };
    // A model of another version of the program is learnt anew, not guessed at.
    let Ok(model) = serde_json::from_str::<Model>(&model) else {
        tracing::warn!(version, "a kept model cannot be read");
        return Ok(None);
    };
    Ok(Some(InUse {
        version,
        properties: settings(&found)?.properties,
        card: card(&found)?,
        model,
    }))
}

pub(super) fn card(model: &ScoreModelRow) -> Result<ScoreCard, WireError> {
    serde_json::from_str(&model.card).map_err(|_| internal("a kept model card could not be read"))
}

pub(super) fn settings(model: &ScoreModelRow) -> Result<Settings, WireError> {
    serde_json::from_str(&model.settings)
        .map_err(|_| internal("what a kept model was asked could not be read"))
}

fn json(value: &impl Serialize) -> Result<String, WireError> {
    serde_json::to_string(value).map_err(|_| internal("a model could not be written"))
}

//! How likely open deals are won, or contacts convert: the report, the models that are kept, and one
//! record's reasons.

mod feed;
mod keeping;
mod models;
mod properties;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread::available_parallelism;

use analyses::scoring::report::{
    ScoreCard, ScoringQuestion, ScoringReport, explain, learn, report,
};
use analyses::scoring::rows::{Beside, LearningRows, RowsQuestion, learning, open};
use analyses::scoring::{Model, Scored, ScoringError};
use crm::{Moment, PipelineId, RecordId};
use timeline::Timeline;

use crate::app::{App, blocking};
use crate::forecasting::{Standing, zone};
use crate::hint;
use crate::open_portal::OpenPortal;
use crate::period;
use crate::views::{ScoreExplainArgs, ScoreExplainView, ScoringArgs, ScoringView};
use crate::wire::{WireError, internal};

/// Days within which it happens or not.
const HORIZONS: [u32; 3] = [30, 90, 180];
const USUAL_HORIZON: u32 = 90;

/// What is asked, as far as the answer depends on it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asked {
    question: ScoringQuestion,
    properties: Vec<String>,
    /// The kept model that answers; none where one is learnt for this answer alone.
    version: Option<u32>,
}

/// The answer, with what explains it.
pub(crate) struct Made {
    card: ScoreCard,
    model: Option<Model>,
    rows: LearningRows,
    beside: Arc<Beside>,
    report: ScoringReport,
}

impl App {
    /// How likely open deals are won, or contacts convert; or in words why there is no score: by the kept
    /// model in use, or as of a past day by what could be learnt then.
    ///
    /// # Errors
    /// When the portal, the pipeline or a property is unknown, the horizon is none of the three, or the
    /// portal was never synced.
    pub async fn scoring(&self, args: ScoringArgs) -> Result<ScoringView, WireError> {
        let portal = self.copy(args.portal).await?;
        let pipelines = portal.standing(args.pipeline.as_ref()).await?.pipelines;
        let (asked, made) = self.scored(&portal, &args).await?;
        let of = args.of;
        let mut names = portal
            .with_store(move |store| Ok(feed::names(store, of)?))
            .await?;
        let scores = made.report.scores.iter();
        let listed: BTreeSet<RecordId> = scores.map(|score| score.record).collect();
        names.retain(|id, name| !name.is_empty() && listed.contains(id));
        Ok(ScoringView {
            portal: args.portal,
            snapshot: portal.snapshot(),
            pipelines,
            version: asked.version,
            names,
            report: made.report.clone(),
        })
    }

    /// Why an open deal's or a contact's score is what it is, with those behind each reason.
    ///
    /// # Errors
    /// Those of [`App::scoring`]; when there is no score, or the record is not open.
    pub async fn score_explain(
        &self,
        args: ScoreExplainArgs,
    ) -> Result<ScoreExplainView, WireError> {
        let portal = self.copy(args.scoring.portal).await?;
        let (asked, made) = self.scored(&portal, &args.scoring).await?;
        let timeline = portal.timeline().await?;
        let (record, version) = (args.record, asked.version);
        let of = asked.question.rows.of;
        let mut names = portal
            .with_store(move |store| Ok(feed::names(store, of)?))
            .await?;
        let name = names.remove(&record);
        let (card, explanation) = blocking(move || {
            let model = made.model.as_ref().filter(|_| made.report.is_published);
            let Some(model) = model else {
                return Err(no_score(&made.card));
            };
            let open = open(&timeline, &made.beside, &asked.question.rows)?;
            let explained = explain(model, &made.card, &open, &made.rows, record)?;
            let explained = explained.ok_or_else(|| not_open(of))?;
            Ok((made.card.clone(), explained))
        })
        .await?;
        Ok(ScoreExplainView {
            portal: args.scoring.portal,
            snapshot: portal.snapshot(),
            version,
            name,
            card,
            explanation,
        })
    }

    async fn scored(
        &self,
        portal: &OpenPortal,
        args: &ScoringArgs,
    ) -> Result<(Asked, Arc<Made>), WireError> {
        let Standing {
            info, complete_to, ..
        } = portal.standing(args.pipeline.as_ref()).await?;
        let now = self.now_in(portal);
        let asked = period::looked_from(args.as_of.as_deref(), &zone(&info), now)?;
        let mut wanted = Wanted {
            of: args.of,
            pipeline: args.pipeline.clone(),
            horizon_days: horizon(args.horizon_days)?,
            properties: args.properties.clone(),
        };
        let kept = if args.as_of.is_none() {
            let wanted = wanted.clone();
            portal
                .with_store(move |store| keeping::in_use(store, &wanted))
                .await?
        } else {
            None
        };
        // Who names properties means a model that has learnt from these.
        let kept = kept.filter(|kept| wanted.is_for(&kept.properties));
        if let Some(kept) = &kept {
            wanted.properties.clone_from(&kept.properties);
        } else if wanted.properties.is_empty() {
            let of = args.of;
            let chosen = portal
                .with_store(move |store| properties::chosen(store, of))
                .await?;
            wanted.properties = chosen.unwrap_or_default();
        }
        let as_of = asked.min(complete_to);
        let question = question(portal, &wanted, as_of, as_of).await?;
        let asked = Asked {
            question,
            properties: wanted.properties,
            version: kept.as_ref().map(|kept| kept.version),
        };
        let loaded = portal.loaded().await?;
        let timeline = Arc::clone(&loaded.timeline);
        let of = asked.clone();
        let make = || async move {
            let beside = beside(portal, of.question.rows.of, &of.properties).await?;
            blocking(move || match kept {
                Some(kept) => by_kept(&timeline, beside, &of.question, kept),
                None => by_learning(&timeline, beside, &of.question),
            })
            .await
        };
        let made = loaded.scores.get(asked.clone(), make).await?;
        Ok((asked, made))
    }
}

/// Which model is wanted.
#[derive(Debug, Clone, PartialEq)]
struct Wanted {
    of: Scored,
    pipeline: Option<PipelineId>,
    horizon_days: u32,
    properties: Vec<String>,
}

impl Wanted {
    /// Whether a model that has learnt from these properties is meant.
    fn is_for(&self, learnt: &[String]) -> bool {
        let mut all = [self.properties.clone(), learnt.to_vec()];
        for names in &mut all {
            names.sort_unstable();
        }
        self.properties.is_empty() || all[0] == all[1]
    }
}

async fn question(
    portal: &OpenPortal,
    wanted: &Wanted,
    as_of: Moment,
    trained_at: Moment,
) -> Result<ScoringQuestion, WireError> {
    let event = wanted.of.event();
    let overruled = portal
        .with_store(move |store| {
            Ok(store.read(|connection| store::overruled_suspects(connection, event))?)
        })
        .await?;
    Ok(ScoringQuestion {
        rows: RowsQuestion {
            of: wanted.of,
            pipeline: wanted.pipeline.clone(),
            horizon_days: wanted.horizon_days,
            ..RowsQuestion::at(as_of)
        },
        overruled,
        trained_at,
        // The portal's own id, so that the same data gives the same bytes for everybody.
        seed: portal.store.id().get(),
        threads: available_parallelism().map_or(1, NonZeroUsize::get),
    })
}

async fn beside(
    portal: &OpenPortal,
    of: Scored,
    properties: &[String],
) -> Result<Arc<Beside>, WireError> {
    let more = properties.to_vec();
    let read = portal
        .with_store(move |store| Ok(store.read(|connection| feed::beside(connection, of, &more))?))
        .await?;
    match read {
        Ok(beside) => Ok(Arc::new(beside)),
        Err(feed::NoSuchProperty(name)) => Err(crate::icp::no_property(&name)),
    }
}

fn by_kept(
    timeline: &Timeline,
    beside: Arc<Beside>,
    question: &ScoringQuestion,
    kept: keeping::InUse,
) -> Result<Made, WireError> {
    // What a reason rests on are the rows that the model learnt from.
    let learnt = RowsQuestion {
        as_of: kept.card.as_of,
        ..question.rows.clone()
    };
    let rows = learning(timeline, &beside, &learnt)?;
    let model = Some(&kept.model);
    let report = report(timeline, &beside, question, (&kept.card, model), &rows)?;
    Ok(Made {
        card: kept.card,
        model: Some(kept.model),
        rows,
        beside,
        report,
    })
}

fn by_learning(
    timeline: &Timeline,
    beside: Arc<Beside>,
    question: &ScoringQuestion,
) -> Result<Made, WireError> {
    let learnt = learn(timeline, &beside, question)?.ok_or_else(no_pipeline)?;
    let model = learnt.training.model.as_ref();
    let report = report(
        timeline,
        &beside,
        question,
        (&learnt.card, model),
        &learnt.rows,
    )?;
    Ok(Made {
        card: learnt.card,
        model: learnt.training.model,
        rows: learnt.rows,
        beside,
        report,
    })
}

fn horizon(asked: Option<u32>) -> Result<u32, WireError> {
    let days = asked.unwrap_or(USUAL_HORIZON);
    if HORIZONS.contains(&days) {
        return Ok(days);
    }
    Err(WireError::bad_input(
        "It happens within 30, 90 or 180 days, or not.",
        "Ask for one of these.",
    ))
}

fn no_pipeline() -> WireError {
    WireError::bad_input("This portal has no such pipeline.", hint::CHOOSE_PIPELINE)
}

fn not_open(of: Scored) -> WireError {
    match of {
        Scored::Deals => WireError::bad_input(
            "This deal is not open, or not in this pipeline: it has no score.",
            "Ask about an open deal; sync the portal where it is new.",
        ),
        Scored::Contacts => WireError::bad_input(
            "There is no such contact, or a deal with it is won: it has no score.",
            "Ask about a contact without a won deal; sync the portal where it is new.",
        ),
    }
}

fn no_score(card: &ScoreCard) -> WireError {
    let why = card.model.refusals.iter();
    let why: Vec<&str> = why.map(|refusal| refusal.sentence.as_str()).collect();
    WireError::bad_input(
        format!("There is no score. {}", why.join(" ")),
        hint::SEE_SCORING,
    )
}

impl From<ScoringError> for WireError {
    fn from(error: ScoringError) -> Self {
        tracing::error!(%error, "scoring");
        internal("a score met rows that it could not read")
    }
}

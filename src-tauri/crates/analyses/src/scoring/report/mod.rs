//! The report on scores of open deals: what is scored and of whom, how well that went on deals it had
//! not seen, each open deal's score with its reasons; or, in words, why there is no score yet.

mod card;
mod challenge;
mod explained;
mod learnt;
mod scored;
mod segments;
mod words;

use crm::{Moment, RecordId};
use serde::Serialize;
use timeline::{Timeline, queries};

pub use card::{ColumnView, Event, PopulationView, ReliabilityBin, ScoreCard};
pub use challenge::{Challenge, challenge};
pub use explained::{Explanation, explain};
pub use learnt::{Learnt, ScoringQuestion, learn};
pub use scored::{Band, Reason, RecordScore, score};
pub use segments::{SegmentRate, SegmentTable};

use super::rows::{Beside, LearningRows, OpenRows, open};
use super::{Model, ScoringError};
use crate::forecast::report::{QueryParameter, QueryRef};
use crate::forecast::scope::list;

/// The shape of the report. Counts up when a field goes or changes its meaning; fields may be added.
pub const SCHEMA: &str = "scoring/1";
/// Changes whenever the same data could give another figure.
const METHOD: &str = "landmarks/1";

/// Scores of open deals, as knowable at a moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ScoringReport {
    /// The name and version of this shape.
    pub schema: String,
    /// Nothing later than this moment was used.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub as_of: Moment,
    /// The portal's time zone.
    pub time_zone: String,
    /// The finding, or why there is no score, in a sentence.
    pub finding: String,
    /// Whether there is a score. Without, nothing is offered for HubSpot.
    pub is_published: bool,
    /// What the score is, of whom, and how well it did.
    pub card: ScoreCard,
    /// The open deals, the likeliest first. Empty where there is no score.
    pub scores: Vec<RecordScore>,
    /// Where there is no score: how often deals were won by what is known of them, drawn to the common
    /// rate. No score, and called by its name.
    pub segments: Vec<SegmentTable>,
    /// The deals behind the counts.
    pub groups: Vec<Group>,
    /// What a reader must know.
    pub notes: Vec<String>,
    /// How the figures were made.
    pub method: Method,
}

/// Deals behind a count.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "ScoreGroup"))]
pub struct Group {
    /// `won`, `lost` or `open`; a reason's, its column.
    pub id: String,
    /// Which deals these are.
    pub definition: String,
    /// How many.
    pub n: u32,
    /// Their ids.
    #[cfg_attr(feature = "bindings", ts(type = "string[]"))]
    pub records: Vec<RecordId>,
    /// The query that lists them.
    pub query: QueryRef,
}

/// How the figures were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "ScoreMethod"))]
pub struct Method {
    /// Its name and version.
    pub id: String,
    /// In words.
    pub text: String,
    /// The seed of the draws.
    pub seed: String,
}

impl Group {
    fn of(id: &str, definition: String, records: Vec<RecordId>) -> Self {
        let ids: Vec<u64> = records.iter().map(|id| id.get()).collect();
        Self {
            id: id.to_owned(),
            definition,
            n: records.len() as u32,
            query: QueryRef {
                name: queries::DEALS_BEHIND_SCORE.name.to_owned(),
                parameters: vec![QueryParameter {
                    name: ":deals".to_owned(),
                    value: list(&ids),
                }],
            },
            records,
        }
    }
}

/// The report: what a model says of the deals that are open at the question's moment, with the rows that
/// it has learnt from. The same timeline, question and seed give the same bytes.
///
/// # Errors
/// When trees cannot be asked, which no data brings about.
pub fn report(
    timeline: &Timeline,
    beside: &Beside,
    question: &ScoringQuestion,
    (card, model): (&ScoreCard, Option<&Model>),
    learnt: &LearningRows,
) -> Result<ScoringReport, ScoringError> {
    let open = open(timeline, beside, &question.rows)?;
    let is_published = card.model.is_published();
    let scores = match model {
        Some(model) if is_published => score(model, card, &open)?,
        _ => Vec::new(),
    };
    let segments = if is_published {
        Vec::new()
    } else {
        segments::tables(learnt)
    };
    Ok(ScoringReport {
        schema: SCHEMA.to_owned(),
        as_of: question.rows.as_of,
        time_zone: zone_name(timeline),
        finding: words::finding(card, open.records.len()),
        is_published,
        groups: groups(learnt, &open),
        notes: words::notes(card, &open),
        method: Method {
            id: METHOD.to_owned(),
            text: words::METHOD.to_owned(),
            seed: question.seed.to_string(),
        },
        scores,
        segments,
        card: card.clone(),
    })
}

fn zone_name(timeline: &Timeline) -> String {
    let zone = &timeline.clock().zone;
    zone.iana_name().unwrap_or("UTC").to_owned()
}

fn groups(learnt: &LearningRows, open: &OpenRows) -> Vec<Group> {
    let population = &learnt.population;
    vec![
        Group::of("won", words::WON.to_owned(), population.won.clone()),
        Group::of("lost", words::LOST.to_owned(), population.lost.clone()),
        Group::of("open", words::OPEN.to_owned(), open.records.clone()),
    ]
}

//! The report on scores of open deals, or of contacts without a won deal: what is scored and of whom, how
//! well that went on those it had not seen, each score with its reasons; or, in words, why there is no
//! score yet.

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
use super::{Model, Scored, ScoringError};
use crate::forecast::report::{QueryParameter, QueryRef};
use crate::forecast::scope::list;

/// The shape of the report. Counts up when a field goes or changes its meaning; fields may be added.
pub const SCHEMA: &str = "scoring/1";
/// Scores that a report lists, at most: a portal may have a million contacts. All are kept once a model is.
const LISTED: usize = 10_000;
/// Changes whenever the same data could give another figure.
const METHOD: &str = "landmarks/1";

/// Scores of open deals, or of contacts without a won deal, as knowable at a moment.
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
    /// The open deals, or the contacts, the likeliest first. Empty where there is no score.
    pub scores: Vec<RecordScore>,
    /// Where there is no score: how often they were won by what is known of them, drawn to the common rate.
    /// No score, and called by its name.
    pub segments: Vec<SegmentTable>,
    /// The records behind the counts.
    pub groups: Vec<Group>,
    /// What a reader must know.
    pub notes: Vec<String>,
    /// How the figures were made.
    pub method: Method,
}

/// Deals, or contacts, behind a count.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "ScoreGroup"))]
pub struct Group {
    /// `won`, `lost` or `open`; a reason's, its column.
    pub id: String,
    /// Which these are.
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
    fn of(of: Scored, id: &str, definition: String, records: Vec<RecordId>) -> Self {
        let query = match of {
            Scored::Deals => queries::DEALS_BEHIND_SCORE,
            Scored::Contacts => queries::CONTACTS_BEHIND_SCORE,
        };
        let ids: Vec<u64> = records.iter().map(|id| id.get()).collect();
        Self {
            id: id.to_owned(),
            definition,
            n: records.len() as u32,
            query: QueryRef {
                name: query.name.to_owned(),
                parameters: vec![QueryParameter {
                    name: format!(":{}", of.many()),
                    value: list(&ids),
                }],
            },
            records,
        }
    }
}

/// The report: what a model says of the records that are open at the question's moment, with the rows that
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
    let mut scores = match model {
        Some(model) if is_published => score(model, card, &open)?,
        _ => Vec::new(),
    };
    let unlisted = scores.len().saturating_sub(LISTED);
    scores.truncate(LISTED);
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
        groups: groups(card.of, learnt, &open),
        notes: words::notes(card, &open, unlisted),
        method: Method {
            id: METHOD.to_owned(),
            text: words::method(card.of),
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

fn groups(of: Scored, learnt: &LearningRows, open: &OpenRows) -> Vec<Group> {
    let population = &learnt.population;
    let [won, lost, still] = words::groups(of);
    let group = |(id, definition): (&str, &str), records: &[RecordId]| {
        Group::of(of, id, definition.to_owned(), records.to_vec())
    };
    vec![
        group(won, &population.won),
        group(lost, &population.lost),
        group(still, &open.records),
    ]
}

//! Which activities go with winning, and how much of that stands up to scrutiny?
//!
//! Deals that live longer gather more of everything, so a plain comparison finds effects that are
//! none. The report shows a ladder for each kind of activity: the raw difference, the rate a week,
//! deals of one age, weeks alike in all that is known, and pairs of deals; with the label that the
//! rule gives. Only what was known at a moment counts: an activity from the time when it had happened
//! and was on record.

mod design;
mod ladder;
mod lives;
mod matching;
mod measure;
pub mod report;
mod rows;
mod stalled;
mod verdict;
mod words;

use std::collections::BTreeMap;

use crm::{Moment, PipelineId, RecordId};
use timeline::{Timeline, queries};

pub use measure::Measure;
use report::{ActivityReport, ActivityRow, Group, Method, Rung, Verdict};

use crate::forecast::report::{PipelineView, QueryParameter, QueryRef};
use crate::forecast::scope::list;
use crate::threads::by_two;
use ladder::Frame;
use lives::Lives;

/// The shape of the report. Counts up when a field goes or changes its meaning; fields may be added.
pub const SCHEMA: &str = "activity/1";
/// Changes whenever the same data could give another figure.
const METHOD: &str = "ladder/3";

const DAY: i64 = 86_400;
const WEEK: i64 = 7 * DAY;
/// Days within which a deal is won or not: HubSpot's own.
const HORIZON_DAYS: u32 = 90;
const HORIZON_WEEKS: usize = 13;
/// What happens in the last week before an ending is often made by it, and counts for nothing.
const LAG_DAYS: u32 = 7;
const LANDMARKS: [u32; 3] = [14, 30, 60];
/// Days of the windows in which activity is counted.
pub const WINDOWS: [u32; 3] = [7, 14, 30];
/// Weeks of deals beyond which deals are drawn by lot.
const MOST_WEEKS: f64 = 40_000.0;
/// Deals of the report beyond which those at landmarks are drawn by lot.
const MOST_AT_LANDMARKS: f64 = 20_000.0;
const LEVEL: f64 = 0.95;
/// What random numbers are for.
const PURPOSE_WEEKS: u32 = 401;
const PURPOSE_PARTNERS: u32 = 402;
const PURPOSE_PAIRS: u32 = 403;
const PURPOSE_LANDMARKS: u32 = 404;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityQuestion {
    /// Nothing later than this is used.
    pub as_of: Moment,
    /// One pipeline, or all.
    pub pipeline: Option<PipelineId>,
    /// The kinds of activity, in the order of [`Measure::ALL`].
    pub measures: Vec<Measure>,
    /// Days of the windows.
    pub windows: Vec<u32>,
    /// The company of each deal that has one: deals of one company are not independent.
    pub companies: BTreeMap<RecordId, RecordId>,
    /// The run's seed.
    pub seed: u64,
    /// Draws of the bootstrap.
    pub draws: u32,
}

impl ActivityQuestion {
    /// All kinds and windows, each deal for itself, 1,000 draws.
    #[must_use]
    pub fn at(as_of: Moment) -> Self {
        Self {
            as_of,
            pipeline: None,
            measures: Measure::ALL.to_vec(),
            windows: WINDOWS.to_vec(),
            companies: BTreeMap::new(),
            seed: 0,
            draws: 1_000,
        }
    }
}

/// The report. None where the portal has no such pipeline. The same timeline and question give the
/// same bytes.
#[must_use]
pub fn activity(timeline: &Timeline, question: &ActivityQuestion) -> Option<ActivityReport> {
    let pipeline = match &question.pipeline {
        None => None,
        Some(id) => Some(timeline.find_pipeline(id)?),
    };
    let frame = Frame::of(Lives::of(timeline, question), question);
    let mut groups = groups(&frame, question);
    let whole = by_two(&question.measures, |&measure| frame.of_whole_lives(measure));
    let asked: Vec<(Measure, &[Rung; 2], u32)> = question
        .measures
        .iter()
        .zip(&whole)
        .flat_map(|(&measure, whole)| {
            let windows = question.windows.iter();
            windows.map(move |&window| (measure, whole, window))
        })
        .collect();
    let made = by_two(&asked, |&(measure, whole, window)| {
        row(&frame, measure, whole, window, question)
    });
    let (mut rows, pairs): (Vec<_>, Vec<_>) = made.into_iter().unzip();
    groups.extend(pairs.into_iter().flatten());
    let questions = verdict::judge(&frame, &mut rows);
    rows.sort_by(|a, b| {
        let strength = |row: &ActivityRow| verdict::strength(row);
        a.verdict
            .cmp(&b.verdict)
            .then(strength(b).total_cmp(&strength(a)))
    });
    let stalled = stalled::stalled(&frame, question);
    Some(ActivityReport {
        schema: SCHEMA.to_owned(),
        as_of: question.as_of,
        time_zone: timeline
            .clock()
            .zone
            .iana_name()
            .unwrap_or("UTC")
            .to_owned(),
        pipeline: pipeline.map(|ix| PipelineView {
            id: timeline.pipeline(ix).id.clone(),
            label: timeline.pipeline(ix).label.clone(),
        }),
        horizon_days: HORIZON_DAYS,
        lag_days: LAG_DAYS,
        finding: words::finding(&rows),
        questions,
        stalled,
        groups,
        notes: words::notes(&frame),
        method: Method {
            id: METHOD.to_owned(),
            text: words::METHOD.to_owned(),
            seed: question.seed.to_string(),
            draws: question.draws,
            deal_weeks: frame.weeks.rows.len() as u32,
            sampled: frame.sampled,
            sampled_at_landmarks: frame.sampled_at_landmarks,
        },
        rows,
    })
}

fn row(
    frame: &Frame<'_>,
    measure: Measure,
    of_whole_lives: &[Rung; 2],
    window: u32,
    question: &ActivityQuestion,
) -> (ActivityRow, Option<Group>) {
    let least = frame.least(measure, window);
    let mut rungs = of_whole_lives.to_vec();
    let mut pairs = None;
    if measure.is_evidence() {
        rungs.push(frame.landmark(measure, window, least));
        rungs.push(frame.adjusted(measure, window, least));
        let (rung, deals) = frame.matched(measure, window, least);
        let definition = words::pairs_group(measure, window);
        pairs = Some(group(
            frame,
            question,
            &rung.group,
            definition,
            deals.into_iter(),
        ));
        rungs.push(rung);
    }
    let row = ActivityRow {
        measure,
        label: measure.label().to_owned(),
        definition: measure.definition().to_owned(),
        window_days: window,
        at_least: least,
        rungs,
        verdict: Verdict::NotUsed,
        verdict_label: String::new(),
        smallest_found: None,
        e_value: None,
        q: None,
        flags: Vec::new(),
    };
    (row, pairs)
}

/// The deals that all rungs of a kind share.
fn groups(frame: &Frame<'_>, question: &ActivityQuestion) -> Vec<Group> {
    let lives = frame.lives.lives.iter().zip(0_u32..);
    let closed = lives.filter(|(life, _)| life.ending != lives::Ending::Open);
    let closed: Vec<u32> = closed.map(|(_, place)| place).collect();
    vec![
        group(
            frame,
            question,
            "closed",
            words::CLOSED.to_owned(),
            closed.into_iter(),
        ),
        group(
            frame,
            question,
            "landmark",
            words::LANDMARK.to_owned(),
            frame.landmarks.deals().into_iter(),
        ),
        group(
            frame,
            question,
            "weeks",
            words::WEEKS.to_owned(),
            frame.weeks.deals().into_iter(),
        ),
    ]
}

fn group(
    frame: &Frame<'_>,
    question: &ActivityQuestion,
    id: &str,
    definition: String,
    places: impl Iterator<Item = u32>,
) -> Group {
    let deals: Vec<RecordId> = places
        .map(|place| frame.lives.lives[place as usize].id)
        .collect();
    Group {
        id: id.to_owned(),
        definition,
        n: deals.len() as u32,
        query: query(question.as_of, &deals),
        deals,
    }
}

/// The query that lists deals with what happened around them.
fn query(as_of: Moment, deals: &[RecordId]) -> QueryRef {
    let parameter = |name: &str, value: String| QueryParameter {
        name: name.to_owned(),
        value,
    };
    let ids: Vec<u64> = deals.iter().map(|id| id.get()).collect();
    QueryRef {
        name: queries::DEALS_WITH_ACTIVITY.name.to_owned(),
        parameters: vec![
            parameter(":as_of", as_of.millis().to_string()),
            parameter(":deals", list(&ids)),
        ],
    }
}

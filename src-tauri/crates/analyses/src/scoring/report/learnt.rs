//! From timelines to a trained score with its card.

use std::collections::BTreeMap;

use timeline::Timeline;

use super::card::{ColumnView, PopulationView, ScoreCard, reliability, share};
use super::words;
use crate::forecast::report::PipelineView;
use crate::scoring::rows::{Beside, LearningRows, OpenRows, RowsQuestion, learning, open};
use crate::scoring::{
    ModelCard, Obstacle, Options, Order, Provenance, Refusal, Scored, ScoringError, Subject,
    SuspectKind, Told, Training, train,
};
use crm::Moment;

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoringQuestion {
    /// Which deals or contacts, when, and within how many days.
    pub rows: RowsQuestion,
    /// Columns that the auditor suspects and somebody lets in, each with the reason that they typed.
    pub overruled: BTreeMap<String, String>,
    /// When this is, for the card.
    pub trained_at: Moment,
    /// Where random samples begin.
    pub seed: u64,
    /// The threads to work on; they change no result.
    pub threads: usize,
}

/// What was learnt from a portal's deals or contacts.
#[derive(Debug, Clone)]
pub struct Learnt {
    /// The rows.
    pub rows: LearningRows,
    /// The model and what it said out of time.
    pub training: Training,
    /// The card.
    pub card: ScoreCard,
}

/// Learns a score, or says on its card why there is none. None where the portal has no such pipeline.
///
/// # Errors
/// When trees cannot be grown, which no data brings about.
pub fn learn(
    timeline: &Timeline,
    beside: &Beside,
    question: &ScoringQuestion,
) -> Result<Option<Learnt>, ScoringError> {
    let asked = &question.rows;
    let pipeline = match &asked.pipeline {
        None => None,
        Some(id) => match timeline.find_pipeline(id) {
            None => return Ok(None),
            Some(ix) => Some(PipelineView {
                id: id.clone(),
                label: timeline.pipeline(ix).label.clone(),
            }),
        },
    };
    let rows = learning(timeline, beside, asked)?;
    let population = population(timeline, asked, &rows, pipeline.as_ref());
    let millis = |moments: &[Moment]| moments.iter().map(|at| at.millis()).collect();
    let order = Order::Forward {
        seen: millis(&rows.seen),
        known: millis(&rows.known),
    };
    let options = Options {
        subject: Subject {
            event: words::happens(asked.of),
            horizon_days: Some(asked.horizon_days),
            population: population.text.clone(),
        },
        baseline: Some(rows.table.columns()[rows.baseline().0].name.clone()),
        told: told(&rows, &open(timeline, beside, asked)?, question),
        closed: Some((rows.population.closed(), rows.population.won.len())),
        trained_at: question.trained_at,
        seed: question.seed,
        threads: question.threads,
    };
    let mut training = train(&rows.table, &order, &options)?;
    settle(asked.of, &mut training.card);
    let card = ScoreCard {
        as_of: asked.as_of,
        of: asked.of,
        event: words::event(asked.of, asked.horizon_days),
        pipeline,
        population,
        base_rate: share(&rows, 0..rows.table.rows()),
        reliability: reliability(&rows, &training.out_of_time),
        columns: rows
            .measured
            .iter()
            .map(|column| ColumnView {
                name: column.name.clone(),
                definition: column.definition.clone(),
                of_today: column.of_today,
            })
            .collect(),
        model: training.card.clone(),
    };
    Ok(Some(Learnt {
        rows,
        training,
        card,
    }))
}

/// Takes back what a card says of any rows and is not so of these.
fn settle(of: Scored, card: &mut ModelCard) {
    // Rows are told apart by their records' ids: two contacts of whom the same is known are two.
    card.audit
        .suspects
        .retain(|suspect| suspect.kind != SuspectKind::Duplicates);
    if of == Scored::Contacts {
        // A portal whose deals are hardly ever won mostly records no wins; that few contacts convert is as
        // it is, and those who do not need no record.
        let is_low = |refusal: &Refusal| matches!(refusal.obstacle, Obstacle::ExtremeRate { rate } if rate < 0.5);
        card.refusals.retain(|refusal| !is_low(refusal));
    }
}

fn population(
    timeline: &Timeline,
    asked: &RowsQuestion,
    rows: &LearningRows,
    pipeline: Option<&PipelineView>,
) -> PopulationView {
    let counts = &rows.population;
    PopulationView {
        text: words::population(asked.of, pipeline),
        from: asked.window_from(timeline),
        landmarks: asked.landmarks.clone(),
        rows: rows.table.rows() as u32,
        records: counts.records,
        won: counts.won.len() as u32,
        lost: counts.lost.len() as u32,
        short: counts.short,
        arrived_closed: counts.arrived_closed,
        unfinished: counts.unfinished,
    }
}

/// What the auditor is told of how columns were written. Values that were known at their moment need no
/// suspicion of their name; of those of today it is told how many open records have any.
fn told(rows: &LearningRows, open: &OpenRows, question: &ScoringQuestion) -> Told {
    let written = rows.writing.iter().zip(&rows.week_before);
    let columns = rows.measured.iter().zip(open.table.columns());
    let provenance = columns
        .zip(written)
        .map(|((measured, column), (writing, week_before))| {
            let known_then = (measured.of_today == 0).then_some((0, 0));
            let writing = writing.map(|of| (of.at_closing as usize, of.versions as usize));
            let provenance = Provenance {
                late_writes: writing.or(known_then),
                while_open: (measured.of_today > 0).then(|| column.values.clone()),
                week_before: week_before.clone(),
                definition: measured.defined.clone(),
                ..Provenance::default()
            };
            (measured.name.clone(), provenance)
        });
    Told {
        provenance: provenance.collect(),
        overruled: question.overruled.clone(),
    }
}

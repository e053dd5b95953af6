//! From rows to a score: audited, contested, chosen, fitted on everything, drawn to what happened, and
//! let through the gate or not.

use super::audit::{Audit, Told};
use super::candidates::Fitting;
use super::card::{
    CARD_VERSION, FoldSize, ModelCard, Refusal, Standing, Subject, Weighty, obstacle_in_words,
    rules_in_words, why,
};
use super::contender::Contender;
use super::drift::shifts;
use super::form::Form;
use super::gate::{Obstacle, gate};
use super::judgement::{Contest, contest_and_fit, judge};
use super::model::Model;
use super::order::{self, Order};
use super::recalibration::{Redrawn, redraw};
use super::table::{ColumnIx, Table};
use super::{ScoringError, audit};
use crm::Moment;

/// Rows whose reasons say how much a column counts.
const WEIGHED: usize = 300;
/// Columns that are named for it.
const NAMED: usize = 15;

/// What is learnt, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// What the score says, and of whom.
    pub subject: Subject,
    /// The column whose rate alone a score has to beat, such as the stage.
    pub baseline: Option<String>,
    /// What the auditor is told beside the rows.
    pub told: Told,
    /// The deals or contacts whose outcome is known and how many of them happened, where rows repeat
    /// them; else rows are counted.
    pub closed: Option<(usize, usize)>,
    /// When this is.
    pub trained_at: Moment,
    /// Where random samples begin.
    pub seed: u64,
    /// The threads to work on; they change no result.
    pub threads: usize,
}

/// What was said of rows before their outcome could be known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OutOfTime {
    /// The rows.
    pub rows: Vec<usize>,
    /// What the score as it is used would have said of each.
    pub told: Vec<f64>,
}

/// A trained score.
#[derive(Debug, Clone, PartialEq)]
pub struct Training {
    /// The model; none where nothing can be learnt from these rows. The card says whether its scores
    /// may be used.
    pub model: Option<Model>,
    /// All there is to know of it.
    pub card: ModelCard,
    /// What it would have said out of time.
    pub out_of_time: OutOfTime,
}

/// Trains a score on rows whose outcome is known.
///
/// Rows that nothing can be learnt from give a card without a model, whose refusals say why.
///
/// # Errors
/// When moments are not as many as rows, or trees cannot be grown.
pub fn train(table: &Table, order: &Order, options: &Options) -> Result<Training, ScoringError> {
    order.fits(table.rows())?;
    let audit = audit::audit(table, order, &options.told, options.seed, options.threads)?;
    let kept: Vec<ColumnIx> = (0..table.columns().len())
        .map(ColumnIx)
        .filter(|column| !audit.quarantined.contains(&table.columns()[column.0].name))
        .collect();
    let kept = table.with_columns(&kept);
    let mut card = blank(&kept, order, options, audit);
    match learn(&kept, order, options, &mut card) {
        Ok((model, out_of_time)) => Ok(Training {
            model: Some(model),
            card,
            out_of_time,
        }),
        Err(
            why @ (ScoringError::OneOutcome { .. }
            | ScoringError::NothingKnown
            | ScoringError::NothingJudged),
        ) => {
            card.why = why.to_string();
            refuse(&mut card, None);
            Ok(Training {
                model: None,
                card,
                out_of_time: OutOfTime::default(),
            })
        }
        Err(other) => Err(other),
    }
}

fn blank(table: &Table, order: &Order, options: &Options, audit: Audit) -> ModelCard {
    let rows: Vec<usize> = (0..table.rows()).collect();
    let won = table.happened().iter().filter(|happened| **happened);
    let (closed, happened) = options.closed.unwrap_or((rows.len(), won.count()));
    ModelCard {
        version: CARD_VERSION,
        subject: options.subject.clone(),
        trained_at: options.trained_at,
        seed: options.seed,
        rows: rows.len(),
        closed,
        happened,
        base_rate: if rows.is_empty() {
            0.0
        } else {
            table.rate(&rows)
        },
        columns: table.columns().iter().map(|c| c.name.clone()).collect(),
        is_forward: order.is_forward(),
        folds: Vec::new(),
        contenders: Vec::new(),
        best: None,
        chosen: None,
        why: String::new(),
        redrawn: Redrawn::No,
        tried: Vec::new(),
        judged: None,
        audit,
        refusals: Vec::new(),
        shifts: None,
        weights: Vec::new(),
        rules: Vec::new(),
    }
}

fn learn(
    table: &Table,
    order: &Order,
    options: &Options,
    card: &mut ModelCard,
) -> Result<(Model, OutOfTime), ScoringError> {
    let all: Vec<usize> = (0..table.rows()).collect();
    table.has_both(&all)?;
    let how = fitting(table, options);
    let folds = order.folds(table, options.seed);
    let parted = |rows: &[usize]| order::inner(table, rows, options.seed);
    let (found, candidates) = contest_and_fit(table, &folds, parted, Some(&all), how)?;
    card.folds = found
        .folds
        .iter()
        .map(|&(fold, _)| FoldSize {
            learnt: folds[fold].learnt.len(),
            judged: folds[fold].judged.len(),
        })
        .collect();
    let redrawn = redraw(table, order, &found, &folds)?;
    card.judged = Some(judge(table, &found.rows, &redrawn.told, options.seed)?);
    card.redrawn = redrawn.chosen;
    card.tried = redrawn.tried;
    let of = |contender| candidates.as_ref().and_then(|all| all.form(contender));
    let rate = Form::Rate(stats::scores::log_odds(table.rate(&all)));
    let form = of(found.chosen).cloned().unwrap_or(rate);
    if let Some(Form::Rules(rules)) = of(Contender::Rules) {
        card.rules = rules_in_words(rules, table);
    }
    let model = Model::new(found.chosen, form, redrawn.fitted, table);
    let asked = model.ask(table)?;
    let every = all.len().div_ceil(WEIGHED).max(1);
    let some: Vec<usize> = all.iter().copied().step_by(every).collect();
    let mut weights = model.weights(&asked, &some)?;
    weights.sort_by(|a, b| b.1.total_cmp(&a.1));
    weights.truncate(NAMED);
    card.weights = weights
        .into_iter()
        .filter(|(_, log_odds)| *log_odds > 0.0)
        .map(|(column, log_odds)| Weighty { column, log_odds })
        .collect();
    card.shifts = shifts(table, order, (&found.rows, &redrawn.told), options.seed);
    card.why = why(&found);
    stand(card, &found);
    refuse(card, Some(&found));
    Ok((
        model,
        OutOfTime {
            rows: found.rows,
            told: redrawn.told,
        },
    ))
}

/// The settings of a table's contenders. A baseline that the auditor keeps out is none.
pub(super) fn fitting(table: &Table, options: &Options) -> Fitting {
    let place = |name: &String| {
        table
            .columns()
            .iter()
            .position(|column| column.name == *name)
    };
    Fitting {
        baseline: options.baseline.as_ref().and_then(place).map(ColumnIx),
        seed: options.seed,
        threads: options.threads,
    }
}

fn stand(card: &mut ModelCard, contest: &Contest) {
    let standing = |(contender, judged): (&Contender, &super::Judged)| Standing {
        contender: *contender,
        name: contender.words().to_owned(),
        judged: judged.clone(),
    };
    card.contenders = contest.judged.iter().map(standing).collect();
    card.best = Some(contest.best);
    card.chosen = Some(contest.chosen);
}

/// Asks the gate, and writes down what it says.
fn refuse(card: &mut ModelCard, contest: Option<&Contest>) {
    let baseline = contest.and_then(|contest| contest.judged.get(&Contender::Baseline));
    let baseline = baseline.map(|judged| judged.log_loss);
    let mut obstacles = gate(
        card.chosen,
        card.judged.as_ref(),
        card.closed,
        card.happened,
        baseline,
    );
    // Where the baseline itself is the choice, no model is surely better, however the baseline was
    // drawn to what happened since.
    let nearest = contest.and_then(Contest::least_of_models);
    if let (Some(Contender::Baseline), Some(model), Some(baseline)) =
        (card.chosen, nearest, baseline)
    {
        obstacles.retain(|obstacle| !matches!(obstacle, Obstacle::Baseline { .. }));
        obstacles.push(Obstacle::Baseline { model, baseline });
    }
    if card.audit.gives_rows_away() {
        obstacles.push(Obstacle::OutcomeLeaks);
    }
    card.refusals = obstacles
        .into_iter()
        .map(|obstacle| Refusal {
            sentence: obstacle_in_words(&obstacle),
            obstacle,
        })
        .collect();
}

//! The report on competitors: what was written, who was found in it, and what became of the deals.
//!
//! On the wire ids and moments are strings as in the forecast, rates and counts are numbers, and
//! spans are bytes of the text as it is kept. The schema has a version, which changes whenever a
//! field changes its meaning or goes; docs/report-competitors.md describes it.

use std::collections::{BTreeMap, BTreeSet};

use crm::{Moment, RecordId};
use serde::Serialize;
use stats::{Error, Rate};

use super::adjusted::{Adjusted, LossStages, adjusted, loss_stages};
use super::alerts::{Alert, AlertRule, Watch};
use super::logging::{Logging, WhyShare, count};
use super::matrix::{Cell, matrix};
use super::observation::{Book, Deal, Outcome, Source};
use super::rows::{margin_rows, mention_rows, observations, reason_rows, reasons_by_deal, waiting};
use super::text::{CompetitorId, Format, Reader, Reading, Reason, Role};

/// The version of the schema.
pub const SCHEMA: &str = "competitors/1";

/// Something that was written about a deal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The deal.
    pub deal: RecordId,
    /// Where it was written.
    pub source: Source,
    /// When. None where that is not known: it may then be from after any moment.
    pub at: Option<Moment>,
    /// How it is written.
    pub format: Format,
    /// The text as it is kept.
    pub text: String,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CompetitorQuestion {
    /// Nothing that was written or closed later is used.
    pub as_of: Moment,
    /// How many weeks back alerts are told.
    pub weeks: u32,
    /// When an alert is given.
    pub rule: AlertRule,
    /// The seed of what is drawn.
    pub seed: u64,
}

/// A competitor in a text, with the sentence that says so.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct MentionRow {
    /// The deal.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub deal: RecordId,
    /// Where it was written.
    pub source: Source,
    /// When.
    #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
    pub at: Option<Moment>,
    /// Who.
    pub competitor: CompetitorId,
    /// As what.
    pub role: Role,
    /// Denied: it counts for nothing.
    pub negated: bool,
    /// The sentence, without markup.
    pub sentence: String,
    /// The name's bytes in the text.
    pub span: (usize, usize),
}

/// A reason of losses that names nobody.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ReasonRow {
    /// Which.
    pub reason: Reason,
    /// Of the lost deals, the share whose reason it is. None below five lost deals.
    pub share_of_losses: Option<Rate>,
    /// The deals.
    #[cfg_attr(feature = "bindings", ts(type = "string[]"))]
    pub deals: Vec<RecordId>,
}

/// A name that waits for a person: a misspelling, or one that nobody listed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct WaitingRow {
    /// As it is written first.
    pub name: String,
    /// Who may be meant. None: a name that is in no dictionary.
    pub competitor: Option<CompetitorId>,
    /// The sentences it stands in.
    pub sentences: Vec<String>,
    /// The deals.
    #[cfg_attr(feature = "bindings", ts(type = "string[]"))]
    pub deals: Vec<RecordId>,
}

/// The lost deals of a segment and a stage: what shares of losses are counted over.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Margin {
    /// The segment; none: all.
    pub segment: Option<String>,
    /// The last open stage; none: all.
    pub stage: Option<String>,
    /// The deals.
    #[cfg_attr(feature = "bindings", ts(type = "string[]"))]
    pub lost_deals: Vec<RecordId>,
}

/// What a reader must know to trust the figures rightly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Caution {
    /// Deals were won and none was lost: losses are not recorded here.
    LossesNotRecorded,
    /// No source names competitors whatever the outcome: there are shares of losses, no win rates.
    NoWinRates,
    /// Some source names competitors more than twice as often after losses.
    LoggedAfterLosses,
    /// Some source names competitors in lost deals more often than in won ones, by less than that.
    NamedMoreInLosses,
    /// Names wait for a person, and are not counted until then.
    NamesWaiting,
}

/// What a figure means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Definition {
    /// The field.
    pub id: &'static str,
    /// What exactly it means.
    pub text: &'static str,
}

/// The report.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct CompetitorReport {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// Nothing later than this moment was used.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub as_of: Moment,
    /// What the figures mean.
    #[cfg_attr(feature = "bindings", ts(as = "Vec<Definition>"))]
    pub definitions: &'static [Definition],
    /// Deals, won ones, lost ones, and texts read.
    pub deals: u32,
    /// See `deals`.
    pub won: u32,
    /// See `deals`.
    pub lost: u32,
    /// See `deals`.
    pub texts: u32,
    /// What to beware of.
    pub cautions: Vec<Caution>,
    /// How each source is filled.
    pub logging: Vec<Logging>,
    /// The matrix.
    pub cells: Vec<Cell>,
    /// Competitors side by side, segments held equal.
    pub adjusted: Adjusted,
    /// Where deals are lost to each, beside losses with nobody named.
    pub loss_stages: Vec<LossStages>,
    /// Reasons without a competitor.
    pub reasons: Vec<ReasonRow>,
    /// Alerts of the weeks asked for, oldest first.
    pub alerts: Vec<Alert>,
    /// By what rule.
    pub rule: AlertRule,
    /// The lost deals of each segment and stage, which shares of losses are shares of.
    pub margins: Vec<Margin>,
    /// Every name found, by deal.
    pub mentions: Vec<MentionRow>,
    /// Misspellings and unknown names, those of most deals first.
    pub waiting: Vec<WaitingRow>,
}

const DEFINITIONS: &[Definition] = &[
    Definition {
        id: "cells.win_rate",
        text: "Deals won among those won or lost in which the competitor was named at least a day \
               before the close, by sources that are filled whatever the outcome. Losses to nobody \
               are left out. Wilson's 95 % interval. Deals with several competitors count for each.",
    },
    Definition {
        id: "cells.borrowed",
        text: "The win rate after borrowing from the other competitors of the segment and stage \
               (empirical Bayes, beta-binomial).",
    },
    Definition {
        id: "cells.fractional",
        text: "The same deals, each shared equally by the competitors in it: parts add up to deals.",
    },
    Definition {
        id: "cells.q",
        text: "How often a difference from the other closed deals would be false among all that are \
               no less clear (Fisher, then Benjamini and Hochberg over competitors and segments).",
    },
    Definition {
        id: "cells.share_of_losses",
        text: "Of the deals lost, the share of which a text says that the competitor got it. Not a \
               win rate: deals won do not have such texts.",
    },
    Definition {
        id: "logging.ratio",
        text: "How many times as often a lost deal has a competitor named by this source as a won \
               one. Where its 95 % interval lies above 2 there are no win rates, where above 1.1 a warning.",
    },
    Definition {
        id: "adjusted.odds",
        text: "The odds of winning with the competitor in the deal over those without it, the segment and \
               the other competitors held equal (logistic regression, errors by company). An \
               association: who is in a deal is not drawn by lot.",
    },
    Definition {
        id: "loss_stages.p",
        text: "How likely stages of losses to the competitor that are so different from those of losses \
               with nobody named are by chance (Fisher, Freeman and Halton, 10,000 draws).",
    },
    Definition {
        id: "reasons.share_of_losses",
        text: "Of the deals lost, the share whose reason of loss says so.",
    },
    Definition {
        id: "alerts.ratio",
        text: "What the alert counts for each deal of its exposure in the window, over the same before \
               it; exact interval and probability.",
    },
];

/// The report on the competitors of a reader's dictionary.
///
/// # Errors
/// When the rule's numbers are none.
pub fn competitors(
    reader: &Reader,
    deals: Vec<Deal>,
    texts: &[Text],
    question: &CompetitorQuestion,
) -> Result<CompetitorReport, Error> {
    let as_of = question.as_of;
    let known = |text: &&Text| text.at.is_none_or(|at| at <= as_of);
    let mut texts: Vec<&Text> = texts.iter().filter(known).collect();
    texts.sort_by(|a, b| (a.deal, a.at, a.source, &a.text).cmp(&(b.deal, b.at, b.source, &b.text)));
    let readings: Vec<(&Text, Reading)> = texts
        .iter()
        .map(|text| (*text, reader.read(&text.text, text.format)))
        .collect();
    let reasons = reasons_by_deal(&readings);
    let deals = deals
        .into_iter()
        .map(|deal| as_known(deal, as_of, &reasons))
        .collect();
    let observations = readings
        .iter()
        .flat_map(|(text, reading)| observations(text, reading));
    let book = Book::new(deals, observations.collect());

    let matrix = matrix(&book)?;
    let first = as_of.plus(-jiff::SignedDuration::from_hours(
        168 * i64::from(question.weeks),
    ));
    let alerts = Watch::new(question.rule).alerts(&book, first, as_of)?;
    let waiting = waiting(reader, &readings);
    let of = |counts: fn(Outcome) -> bool| {
        count(
            book.deals()
                .iter()
                .filter(|deal| counts(deal.outcome))
                .count(),
        )
    };
    let (won, lost) = (of(Outcome::is_won), of(Outcome::is_lost));
    Ok(CompetitorReport {
        schema: SCHEMA,
        as_of,
        definitions: DEFINITIONS,
        deals: count(book.deals().len()),
        won,
        lost,
        texts: count(texts.len()),
        cautions: cautions((won, lost), &matrix.logging, &waiting),
        reasons: reason_rows(&book, &reasons, lost),
        margins: margin_rows(&book),
        adjusted: adjusted(&book, &matrix.logging)?,
        loss_stages: loss_stages(&book, question.seed)?,
        logging: matrix.logging,
        cells: matrix.cells,
        alerts,
        rule: question.rule,
        mentions: mention_rows(&readings),
        waiting,
    })
}

/// A deal as it was known at the moment: what was closed later was open.
fn as_known(deal: Deal, as_of: Moment, reasons: &BTreeMap<Reason, BTreeSet<RecordId>>) -> Deal {
    let open = deal
        .outcome
        .closed_at()
        .is_some_and(|closed| closed > as_of);
    let outcome = if open { Outcome::Open } else { deal.outcome };
    let nobody = reasons
        .get(&Reason::NoDecision)
        .is_some_and(|deals| deals.contains(&deal.id));
    Deal {
        undecided: outcome.is_lost() && (deal.undecided || nobody),
        outcome,
        ..deal
    }
}

fn cautions((won, lost): (u32, u32), logging: &[Logging], waiting: &[WaitingRow]) -> Vec<Caution> {
    let after = |logging: &Logging| logging.why_share == Some(WhyShare::LoggedAfterLosses);
    [
        (won > 0 && lost == 0, Caution::LossesNotRecorded),
        (
            !logging.iter().any(Logging::is_neutral),
            Caution::NoWinRates,
        ),
        (logging.iter().any(after), Caution::LoggedAfterLosses),
        (
            logging.iter().any(Logging::leans_to_losses),
            Caution::NamedMoreInLosses,
        ),
        (!waiting.is_empty(), Caution::NamesWaiting),
    ]
    .into_iter()
    .filter_map(|(holds, caution)| holds.then_some(caution))
    .collect()
}

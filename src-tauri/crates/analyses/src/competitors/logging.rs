//! Who writes competitors down, and when: a source that is filled mostly after losses makes every
//! competitor look strong.

use std::collections::BTreeSet;

use serde::Serialize;
use stats::{Ratio, Table, risk_ratio};

use super::observation::{Book, SOURCES, Source};

/// The interval's level throughout the report.
pub(super) const LEVEL: f64 = 0.95;

/// From which lower end of the logging ratio on a source depends on the outcome.
pub const MOST_LOGGING: f64 = 2.0;

/// From which lower end of the logging ratio on a reader is warned, though win rates are told: a tenth
/// is the usual limit for a difference that matters (Maldonado and Greenland 1993), and with many deals
/// an interval leaves out 1 for less.
pub const WARNED_LOGGING: f64 = 1.1;

/// Why a source gives no win rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum WhyShare {
    /// It is known of losses alone: there are no wins to compare with.
    OnlyLosses,
    /// It is filled more than twice as often after losses as after wins.
    LoggedAfterLosses,
    /// It is not known when it was written, so perhaps after the outcome.
    Undated,
    /// It names no competitor in a closed deal.
    Silent,
}

/// How a source is filled.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Logging {
    /// The source.
    pub source: Source,
    /// Closed deals that were won, and those of them in which it names a competitor.
    pub won: u32,
    /// See `won`.
    pub won_named: u32,
    /// Closed deals that were lost, and those of them in which it names a competitor.
    pub lost: u32,
    /// See `lost`.
    pub lost_named: u32,
    /// How many times as often a lost deal has a competitor named as a won one. None where one of
    /// them never has.
    pub ratio: Option<Ratio>,
    /// Why it gives shares of losses instead of win rates. None: it gives win rates.
    pub why_share: Option<WhyShare>,
}

impl Logging {
    /// Whether competitors can have a win rate by this source.
    #[must_use]
    pub fn is_neutral(&self) -> bool {
        self.why_share.is_none()
    }

    /// Whether it names competitors in lost deals more often for sure, by less than what hides win
    /// rates. What competitors do to deals and who writes them down when look the same in such counts.
    #[must_use]
    pub fn leans_to_losses(&self) -> bool {
        let told = !matches!(
            self.why_share,
            Some(WhyShare::OnlyLosses | WhyShare::LoggedAfterLosses)
        );
        told && self.ratio.is_some_and(|ratio| ratio.low > WARNED_LOGGING)
    }
}

/// How each source is filled.
#[must_use]
pub fn logging(book: &Book) -> Vec<Logging> {
    SOURCES
        .iter()
        .map(|&source| of_source(book, source))
        .collect()
}

fn of_source(book: &Book, source: Source) -> Logging {
    let closed = |won: bool| {
        let of = |deal: &&super::Deal| {
            if won {
                deal.outcome.is_won()
            } else {
                deal.outcome.is_lost()
            }
        };
        count(book.deals().iter().filter(of).count())
    };
    let named: BTreeSet<_> = book
        .observations()
        .filter(|(_, seen)| seen.source == source && seen.competes())
        .map(|(deal, _)| (deal.id, deal.outcome.is_won(), deal.outcome.is_lost()))
        .collect();
    let (won, lost) = (closed(true), closed(false));
    let won_named = count(named.iter().filter(|(_, won, _)| *won).count());
    let lost_named = count(named.iter().filter(|(_, _, lost)| *lost).count());
    let ratio = risk_ratio(&Table::of(lost_named, lost, won_named, won), LEVEL);
    let dated = book
        .observations()
        .filter(|(_, seen)| seen.source == source)
        .all(|(_, seen)| seen.at.is_some());
    let after_losses = ratio.is_some_and(|ratio| ratio.low > MOST_LOGGING);
    let why_share = if won_named + lost_named == 0 {
        Some(WhyShare::Silent)
    } else if won_named == 0 || source == Source::LossReason {
        Some(WhyShare::OnlyLosses)
    } else if after_losses {
        Some(WhyShare::LoggedAfterLosses)
    } else if !dated {
        Some(WhyShare::Undated)
    } else {
        None
    };
    Logging {
        source,
        won,
        won_named,
        lost,
        lost_named,
        ratio,
        why_share,
    }
}

pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

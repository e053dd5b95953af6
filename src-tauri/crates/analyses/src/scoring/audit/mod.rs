//! The leak auditor: what a score would learn from that nobody knows when the score is needed.
//!
//! A leak makes a model look right and be useless: the reason a deal was lost is not known of open
//! deals. Each suspect is named with its evidence, and kept from learning until somebody says why it is
//! none.

mod columns;
mod names;
mod rows;

pub(super) use names::words;

use super::{Order, ScoringError, Table};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What rows themselves are called where a suspect among them is overruled.
pub const ROWS: &str = "rows";

/// What makes something a suspect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SuspectKind {
    /// The column alone tells the outcome almost without error.
    TellsOutcome,
    /// Whether it is filled in tells the outcome.
    FilledInTellsOutcome,
    /// Where it holds some value, hardly any row has the outcome that others have.
    Settles,
    /// Its name says that it is written at the end, or holds the last of something, and it tells the
    /// outcome.
    NamedForTheEnd,
    /// Most of its versions were written around the closing or after it.
    WrittenAtClosing,
    /// It is filled in where the outcome is known, and often not where it is not.
    FilledAtClosing,
    /// It tells much less by what it held a week before.
    WorseWhenOlder,
    /// It names moments after the one at which the row was seen.
    DatesAhead,
    /// Rows that are alike in everything.
    Duplicates,
    /// The order of rows tells their outcome.
    RowOrder,
    /// A model learnt something from outcomes that were shuffled.
    ShuffledOutcomes,
}

/// Something that may tell what nobody knows yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Suspect {
    /// The column; none where the rows themselves are suspected.
    pub column: Option<String>,
    /// What makes it one.
    pub kind: SuspectKind,
    /// The evidence as a number, by the kind: an area, a share or a count.
    pub evidence: f64,
    /// The evidence in a sentence.
    pub sentence: String,
    /// Why somebody let it in all the same.
    pub overruled: Option<String>,
}

/// What is known of how a column was written, beside its values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Provenance {
    /// Versions that were written within a day of the closing or after it, and all versions.
    pub late_writes: Option<(usize, usize)>,
    /// Rows that are still open and have it filled in, and all of them.
    pub filled_while_open: Option<(usize, usize)>,
    /// Its values as they were seven days before each row was seen.
    pub week_before: Option<super::table::Values>,
    /// Moments that the column names, by row, on the clock of when rows were seen.
    pub moments: Option<Vec<Option<i64>>>,
}

/// What the auditor was told, by the column's name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Told {
    /// How columns were written.
    pub provenance: BTreeMap<String, Provenance>,
    /// Suspects that somebody lets in, each with the reason that they typed.
    pub overruled: BTreeMap<String, String>,
}

/// What the auditor found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Audit {
    /// All suspects, also those that were overruled.
    pub suspects: Vec<Suspect>,
    /// The columns that nothing was learnt from.
    pub quarantined: Vec<String>,
}

impl Audit {
    /// Whether rows give away what no column may know, so that no figure can be trusted, and nobody said
    /// why that is right.
    #[must_use]
    pub fn gives_rows_away(&self) -> bool {
        let of_rows = |suspect: &Suspect| {
            suspect.kind == SuspectKind::ShuffledOutcomes && suspect.overruled.is_none()
        };
        self.suspects.iter().any(of_rows)
    }
}

/// Looks for what tells the outcome and cannot be known in time. Rows of one outcome are not looked at:
/// nothing is learnt from them.
///
/// # Errors
/// When a statistic cannot be had.
pub fn audit(table: &Table, order: &Order, told: &Told, seed: u64) -> Result<Audit, ScoringError> {
    let all: Vec<usize> = (0..table.rows()).collect();
    let mut audit = Audit::default();
    if table.has_both(&all).is_err() {
        return Ok(audit);
    }
    let found = columns::suspects(table, order, told, seed)?;
    let overruled = |column: &Option<String>| {
        let reason = told.overruled.get(column.as_deref().unwrap_or(ROWS));
        reason
            .filter(|reason| !reason.trim().is_empty())
            .map(|reason| reason.trim().to_owned())
    };
    for found in found.into_iter().chain(rows::suspects(table, seed)?) {
        let overruled = overruled(&found.column);
        if let (Some(column), None) = (&found.column, &overruled)
            && !audit.quarantined.contains(column)
        {
            audit.quarantined.push(column.clone());
        }
        audit.suspects.push(Suspect {
            overruled,
            kind: found.kind,
            column: found.column,
            evidence: found.evidence,
            sentence: found.sentence,
        });
    }
    Ok(audit)
}

/// A suspect before anybody was asked.
struct Found {
    column: Option<String>,
    kind: SuspectKind,
    evidence: f64,
    sentence: String,
}

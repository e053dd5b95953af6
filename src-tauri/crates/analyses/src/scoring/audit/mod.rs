//! The leak auditor: what a score would learn from that nobody knows when the score is needed.
//!
//! A leak makes a model look right and be useless: the reason a deal was lost is not known of open
//! deals. Each suspect is named with its evidence, and kept from learning until somebody says why it is
//! none.

mod apart;
mod columns;
mod late;
mod names;
mod rows;
mod telling;

pub(super) use names::words;

use super::{Order, ScoringError, Table, Values};
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
    /// Its name, or its definition, says that it is written at the end, or holds the last of something,
    /// or is what a program foretells; and it tells the outcome.
    NamedForTheEnd,
    /// HubSpot computes it, no history of it is kept, and it tells the outcome: it counts what came since.
    ComputedToday,
    /// Most of its versions were written around the closing or after it.
    WrittenAtClosing,
    /// It is filled in where the outcome is known, and often not where it is not.
    FilledAtClosing,
    /// It tells much less by what it held a week before.
    WorseWhenOlder,
    /// The newest rows lack it where older ones have it.
    KnownLater,
    /// It names moments after the one at which the row was seen.
    DatesAhead,
    /// Its values tell rows that are open from those whose outcome is known.
    DiffersWhileOpen,
    /// It tells when a row was seen, and the outcome by nothing else.
    TellsTheTime,
    /// A model tells rows to be scored, or the newest ones, from those that are learnt from, by no
    /// single column.
    RowsDiffer,
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

/// What HubSpot's definition of a property says of it, whatever it is called on screens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Definition {
    /// The internal name, without the type, such as `closedate`.
    pub name: String,
    /// Whether HubSpot made the property, rather than the portal.
    pub is_hubspots: bool,
    /// Whether HubSpot computes its values: it is calculated, or a number or a date that nobody can
    /// write.
    pub is_computed: bool,
}

/// What is known of how a column was written, beside its values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Provenance {
    /// Versions that were written within a day of the closing or after it, and all versions.
    pub late_writes: Option<(usize, usize)>,
    /// How HubSpot defines it.
    pub definition: Option<Definition>,
    /// What it holds in rows that are still open, as now.
    pub while_open: Option<Values>,
    /// What it held seven days before rows were seen.
    pub week_before: Option<WeekBefore>,
    /// Moments that the column names, by row, on the clock of when rows were seen.
    pub moments: Option<Vec<Option<i64>>>,
}

/// What a column held seven days before some rows were seen.
#[derive(Debug, Clone, PartialEq)]
pub struct WeekBefore {
    /// The rows that were there then.
    pub rows: Vec<usize>,
    /// What it held then, of each of them, by the same categories as the column.
    pub values: Values,
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
/// nothing is learnt from them. Random samples begin at `seed`; the number of threads changes nothing.
///
/// # Errors
/// When a statistic cannot be had.
pub fn audit(
    table: &Table,
    order: &Order,
    told: &Told,
    seed: u64,
    threads: usize,
) -> Result<Audit, ScoringError> {
    let all: Vec<usize> = (0..table.rows()).collect();
    let mut audit = Audit::default();
    if table.has_both(&all).is_err() {
        return Ok(audit);
    }
    let areas = columns::areas(table, seed, threads)?;
    let mut found = columns::suspects(table, order, told, &areas, seed)?;
    found.extend(apart::while_open(table, told, &areas, seed)?);
    found.extend(apart::of_late(table, order, told, &areas, seed)?);
    found.extend(rows::suspects(table, seed, threads)?);
    let overruled = |column: &Option<String>| {
        let reason = told.overruled.get(column.as_deref().unwrap_or(ROWS));
        reason
            .filter(|reason| !reason.trim().is_empty())
            .map(|reason| reason.trim().to_owned())
    };
    for found in found {
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
    let columns = table.columns().iter();
    let place = |name: &String| columns.clone().position(|column| column.name == *name);
    audit.quarantined.sort_by_key(place);
    Ok(audit)
}

/// A suspect before anybody was asked.
struct Found {
    column: Option<String>,
    kind: SuspectKind,
    evidence: f64,
    sentence: String,
}

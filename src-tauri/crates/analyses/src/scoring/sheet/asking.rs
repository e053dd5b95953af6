//! What a sheet is asked for, and the rows that come of it.

use super::idle::useless;
use super::provenance::provenance;
use super::typing::{Typed, typed};
use super::{Sheet, SheetError};
use crate::scoring::audit::Provenance;
use crate::scoring::{Column, Order, ScoringError, Table, Values};
use crm::Moment;
use std::collections::{BTreeMap, HashMap};

/// Values that mean that it happened, where nothing else is said.
const HAPPENED: [&str; 9] = [
    "1",
    "true",
    "yes",
    "y",
    "won",
    "closed won",
    "closedwon",
    "converted",
    "t",
];
const DAY: f64 = 86_400_000.0;

/// What is asked of a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asking {
    /// The column of outcomes.
    pub outcome: String,
    /// The value that means that it happened.
    pub positive: Option<String>,
    /// The value that means that it did not, where rows of others are still open.
    pub negative: Option<String>,
    /// The column that says when a row was seen.
    pub time: Option<String>,
    /// Rows stand in the order of time.
    pub in_order: bool,
    /// The column that says what a row belongs to.
    pub group: Option<String>,
    /// Columns that nothing is learnt from.
    pub without: Vec<String>,
}

/// What was done to a sheet, in a sentence.
pub type Note = String;

/// Rows to learn from, and those that are still open.
#[derive(Debug, Clone, PartialEq)]
pub struct Learning {
    /// The rows whose outcome is known.
    pub table: Table,
    /// The line of each of them.
    pub lines: Vec<u64>,
    /// How they lie in time.
    pub order: Order,
    /// The rows that are still open.
    pub open: Table,
    /// The line of each of them.
    pub open_lines: Vec<u64>,
    /// What the auditor can be told of the columns.
    pub provenance: BTreeMap<String, Provenance>,
    /// What was left out, and why.
    pub notes: Vec<Note>,
}

impl Sheet {
    /// Makes rows to learn from. `now` is when this is.
    ///
    /// # Errors
    /// When a column is not there, outcomes or times cannot be read, or rows lie in the future.
    pub fn learning(&self, asking: &Asking, now: Moment) -> Result<Learning, SheetError> {
        let outcome = self.place(&asking.outcome)?;
        let ended = self.outcomes(outcome, asking)?;
        let time = asking.time.as_deref().map(|name| self.place(name));
        let time = time.transpose()?;
        let is_dated = time.is_some_and(|column| self.is_dated(column));
        let seen = match time {
            Some(column) => Some(self.times(column, now)?),
            None if asking.in_order => Some((0..self.rows() as i64).map(Some).collect()),
            None => None,
        };
        let group = asking.group.as_deref().map(|name| self.place(name));
        let group = group.transpose()?;
        let mut left_out = vec![outcome];
        left_out.extend(time);
        left_out.extend(group);
        for name in &asking.without {
            left_out.push(self.place(name)?);
        }
        let mut notes = Vec::new();
        let closed: Vec<usize> = (0..ended.len())
            .filter(|&row| ended[row].is_some())
            .collect();
        let open: Vec<usize> = (0..ended.len())
            .filter(|&row| ended[row].is_none())
            .collect();
        let is_timed = |row: &usize| seen.as_ref().is_none_or(|seen| seen[*row].is_some());
        let (closed, untimed): (Vec<usize>, Vec<usize>) = closed.into_iter().partition(is_timed);
        if !untimed.is_empty() {
            notes.push(format!(
                "{} rows are left out: they have no time.",
                untimed.len()
            ));
        }
        let seen: Option<Vec<i64>> = seen.map(|seen| {
            // What is open is seen now.
            let times = seen.into_iter().map(|time| time.unwrap_or(now.millis()));
            times.collect()
        });
        let clock = time.and(seen.as_deref());
        let (mut columns, mut moments) = (Vec::new(), BTreeMap::new());
        for place in (0..self.names.len()).filter(|place| !left_out.contains(place)) {
            let (values, dates, by_comma) = self.values(place, clock);
            if by_comma {
                let name = &self.names[place];
                notes.push(format!("{name} is read as numbers with a decimal comma."));
            }
            if let Some(note) = useless(&self.names[place], &values) {
                notes.push(note);
                continue;
            }
            let name = self.names[place].clone();
            if let Some(dates) = dates {
                moments.insert(name.clone(), dates);
            }
            columns.push(Column { name, values });
        }
        let groups = self.groups(group, &columns, &closed, &mut notes);
        let line = |rows: &[usize]| rows.iter().map(|&row| self.lines[row]).collect();
        let panel = match (group, &seen) {
            (Some(group), Some(seen)) if is_dated => self.week_before(group, seen, &closed),
            _ => None,
        };
        let provenance = provenance(&columns, &moments, (&closed, &open), panel.as_ref());
        let happened = closed.iter().map(|&row| ended[row] == Some(true)).collect();
        let learnt = of_rows(&columns, &closed);
        let weights = vec![1.0; closed.len()];
        Ok(Learning {
            table: Table::new(learnt, happened)
                .and_then(|table| table.with_groups(groups, weights))
                .map_err(|error| uneven(&error))?,
            lines: line(&closed),
            order: seen.map_or(Order::Drawn, |seen| {
                let seen: Vec<i64> = closed.iter().map(|&row| seen[row]).collect();
                // A file does not say when its outcomes were known: they count as known at once.
                let known = seen.clone();
                Order::Forward { seen, known }
            }),
            open: Table::new(of_rows(&columns, &open), vec![false; open.len()])
                .map_err(|error| uneven(&error))?,
            open_lines: line(&open),
            provenance,
            notes,
        })
    }

    /// Whether each row's outcome happened; none where it is open.
    fn outcomes(&self, column: usize, asking: &Asking) -> Result<Vec<Option<bool>>, SheetError> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for cell in self.cells(column).flatten() {
            *counts.entry(cell).or_default() += 1;
        }
        let mut common: Vec<(&str, usize)> = counts.iter().map(|(cell, n)| (*cell, *n)).collect();
        common.sort_by_key(|&(cell, count)| (std::cmp::Reverse(count), cell));
        let some: Vec<String> = common
            .iter()
            .take(6)
            .map(|(cell, count)| format!("{cell:?} ({count})"))
            .collect();
        let values = match common.len() {
            0 => {
                let column = asking.outcome.clone();
                return Err(SheetError::NoOutcome { column });
            }
            1..=6 => some.join(", "),
            more => format!("{} and {} more", some.join(", "), more - 6),
        };
        let unclear = || SheetError::WhichOutcome {
            column: asking.outcome.clone(),
            values: values.clone(),
        };
        let there = |value: &str| {
            let found = common.iter().find(|(cell, _)| *cell == value);
            found
                .map(|_| value.to_owned())
                .ok_or_else(|| SheetError::NoSuchOutcome {
                    value: value.to_owned(),
                    column: asking.outcome.clone(),
                    values: values.clone(),
                })
        };
        let positive = match &asking.positive {
            Some(value) => there(value)?,
            None => {
                let mut named = common
                    .iter()
                    .filter(|(cell, _)| HAPPENED.contains(&cell.to_lowercase().as_str()));
                match (named.next(), named.next(), common.len()) {
                    (Some((cell, _)), None, 1..=2) => (*cell).to_owned(),
                    _ => return Err(unclear()),
                }
            }
        };
        let negative = asking.negative.as_deref().map(there).transpose()?;
        let ended = |cell: Option<&str>| {
            let cell = cell?;
            let is_other = negative.as_ref().is_none_or(|negative| negative == cell);
            (cell == positive || is_other).then(|| cell == positive)
        };
        Ok(self.cells(column).map(ended).collect())
    }

    /// When each row was seen; nothing where nothing is there.
    fn times(&self, column: usize, now: Moment) -> Result<Vec<Option<i64>>, SheetError> {
        let name = || self.names[column].clone();
        let cells: Vec<Option<&str>> = self.cells(column).collect();
        let no_time = |row: usize| SheetError::NoTime {
            line: self.lines[row],
            text: cells[row].unwrap_or_default().to_owned(),
            column: name(),
        };
        let times: Vec<Option<i64>> = match typed(cells.iter().copied()) {
            Typed::Dates(dates) => dates,
            // Numbers are put in order, so that fractions count.
            Typed::Numbers(numbers) | Typed::ByComma(numbers) => return Ok(ranked(&numbers)),
            Typed::TwoWays(text) => {
                let column = name();
                return Err(SheetError::TwoWays { column, text });
            }
            Typed::Texts
                if cells
                    .iter()
                    .flatten()
                    .all(|cell| cell.parse::<u128>().is_ok()) =>
            {
                // Counted in less than milliseconds, times have more digits than a number keeps.
                let read = |cell: &Option<&str>| cell.and_then(|cell| cell.parse::<u128>().ok());
                return Ok(places(
                    &cells.iter().map(read).collect::<Vec<Option<u128>>>(),
                ));
            }
            Typed::Texts => {
                let is_wrong = |row: &usize| {
                    let alone = cells[*row].map(|cell| typed(std::iter::once(Some(cell))));
                    matches!(alone, Some(Typed::Texts))
                };
                return Err(no_time((0..cells.len()).find(is_wrong).unwrap_or(0)));
            }
        };
        let later = |time: &Option<i64>| time.is_some_and(|time| time > now.millis());
        if let Some(row) = times.iter().position(later) {
            return Err(SheetError::Future {
                rows: times.iter().filter(|time| later(time)).count(),
                line: self.lines[row],
                text: cells[row].unwrap_or_default().to_owned(),
                column: name(),
            });
        }
        Ok(times)
    }

    /// Whether a column holds dates.
    fn is_dated(&self, column: usize) -> bool {
        let cells: Vec<Option<&str>> = self.cells(column).collect();
        matches!(typed(cells.iter().copied()), Typed::Dates(_))
    }

    /// A column's values, and its dates where it holds them: by the days before the row was seen; and
    /// whether its numbers have a decimal comma.
    fn values(
        &self,
        column: usize,
        seen: Option<&[i64]>,
    ) -> (Values, Option<Vec<Option<i64>>>, bool) {
        let cells: Vec<Option<&str>> = self.cells(column).collect();
        match typed(cells.iter().copied()) {
            Typed::Numbers(numbers) => (Values::Numbers(numbers), None, false),
            Typed::ByComma(numbers) => (Values::Numbers(numbers), None, true),
            Typed::Dates(dates) => {
                let days = |(row, date): (usize, &Option<i64>)| {
                    let until = seen.and_then(|seen| seen.get(row)).copied();
                    let days = |date: i64| match until {
                        Some(seen) => (seen - date) as f64 / DAY,
                        None => date as f64 / DAY,
                    };
                    date.map_or(f64::NAN, days)
                };
                let numbers = dates.iter().enumerate().map(days).collect();
                (Values::Numbers(numbers), Some(dates), false)
            }
            Typed::Texts | Typed::TwoWays(_) => {
                let mut names: Vec<String> = cells
                    .iter()
                    .flatten()
                    .map(|cell| (*cell).to_owned())
                    .collect();
                names.sort_unstable();
                names.dedup();
                let code = |cell: &Option<&str>| {
                    let cell = (*cell)?;
                    let place = names.binary_search_by(|name| name.as_str().cmp(cell));
                    place.ok().map(|place| place as u32)
                };
                let codes = cells.iter().map(code).collect();
                (Values::Categories { codes, names }, None, false)
            }
        }
    }

    /// What each closed row belongs to: the cell of a column, or else rows alike in everything belong
    /// together.
    fn groups(
        &self,
        column: Option<usize>,
        columns: &[Column],
        closed: &[usize],
        notes: &mut Vec<Note>,
    ) -> Vec<u32> {
        let mut known: HashMap<Vec<u64>, u32> = HashMap::new();
        let mut texts: HashMap<&str, u64> = HashMap::new();
        let cells: Vec<Option<&str>> = column.map_or_else(Vec::new, |c| self.cells(c).collect());
        let mut groups = Vec::with_capacity(closed.len());
        for &row in closed {
            let key = match column {
                Some(_) => match cells[row] {
                    Some(cell) => {
                        let next = texts.len() as u64;
                        vec![0, *texts.entry(cell).or_insert(next)]
                    }
                    None => vec![1, row as u64],
                },
                // Of rows of which nothing is known, none is like another.
                None if columns.is_empty() => vec![row as u64],
                None => columns
                    .iter()
                    .map(|column| column.values.number(row).to_bits())
                    .collect(),
            };
            let next = known.len() as u32;
            groups.push(*known.entry(key).or_insert(next));
        }
        let alike = closed.len() - known.len();
        if column.is_none() && alike > 0 {
            notes.push(format!(
                "{alike} of {} rows say the same as another one: such rows are learnt from together or \
                 judged together.",
                closed.len()
            ));
        }
        groups
    }
}

fn uneven(error: &ScoringError) -> SheetError {
    SheetError::Csv(error.to_string())
}

/// The places of numbers among all.
fn ranked(numbers: &[f64]) -> Vec<Option<i64>> {
    let is_known = |number: &&f64| number.is_finite();
    let mut sorted: Vec<f64> = numbers.iter().filter(is_known).copied().collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.dedup();
    let rank = |number: &f64| sorted.partition_point(|other| other < number) as i64;
    numbers
        .iter()
        .map(|number| number.is_finite().then(|| rank(number)))
        .collect()
}

/// The same of whole numbers.
fn places(numbers: &[Option<u128>]) -> Vec<Option<i64>> {
    let mut sorted: Vec<u128> = numbers.iter().flatten().copied().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let place = |number: u128| sorted.partition_point(|other| *other < number) as i64;
    numbers.iter().map(|number| number.map(place)).collect()
}

fn of_rows(columns: &[Column], rows: &[usize]) -> Vec<Column> {
    let column = |column: &Column| Column {
        name: column.name.clone(),
        values: column.values.of_rows(rows),
    };
    columns.iter().map(column).collect()
}

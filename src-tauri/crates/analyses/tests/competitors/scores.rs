//! How well readings agree with labels.

use std::collections::BTreeSet;
use std::fmt;

use analyses::competitors::text::{Reading, Reason};
use stats::wilson;

use crate::labelled::Labelled;

/// Counts over texts. A case is a competitor in a text.
#[derive(Debug, Default)]
pub(crate) struct Scores {
    pub(crate) texts: u32,
    /// Found and there; found and not there; there and not found.
    found: u32,
    false_alarms: u32,
    missed: u32,
    /// Of the missed, those that wait for a person as a misspelling.
    in_review: u32,
    /// Misspellings put before a person that are none.
    false_review: u32,
    /// Of the found, those with the right role.
    right_roles: u32,
    reasons: [u32; 3],
    unknown: [u32; 3],
    pub(crate) wrong: Vec<String>,
}

impl Scores {
    pub(crate) fn add(&mut self, label: &Labelled, reading: &Reading) {
        self.texts += 1;
        let before = (
            self.false_alarms,
            self.missed,
            self.found - self.right_roles,
        );
        let mut found = BTreeSet::new();
        for (competitor, role) in reading.competitors() {
            found.insert(competitor.clone());
            match label.competitors.get(competitor) {
                Some(right) => {
                    self.found += 1;
                    self.right_roles += u32::from(*right == role);
                }
                None => self.false_alarms += 1,
            }
        }
        for competitor in label.competitors.keys().filter(|id| !found.contains(id)) {
            self.missed += 1;
            let waits = reading
                .review
                .iter()
                .any(|suspect| suspect.competitor == *competitor);
            self.in_review += u32::from(waits);
        }
        let is_none = |suspect: &&analyses::competitors::text::Suspect| {
            !label.competitors.contains_key(&suspect.competitor)
        };
        self.false_review += u32::try_from(reading.review.iter().filter(is_none).count()).unwrap();
        let right: BTreeSet<Reason> = label.reasons.iter().copied().collect();
        let read: BTreeSet<Reason> = reading.reasons.iter().map(|found| found.reason).collect();
        tally(&mut self.reasons, &right, &read);
        let right: BTreeSet<&str> = label.unknown.iter().map(String::as_str).collect();
        let read: BTreeSet<&str> = reading.proposals.iter().map(|p| p.name.as_str()).collect();
        tally(&mut self.unknown, &right, &read);
        let after = (
            self.false_alarms,
            self.missed,
            self.found - self.right_roles,
        );
        if before != after || label.unknown.len() != reading.proposals.len() {
            let read: Vec<_> = reading.competitors();
            let line = format!(
                "{} {:?}\n    labelled {:?} {:?}\n    read {read:?} {:?}",
                label.language,
                label.text,
                label.competitors,
                label.unknown,
                reading
                    .proposals
                    .iter()
                    .map(|p| &p.name)
                    .collect::<Vec<_>>(),
            );
            self.wrong.push(line);
        }
    }

    pub(crate) fn precision(&self) -> f64 {
        share(self.found, self.found + self.false_alarms)
    }

    pub(crate) fn recall(&self) -> f64 {
        share(self.found, self.found + self.missed)
    }

    pub(crate) fn roles(&self) -> f64 {
        share(self.right_roles, self.found)
    }
}

/// Counts what is right and read, only read, and only right.
fn tally<T: Ord>(counts: &mut [u32; 3], right: &BTreeSet<T>, read: &BTreeSet<T>) {
    let sizes = [
        right.intersection(read).count(),
        read.difference(right).count(),
        right.difference(read).count(),
    ];
    for (count, size) in counts.iter_mut().zip(sizes) {
        *count += u32::try_from(size).unwrap();
    }
}

fn share(k: u32, n: u32) -> f64 {
    f64::from(k) / f64::from(n.max(1))
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = |name: &str, k: u32, n: u32| {
            let ends = wilson(f64::from(k), f64::from(n), 0.95);
            let share = share(k, n);
            writeln!(
                f,
                "  {name:<20} {share:.4} ({:.4} to {:.4}), {k} of {n}",
                ends.low, ends.high
            )
        };
        line("precision", self.found, self.found + self.false_alarms)?;
        line("recall", self.found, self.found + self.missed)?;
        line(
            "recall with review",
            self.found + self.in_review,
            self.found + self.missed,
        )?;
        line("role", self.right_roles, self.found)?;
        let [both, read, right] = self.reasons;
        line("reasons, precision", both, both + read)?;
        line("reasons, recall", both, both + right)?;
        let [both, read, right] = self.unknown;
        line("proposals, precision", both, both + read)?;
        line("proposals, recall", both, both + right)?;
        writeln!(
            f,
            "  {} texts, {} false misspellings",
            self.texts, self.false_review
        )
    }
}

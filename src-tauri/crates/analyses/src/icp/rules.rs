//! A list of rules that a person can read, made from older deals and checked on newer ones; and the
//! tiers that follow.

use serde::Serialize;
use stats::{Rate, wilson};

use super::check::{Check, CheckedIn, Verdict, check};
use super::cohort::{Cohort, Subject};
use super::incidence::LEVEL;
use super::rows::{DeclaredIcp, Dimension, IcpQuestion, Values};
use super::segments::{Key, Side};
use super::tree::leaves;
use super::vocabulary::{OTHER, Vocabulary};

/// Watched deals below which no rule is looked for, and wins or losses.
const DEALS_FOR_RULES: usize = 200;
const MINORITY_FOR_RULES: usize = 40;

/// A condition of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "IcpCondition"))]
pub struct Condition {
    /// The dimension.
    pub dimension: Dimension,
    /// The value.
    pub value: String,
    /// Whether it is this value, or any other or unknown.
    pub is: bool,
}

/// How good customers are, by a rule and its check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "IcpTier"))]
pub enum Tier {
    /// Validated: the lower end of the lift is above 1.2.
    A,
    /// The lower end is above 1.
    B,
    /// Not told apart from the others.
    C,
    /// The upper end is below 1.
    D,
}

/// A rule. Each deal of which all is known that rules ask about fits exactly one of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "IcpRule"))]
pub struct Rule {
    /// All of them hold.
    pub conditions: Vec<Condition>,
    /// Deals that it was made from.
    pub learned_from: u32,
    /// Share of them won by the horizon: flattering, as the rule was made to fit them.
    pub learned_rate: Rate,
    /// What deals say that came afterwards.
    pub check: Check,
    /// What follows from that.
    pub tier: Tier,
}

/// All rules, best tier first.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "IcpRules"))]
pub struct Rules {
    /// The rules; none where too few deals were watched, or nothing tells them apart.
    pub rules: Vec<Rule>,
    /// Watched deals they were made from, as known when the checked quarters began.
    pub learned_from: u32,
    /// Of them, won by the horizon.
    pub won: u32,
    /// Whether these are at least 200, with 40 won and 40 not.
    pub enough: bool,
}

/// What the newest quarters say about the customers that the user believes to be the best.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(
    feature = "bindings",
    derive(ts_rs::TS),
    ts(rename = "IcpDeclaredCheck")
)]
pub struct DeclaredCheck {
    /// What was declared.
    pub declared: DeclaredIcp,
    /// The quarters.
    pub checked_in: CheckedIn,
    /// Whether the user had seen some of their data: the verdict is then none.
    pub seen_before: bool,
    /// The numbers.
    pub check: Check,
}

impl Rules {
    /// The tier of a record with these values (sizes as bands), and its rule's place. C where there
    /// is no rule, or the record is silent on what the rules ask.
    #[must_use]
    pub fn tier_of(&self, values: &Values) -> (Tier, Option<usize>) {
        let holds = |condition: &Condition| {
            let is = values.get(&condition.dimension).map(|value| value.trim());
            let is = is.filter(|value| !value.is_empty());
            is.is_some_and(|is| (is == condition.value) == condition.is)
        };
        let place = self
            .rules
            .iter()
            .position(|rule| rule.conditions.iter().all(holds));
        let rule = place.and_then(|place| self.rules.get(place));
        (rule.map_or(Tier::C, |rule| rule.tier), place)
    }
}

/// Learns from the older cohort, and checks on the newer one.
pub(crate) fn rules(
    older: &Cohort,
    newer: &Cohort,
    words: &[Vocabulary],
    question: &IcpQuestion,
    horizon_days: u32,
) -> Result<Rules, stats::Error> {
    let asked = asked(older, words.len());
    let mut columns = columns(words);
    columns.retain(|(dimension, _)| asked.contains(dimension));
    let horizon = f64::from(question.horizon_days);
    let row = |subject: &Subject| (there(&columns, subject), subject.happened_by(horizon));
    let watched = older.subjects.iter().filter(|subject| subject.mature);
    let known = watched.filter(|subject| is_known(subject, &asked));
    let rows: Vec<(Vec<bool>, bool)> = known.map(row).collect();
    let won = rows.iter().filter(|row| row.1).count();
    let enough = rows.len() >= DEALS_FOR_RULES && won.min(rows.len() - won) >= MINORITY_FOR_RULES;
    let paths = if enough { leaves(&rows) } else { Vec::new() };
    let mut rules = Vec::new();
    for path in paths {
        let fits = |there: &[bool]| {
            path.iter()
                .all(|&(column, is)| there.get(column).is_some_and(|there| *there == is))
        };
        let side = |subject: &Subject| {
            let there = is_known(subject, &asked).then(|| self::there(&columns, subject))?;
            Some(if fits(&there) { Side::In } else { Side::Rest })
        };
        let own: Vec<bool> = rows
            .iter()
            .filter(|row| fits(&row.0))
            .map(|row| row.1)
            .collect();
        let k = own.iter().filter(|won| **won).count();
        let check = check(newer, horizon_days, side)?;
        let condition = |&(column, is): &(usize, bool)| {
            let (dimension, value) = columns.get(column)?;
            let words = words.get(*dimension)?;
            Some(Condition {
                dimension: words.dimension.clone(),
                value: words.name(*value)?.to_owned(),
                is,
            })
        };
        rules.push(Rule {
            conditions: path.iter().filter_map(condition).collect(),
            learned_from: own.len() as u32,
            learned_rate: share(k as u32, own.len() as u32),
            tier: tier(&check),
            check,
        });
    }
    rules.sort_by(|a, b| {
        let low = |rule: &Rule| rule.check.lift.map_or(0.0, |lift| lift.low);
        a.tier.cmp(&b.tier).then(low(b).total_cmp(&low(a)))
    });
    Ok(Rules {
        rules,
        learned_from: rows.len() as u32,
        won: won as u32,
        enough,
    })
}

fn share(k: u32, n: u32) -> Rate {
    let (k, cases) = (f64::from(k), f64::from(n));
    let ends = wilson(k, cases, LEVEL);
    Rate {
        value: if n == 0 { 0.0 } else { k / cases },
        low: ends.low,
        high: ends.high,
        level: LEVEL,
        n,
        n_effective: cases,
    }
}

fn tier(check: &Check) -> Tier {
    match (check.verdict, check.lift) {
        (Verdict::Validated, _) => Tier::A,
        (Verdict::Contradicted, _) => Tier::D,
        (Verdict::NotDistinguishable, Some(lift)) if lift.low > 1.0 => Tier::B,
        (Verdict::NotDistinguishable, _) => Tier::C,
    }
}

/// The share of the deals of which all must be known that rules ask about. Dimensions are left out, the
/// least known first, until so many are.
const KNOWN_OF: f64 = 0.6;

/// Dimensions that rules ask about. Who is unknown in one of them is neither in a rule nor outside it:
/// what is filled in after the outcome would else be the best rule of all.
fn asked(older: &Cohort, dimensions: usize) -> Vec<usize> {
    let watched = || older.subjects.iter().filter(|subject| subject.mature);
    let mut asked: Vec<usize> = (0..dimensions).collect();
    loop {
        let known = watched()
            .filter(|subject| is_known(subject, &asked))
            .count();
        if asked.len() < 2 || known as f64 >= KNOWN_OF * watched().count() as f64 {
            return asked;
        }
        let unknown = |dimension: &usize| {
            let of = [*dimension];
            watched().filter(|subject| !is_known(subject, &of)).count()
        };
        let least = asked.iter().copied().max_by_key(unknown);
        asked.retain(|dimension| Some(*dimension) != least);
    }
}

/// Whether all of a subject is known in these dimensions.
fn is_known(subject: &Subject, dimensions: &[usize]) -> bool {
    let known = |dimension: &usize| {
        let values = subject
            .values
            .get(*dimension)
            .map_or(&[][..], Vec::as_slice);
        values.iter().all(|(value, _)| *value != 0)
    };
    dimensions.iter().all(known)
}

/// Known values by dimension. What is unknown, or rare, makes no rule: the one may be filled in
/// after the outcome, the other is many things.
fn columns(words: &[Vocabulary]) -> Vec<(usize, u16)> {
    let of = |(dimension, words): (usize, &Vocabulary)| {
        let named: Vec<(usize, u16)> = (1..=words.values.len())
            .filter_map(|number| u16::try_from(number).ok())
            .filter(|number| words.name(*number).is_some_and(|name| name != OTHER))
            .map(|number| (dimension, number))
            .collect();
        named
    };
    words.iter().enumerate().flat_map(of).collect()
}

fn there(columns: &[(usize, u16)], subject: &Subject) -> Vec<bool> {
    let is = |&part: &(usize, u16)| Key(vec![part]).side_of(subject) == Some(Side::In);
    columns.iter().map(is).collect()
}

/// Checks what was declared.
pub(crate) fn declared(
    declared: &DeclaredIcp,
    newer: &Cohort,
    words: &[Vocabulary],
    quarters: (crm::Moment, CheckedIn),
    horizon_days: u32,
) -> Result<DeclaredCheck, stats::Error> {
    // In each dimension any of the values; who is unknown there stands on neither side.
    let side = |subject: &Subject| {
        let mut inside = true;
        for (dimension, wanted) in &declared.values {
            let place = words
                .iter()
                .position(|words| words.dimension == *dimension)?;
            let has = |value: Option<&str>| wanted.iter().any(|w| Some(w.as_str()) == value);
            let mut share = 0.0;
            for &(number, part) in subject.values.get(place)? {
                let value = words.get(place)?.name(number);
                value?;
                share += if has(value) { part } else { 0.0 };
            }
            match share {
                share if share <= 0.0 => inside = false,
                share if share < 1.0 - 1e-9 => return None,
                _ => {}
            }
        }
        Some(if inside { Side::In } else { Side::Rest })
    };
    let mut check = check(newer, horizon_days, side)?;
    let seen_before = declared.seen_until.is_some_and(|seen| seen > quarters.0);
    if seen_before {
        check.verdict = Verdict::NotDistinguishable;
    }
    Ok(DeclaredCheck {
        declared: declared.clone(),
        checked_in: quarters.1,
        seen_before,
        check,
    })
}

//! The card's sentences.

use super::Rule;
use crate::forecast::words::percent;
use crate::scoring::contender::Contender;
use crate::scoring::gate::Obstacle;
use crate::scoring::judgement::Contest;
use crate::scoring::profile::number;
use crate::scoring::rules::{Is, Question, Rules};
use crate::scoring::table::{Table, Values};
use stats::wilson;

/// Why there is no score, as one would say it to a sales leader.
#[must_use]
pub fn obstacle_in_words(obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::TooFewClosed { missing } => format!(
            "Not enough evidence: {missing} more with a known outcome are needed before anything can \
             be said of the others."
        ),
        Obstacle::TooFewOfTheRarer { missing } => format!(
            "Not enough evidence: {missing} more of the rarer outcome are needed; a score has to have \
             seen both."
        ),
        Obstacle::ExtremeRate { rate } => format!(
            "{} ended well. So extreme a rate mostly means that the other outcome is not recorded; a \
             score would learn who records it.",
            percent(*rate)
        ),
        Obstacle::NothingJudged => {
            "Not enough evidence: no rows are left to be judged after enough to learn from.".to_owned()
        }
        Obstacle::NothingBeatsTheRate => {
            "No signal: nothing that is known tells these apart better than their overall rate does."
                .to_owned()
        }
        Obstacle::Area { low } => format!(
            "No sure signal: of pairs with one of each outcome, perhaps no more than {} are put in the \
             right order. A coin gives 50 %, and above 55 % is asked for.",
            percent(*low)
        ),
        Obstacle::Baseline { model, baseline } => format!(
            "The stage alone says as much: told by its rate a row loses {baseline:.4} on average, told \
             by the model {model:.4}, which is not surely less."
        ),
        Obstacle::Slope { low, high } => match low.zip(*high) {
            Some((low, high)) => format!(
                "Probabilities do not mean what they say: where 1 is right, the slope of what happened \
                 on what was said is between {low:.2} and {high:.2}."
            ),
            None => "Whether probabilities mean what they say could not be found out.".to_owned(),
        },
        Obstacle::OutcomeLeaks => {
            "The rows themselves give their outcome away: see what the auditor found.".to_owned()
        }
    }
}

/// Why the chosen contender is used.
pub(crate) fn why(contest: &Contest) -> String {
    let loss = |contender: &Contender| {
        let judged = contest.judged.get(contender);
        judged.map_or(f64::NAN, |judged| judged.log_loss)
    };
    let (chosen, best) = (contest.chosen, contest.best);
    if chosen == best {
        return format!(
            "{} loses least on rows that it had not seen, {:.4} a row, and nothing simpler is within a \
             standard error of it.",
            sentence(chosen.words()),
            loss(&best)
        );
    }
    format!(
        "{} is the simplest whose loss, {:.4} a row, is within a standard error of the least, that of \
         {}, {:.4}.",
        sentence(chosen.words()),
        loss(&chosen),
        best.words(),
        loss(&best)
    )
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// A tree's leaves as rules, the highest rate first.
pub(crate) fn rules_in_words(rules: &Rules, table: &Table) -> Vec<Rule> {
    let mut said: Vec<Rule> = rules
        .leaves()
        .iter()
        .map(|leaf| {
            let answers = leaf.answers.iter();
            let words: Vec<String> = answers
                .filter_map(|(question, holds)| answer(*question, *holds, table))
                .collect();
            // Rows of one deal mostly end alike: the interval is that of as many deals.
            let rows = (0..table.rows()).filter(|&row| leaf.holds(table, row));
            let mut deals: Vec<u32> = rows.map(|row| table.groups()[row]).collect();
            deals.sort_unstable();
            deals.dedup();
            let things = deals.len() as f64;
            let rate = leaf.happened as f64 / leaf.rows as f64;
            let interval = wilson(things * rate, things, 0.95);
            Rule {
                when: words.join(" and "),
                rows: leaf.rows,
                happened: leaf.happened,
                rate,
                low: interval.low,
                high: interval.high,
            }
        })
        .collect();
    said.sort_by(|a, b| b.rate.total_cmp(&a.rate));
    said
}

fn answer(question: Question, holds: bool, table: &Table) -> Option<String> {
    let column = table.columns().get(question.column)?;
    let name = &column.name;
    Some(match (question.is, holds, &column.values) {
        (Is::Missing, true, _) => format!("{name} is not known"),
        (Is::Missing, false, _) => format!("{name} is known"),
        (Is::Above(bound), true, _) => format!("{name} is above {}", number(bound)),
        (Is::Above(bound), false, _) => format!("{name} is not above {}", number(bound)),
        (Is::Category(code), _, Values::Categories { names, .. }) => {
            let category = names.get(code as usize)?;
            let is = if holds { "is" } else { "is not" };
            format!("{name} {is} {category}")
        }
        (Is::Category(_), _, Values::Numbers(_)) => return None,
    })
}

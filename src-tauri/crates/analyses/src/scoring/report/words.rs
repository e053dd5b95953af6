//! The report's sentences.

use stats::Rate;

use super::card::ScoreCard;
use crate::forecast::words::percent;
use crate::scoring::Because;
use crate::scoring::rows::OpenRows;

pub(super) const CAUTION: &str = "These are associations in this portal's past, not advice: changing \
one of them does not make a deal more likely to be won.";
pub(super) const WON: &str = "Deals that were learnt from and are won by now.";
pub(super) const LOST: &str = "Deals that were learnt from and are lost by now.";
pub(super) const OPEN: &str = "Deals that are open now.";
pub(super) const METHOD: &str = "Every deal is seen at set days after its creation while it is open, with \
what was known then and nothing later. All sightings of a deal weigh as much as one; those of a company \
are never parted between learning and judging. Models are judged forward in time on sightings whose \
outcome was not known when they learnt, and the simplest that is as good as the best is used.";

/// What counts as won.
pub(super) fn won(days: u32) -> String {
    format!(
        "The deal enters a won stage within {days} days of being seen, and is not reopened. Lost, or still \
         open after that, is not."
    )
}

fn rate(rate: Rate) -> String {
    format!(
        "{} ({:.0}-{:.0}) of {} deals",
        percent(rate.value),
        100.0 * rate.low,
        100.0 * rate.high,
        rate.n
    )
}

/// The finding, or the refusal.
pub(super) fn finding(card: &ScoreCard, open: usize) -> String {
    let model = &card.model;
    let base = card.base_rate.map_or_else(String::new, |base| {
        format!(
            " Of all sightings, {} were {}.",
            rate(base),
            card.event.text
        )
    });
    match (&model.judged, model.refusals.first()) {
        (Some(judged), None) => format!(
            "{open} open deals are scored by how likely they are {}.{base} Of two earlier deals, the one \
             that was won had the higher score {} ({:.0}-{:.0}) of the time; by chance it is 50 %.",
            card.event.text,
            percent(judged.auc.value),
            100.0 * judged.auc.low,
            100.0 * judged.auc.high,
        ),
        (_, Some(refusal)) => format!("No score: {}{base}", lower(&refusal.sentence)),
        (None, None) => format!("No score: nothing could be judged.{base}"),
    }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// What a reader must know.
pub(super) fn notes(card: &ScoreCard, open: &OpenRows) -> Vec<String> {
    let mut notes = vec![CAUTION.to_owned()];
    let population = &card.population;
    let said = |count: u32, text: &str| (count > 0).then(|| format!("{count} {text}"));
    notes.extend(said(
        population.short,
        "deals that closed within two days of their creation are left out: they were entered when all was over.",
    ));
    notes.extend(said(
        population.arrived_closed,
        "deals that arrived already closed are left out: nothing is known of them while they were open.",
    ));
    notes.extend(said(
        population.unfinished,
        "sightings are left out because their days are not over yet.",
    ));
    let asleep = open.asleep.iter().filter(|asleep| **asleep).count() as u32;
    notes.extend(said(
        asleep,
        "open deals are older than 95 in 100 that closed, and nothing was done about them for 60 days: their \
         scores rest on few deals like them.",
    ));
    let today: Vec<&str> = card
        .columns
        .iter()
        .filter(|column| column.of_today > 0 && card.model.columns.contains(&column.name))
        .map(|column| column.name.as_str())
        .collect();
    if !today.is_empty() {
        notes.push(format!(
            "No history is kept of {}: their values are those of today, also for deals seen in the past.",
            today.join(", ")
        ));
    }
    if let Some(shifts) = &card.model.shifts {
        notes.extend(shifts.warnings.iter().cloned());
    }
    notes
}

/// A reason in words, with how deals alike ended.
pub(super) fn reason(because: &Because, alike: Option<Rate>, card: &ScoreCard) -> String {
    let (column, value) = (&because.column, &because.alike.value);
    let days = card.event.horizon_days;
    let direction = if because.log_odds > 0.0 {
        "raises"
    } else {
        "lowers"
    };
    let all = card.base_rate.map_or_else(String::new, |base| {
        format!("; of all {}", percent(base.value))
    });
    match alike {
        Some(found) => format!(
            "{column}: {value} {direction} the score. {} seen with about that were won within {days} days{all}.",
            rate(found)
        ),
        None => format!(
            "{column}: {value} {direction} the score. Too few deals were seen with that to give a rate."
        ),
    }
}

/// The deals behind a reason.
pub(super) fn alike(because: &Because) -> String {
    format!(
        "Deals that were learnt from and seen with {} about {}.",
        because.column, because.alike.value
    )
}

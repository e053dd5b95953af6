//! The report's sentences.

use stats::Rate;

use super::card::{Event, ScoreCard};
use crate::forecast::report::PipelineView;
use crate::forecast::words::percent;
use crate::scoring::rows::OpenRows;
use crate::scoring::{Because, Scored};

const UNTIMED: &str = "Who belongs to a deal is known as of today: a contact that was added to a deal later, even \
once it was won, counts as part of it from the deal's or its own creation on.";

/// How to read reasons.
pub(super) fn caution(of: Scored) -> String {
    format!(
        "These are associations in this portal's past, not advice: changing one of them does not make a {} \
         more likely to be {}.",
        of.one(),
        of.happened()
    )
}

/// Who is counted as won, as lost and as open.
pub(super) fn groups(of: Scored) -> [(&'static str, &'static str); 3] {
    match of {
        Scored::Deals => [
            ("won", "Deals that were learnt from and are won by now."),
            ("lost", "Deals that were learnt from and are lost by now."),
            ("open", "Deals that are open now."),
        ],
        Scored::Contacts => [
            (
                "won",
                "Contacts that were learnt from and with whom a deal is won by now.",
            ),
            (
                "lost",
                "Contacts that were learnt from and with whom no deal is won by now.",
            ),
            ("open", "Contacts with whom no deal is won now."),
        ],
    }
}

/// How the figures were made.
pub(super) fn method(of: Scored) -> String {
    let seen = match of {
        Scored::Deals => "Every deal is seen at set days after its creation while it is open",
        Scored::Contacts => {
            "Every contact is seen at set days after its creation while no deal with it is won"
        }
    };
    format!(
        "{seen}, with what was known then and nothing later. All sightings of a {} weigh as much as one; \
         those of a company are never parted between learning and judging. Models are judged forward in time \
         on sightings whose outcome was not known when they learnt, and the simplest that is as good as the \
         best is used.",
        of.one()
    )
}

/// What a score tells of.
pub(super) fn event(of: Scored, days: u32) -> Event {
    let definition = match of {
        Scored::Deals => format!(
            "The deal enters a won stage within {days} days of being seen, and is not reopened. Lost, or \
             still open after that, is not."
        ),
        Scored::Contacts => format!(
            "A deal with the contact enters a won stage within {days} days of the contact's being seen, and is \
             not reopened. Whether its deals are lost, still open or not there, without one it is not."
        ),
    };
    Event {
        text: format!("{} within {days} days", of.happened()),
        definition,
        horizon_days: days,
    }
}

/// The same, as the model's own card has it.
pub(super) fn happens(of: Scored) -> String {
    match of {
        Scored::Deals => "the deal is won".to_owned(),
        Scored::Contacts => "a deal with the contact is won".to_owned(),
    }
}

/// Whom a score is learnt from.
pub(super) fn population(of: Scored, pipeline: Option<&PipelineView>) -> String {
    match (of, pipeline.map(|pipeline| &pipeline.label)) {
        (Scored::Deals, None) => "deals of all pipelines while they were open".to_owned(),
        (Scored::Deals, Some(pipeline)) => format!("deals of {pipeline} while they were open"),
        (Scored::Contacts, None) => "contacts while no deal with them was won".to_owned(),
        (Scored::Contacts, Some(pipeline)) => {
            format!("contacts while no deal of {pipeline} with them was won")
        }
    }
}

fn rate(rate: Rate, of: Scored) -> String {
    format!(
        "{} ({:.0}-{:.0}) of {} {}",
        percent(rate.value),
        100.0 * rate.low,
        100.0 * rate.high,
        rate.n,
        of.many()
    )
}

/// The finding, or the refusal.
pub(super) fn finding(card: &ScoreCard, open: usize) -> String {
    let model = &card.model;
    let base = card.base_rate.map_or_else(String::new, |base| {
        format!(
            " Of all sightings, {} were {}.",
            rate(base, card.of),
            card.event.text
        )
    });
    match (&model.judged, model.refusals.first()) {
        (Some(judged), None) => format!(
            "{open} {} are scored by how likely they are {}.{base} Of two earlier {}, the one that was {} \
             had the higher score {} ({:.0}-{:.0}) of the time; by chance it is 50 %.",
            card.of.open(),
            card.event.text,
            card.of.many(),
            card.of.happened(),
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
pub(super) fn notes(card: &ScoreCard, open: &OpenRows, unlisted: usize) -> Vec<String> {
    let mut notes = vec![caution(card.of)];
    let population = &card.population;
    let asleep = open.asleep.iter().filter(|asleep| **asleep).count() as u32;
    let left_out = match card.of {
        Scored::Deals => [
            "deals that closed within two days of their creation are left out: they were entered when all \
             was over.",
            "deals that arrived already closed are left out: nothing is known of them while they were open.",
            "open deals are older than 95 in 100 that closed, and nothing was done about them for 60 days: \
             their scores rest on few deals like them.",
        ],
        Scored::Contacts => [
            "contacts that converted within two days of their creation are left out: they were entered when \
             all was over.",
            "contacts are left out because a deal with them was won before they were created.",
            "contacts without a won deal are older than 95 in 100 were when they converted, and nothing was \
             done about them for 60 days: their scores rest on few contacts like them.",
        ],
    };
    let said = |count: u32, text: &str| (count > 0).then(|| format!("{count} {text}"));
    notes.extend(said(population.short, left_out[0]));
    notes.extend(said(population.arrived_closed, left_out[1]));
    notes.extend(said(
        population.unfinished,
        "sightings are left out because their days are not over yet.",
    ));
    notes.extend(said(asleep, left_out[2]));
    notes.extend(said(
        unlisted as u32,
        "more have lower scores than those that are listed here.",
    ));
    if card.of == Scored::Contacts {
        notes.push(UNTIMED.to_owned());
    }
    let today: Vec<&str> = card
        .columns
        .iter()
        .filter(|column| column.of_today > 0 && card.model.columns.contains(&column.name))
        .map(|column| column.name.as_str())
        .collect();
    if !today.is_empty() {
        notes.push(format!(
            "No history is kept of {}: their values are those of today, also for {} seen in the past.",
            today.join(", "),
            card.of.many()
        ));
    }
    if let Some(shifts) = &card.model.shifts {
        notes.extend(shifts.warnings.iter().cloned());
    }
    notes
}

/// A reason in words, with how records alike ended.
pub(super) fn reason(because: &Because, alike: Option<Rate>, card: &ScoreCard) -> String {
    let (column, value) = (&because.column, &because.alike.value);
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
            "{column}: {value} {direction} the score. {} seen with about that were {}{all}.",
            rate(found, card.of),
            card.event.text
        ),
        None => format!(
            "{column}: {value} {direction} the score. Too few {} were seen with that to give a rate.",
            card.of.many()
        ),
    }
}

/// The records behind a reason.
pub(super) fn alike(because: &Because, of: Scored) -> String {
    let many = match of {
        Scored::Deals => "Deals",
        Scored::Contacts => "Contacts",
    };
    format!(
        "{many} that were learnt from and seen with {} about {}.",
        because.column, because.alike.value
    )
}

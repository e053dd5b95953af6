//! The words of the report, made from its figures.

use super::ladder::Frame;
use super::lives::Ending;
use super::measure::Measure;
use super::report::{ActivityNote, ActivityRow, FlagCode, RungKind, Verdict};
use super::verdict::effect;

pub(super) const METHOD: &str = "An activity counts from the moment when it had happened and was on \
     record. A window holds an activity when there are at least as many in it as the ladder says: one \
     more than the median. It ends seven days before the outcome begins to count, because much of what \
     happens in the last week is made by the ending. Adjusted for age, stage, amount, owner, the end of \
     the quarter and how much else happened in the window; errors allow for deals of one company. The \
     change is that of the chance to be won within 90 days, for the middle deal. It survives adjustment \
     when landmark and matched comparison together point the way of the adjusted one and neither lies \
     on the other side, at most 1 in 20 such findings are expected to be false, the pairs are alike, and the E-value is above 1.5. Only an experiment \
     could tell more. What a deal goes through because of an activity, such as a new stage, is adjusted \
     for too, so an effect that works through it looks smaller.";

pub(super) const CLOSED: &str =
    "Deals that were won or lost, at least two days after they appeared.";
pub(super) const LANDMARK: &str = "Deals that were open a week after they were 14, 30 or 60 days old, \
     and whose 90 days from then on are over.";
pub(super) const WEEKS: &str = "Deals with a whole week in which they were open at its beginning.";
pub(super) const STALLED: &str = "Open deals that have been in their stage for longer than 4 of 5 stays \
     in it lasted, beside other deals that were in the same stage for as many weeks then.";

pub(super) fn rung(rung: RungKind) -> &'static str {
    match rung {
        RungKind::Raw => "Raw difference (not evidence)",
        RungKind::PerWeek => "Per week at risk",
        RungKind::Landmark => "Landmark",
        RungKind::Adjusted => "Adjusted, week by week",
        RungKind::Matched => "Matched pairs",
    }
}

/// What a rung of closed deals compares.
pub(super) fn raw_definition(least: u32, median: Option<f64>) -> String {
    match median {
        Some(median) => format!(
            "Share won of the closed deals with more than {median:.2} a week, less that of the others. \
             The ratio is that of the rate of won deals to the rate of lost ones. Still mixed up with \
             stage, amount and owner."
        ),
        None => format!(
            "Share won of the closed deals with at least {least} in their whole life, less that of the \
             others. Not evidence: deals that live longer gather more."
        ),
    }
}

/// What a rung compares.
pub(super) fn definition(rung: RungKind, window: u32, least: u32) -> String {
    let held = format!("at least {least} within {window} days");
    match rung {
        RungKind::Landmark => format!(
            "Deals open at 14, 30 and 60 days: chance to be won within 90 days from a week later, with \
             {held} before the landmark and without, all else alike. The ratio is one of odds."
        ),
        RungKind::Adjusted => format!(
            "Every week of every deal: the chance to be won in it with {held}, a week before, and \
             without, all else alike; and what one such window changes within 90 days. The ratio is \
             one of weekly hazards."
        ),
        RungKind::Matched => format!(
            "Deals in their first week with {held}, each beside another deal of the same stage, week of \
             age, fifth of the amounts and quarter and about the same activity before: how many more \
             are won within 90 days. The ratio is one of shares."
        ),
        RungKind::Raw | RungKind::PerWeek => String::new(),
    }
}

/// The name of the group of a rung's deals.
pub(super) fn group(rung: RungKind, measure: Measure, window: u32) -> String {
    match rung {
        RungKind::Raw | RungKind::PerWeek => "closed".to_owned(),
        RungKind::Landmark => "landmark".to_owned(),
        RungKind::Adjusted => "weeks".to_owned(),
        RungKind::Matched => format!("pairs {} {window}", measure.label()),
    }
}

pub(super) fn pairs_group(measure: Measure, window: u32) -> String {
    let what = measure.label();
    format!("Both deals of each pair: {what}, within {window} days.")
}

pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::SurvivesAdjustment => "survives adjustment",
        Verdict::Association => "association",
        Verdict::NoneFound => "no difference found",
        Verdict::TooFew => "too few deals",
        Verdict::NotUsed => "not used",
    }
}

pub(super) fn flag(code: FlagCode) -> &'static str {
    match code {
        FlagCode::FollowsProgress => {
            "It comes right after a stage change more often than otherwise: progress may bring the \
             activity rather than the other way round."
        }
        FlagCode::PlaceboAlike => {
            "Notes, which no customer sees, point the same way: how busy people are with a deal may be \
             behind both."
        }
        FlagCode::NotBalanced => "The pairs could not be made alike: a difference is left before.",
    }
}

/// The finding in a sentence or two.
pub(super) fn finding(rows: &[ActivityRow]) -> String {
    let of = |verdict: Verdict| rows.iter().filter(move |row| row.verdict == verdict);
    let mut kinds: Vec<&ActivityRow> = Vec::new();
    for row in of(Verdict::SurvivesAdjustment) {
        if kinds.iter().all(|kind| kind.measure != row.measure) {
            kinds.push(row);
        }
    }
    if rows
        .iter()
        .all(|row| matches!(row.verdict, Verdict::TooFew | Verdict::NotUsed))
    {
        return "Too few deals were won and lost with and without activity to tell anything."
            .to_owned();
    }
    if kinds.is_empty() {
        let associated = of(Verdict::Association).next().is_some();
        let rest = if associated {
            " Some raw differences are large, but they are not evidence."
        } else {
            ""
        };
        return format!("No kind of activity survives adjustment.{rest}");
    }
    let told: Vec<String> = kinds.iter().map(|row| tell(row)).collect();
    format!(
        "Survives adjustment: {}. An association that stood up to {} comparisons, not a proof.",
        told.join("; "),
        3
    )
}

fn tell(row: &ActivityRow) -> String {
    let points = |share: f64| format!("{:+.1}", 100.0 * share).replace('-', "\u{2212}");
    let label = row.label.to_lowercase();
    let days = row.window_days;
    match effect(row, RungKind::Adjusted) {
        Some(effect) => format!(
            "{label} ({} points of the chance to be won within 90 days for {} or more in {days} days; \
             {} to {})",
            points(effect.value),
            row.at_least,
            points(effect.low),
            points(effect.high)
        ),
        None => label,
    }
}

/// What a reader must know.
pub(super) fn notes(frame: &Frame<'_>) -> Vec<ActivityNote> {
    let lives = &frame.lives;
    let closed = lives
        .lives
        .iter()
        .filter(|life| life.ending != Ending::Open);
    let no_loss =
        closed.clone().count() > 0 && closed.clone().all(|life| life.ending == Ending::Won);
    let share = |part: u32| f64::from(part) / f64::from(lives.activities.max(1));
    let late = share(lives.logged_late);
    [
        (no_loss, "losses_not_recorded", "No deal was ever lost: losses are probably not recorded, and nothing can be compared with wins.".to_owned()),
        (lives.activities == 0, "no_activities", "The copy holds no activities of these deals.".to_owned()),
        (late > 0.2, "logged_late", format!("{:.0} % of the activities were logged more than a day after they happened. They count from when they were logged.", 100.0 * late)),
        (lives.automatic > 0, "automatic", format!("{} activities that a program or a bulk action made are left out.", lives.automatic)),
        (lives.short > 0, "short_lives", format!("{} deals that were closed within two days are left out: they were entered when all was over.", lives.short)),
        (lives.arrived_closed > 0, "arrived_closed", format!("{} deals that arrived already closed are left out.", lives.arrived_closed)),
        (frame.sampled, "sampled", format!("There are very many weeks: adjusted and matched comparisons use those of {} deals drawn by lot.", frame.weeks.deals().len())),
        (frame.sampled_at_landmarks, "sampled_at_landmarks", format!("There are very many deals: the landmark comparison uses {} deals drawn by lot.", frame.landmarks.deals().len())),
        (true, "opened", "HubSpot's counter of opened e-mails is shown and weighs nothing: programs open e-mails too.".to_owned()),
    ]
    .into_iter()
    .filter(|note| note.0)
    .map(|(_, code, text)| ActivityNote {
        code: code.to_owned(),
        text,
    })
    .collect()
}

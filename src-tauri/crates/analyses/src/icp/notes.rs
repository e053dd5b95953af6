//! What a reader must know to trust the figures rightly.

use std::collections::BTreeMap;

use crm::RecordId;
use serde::Serialize;
use stats::{Ending, SHOW_FROM};

use super::cohort::Cohort;
use super::report::Segment;
use super::rows::IcpRows;

/// Deals that a note lists.
const LISTED: usize = 100;
/// Closed deals from which on a share of wins can be called strange.
const CLOSED_FOR_SKEW: u32 = 20;
/// The chance below which unknown values are told apart from known ones.
const LEAK_P: f64 = 0.05;

/// Something a reader must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct IcpNote {
    /// Whether the figures may mislead unless this is looked at.
    pub warning: bool,
    /// What it is about.
    pub code: IcpNoteCode,
    /// What it is, in a sentence.
    pub message: String,
    /// The deals it touches, at most 100.
    #[cfg_attr(feature = "bindings", ts(type = "string[]"))]
    pub deals: Vec<RecordId>,
}

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum IcpNoteCode {
    /// Deals are won and none is lost: losses are not recorded.
    LossesNotRecorded,
    /// More than 90 % or less than 3 % of the closed deals were won.
    SkewedOutcomes,
    /// Unknown values win more or less often than known ones: they were perhaps filled after the
    /// outcome.
    UnknownValuesLeak,
    /// Most deals were created on one day: an import.
    CreatedTogether,
    /// Open deals that nobody has touched, older than nearly all that were resolved.
    Zombies,
    /// Deals that were closed on the day of their creation: entered afterwards.
    CreatedWhenClosed,
    /// Deals closed before they were created.
    ClosedBeforeCreated,
    /// Won deals without an amount.
    NoAmount,
    /// Won deals with an amount below zero.
    NegativeAmount,
    /// All won deals have one amount: it was perhaps never filled in.
    OneAmount,
    /// Segments whose deals are all of one owner.
    OneOwner,
    /// Deals that ended before they were on record, left out.
    Unwatched,
    /// Deals that were deleted since, and count up to then.
    Deleted,
    /// More than half of the wins took longer than the horizon.
    ShortHorizon,
    /// Values of which no history is kept.
    ValuesOfToday,
    /// Contacts that were added after their first deal, left out.
    AfterTheirDeal,
    /// Records that were merged into others.
    Merged,
    /// Renewals, left out.
    Renewals,
}

/// The notes, warnings first.
pub(crate) fn notes(
    cohort: &Cohort,
    contacts: &Cohort,
    segments: &[Segment],
    rows: &IcpRows,
    horizon_days: u32,
) -> Vec<IcpNote> {
    let mut notes = Vec::new();
    let mut say = |warning, code, message: String, mut deals: Vec<RecordId>| {
        deals.sort_unstable();
        deals.truncate(LISTED);
        notes.push(IcpNote {
            warning,
            code,
            message,
            deals,
        });
    };
    let with = |ending| cohort.subjects.iter().filter(move |s| s.ending == ending);
    let won = with(Ending::Event).count() as u32;
    let lost = with(Ending::Competing).count() as u32;
    if won >= SHOW_FROM && lost == 0 {
        let message = format!("{won} deals were won and none was lost. Losses are not recorded.");
        say(true, IcpNoteCode::LossesNotRecorded, message, vec![]);
    } else if won + lost >= CLOSED_FOR_SKEW {
        let share = f64::from(won) / f64::from(won + lost);
        if !(0.03..=0.9).contains(&share) {
            let message = format!("{:.0} % of the closed deals were won.", 100.0 * share);
            say(true, IcpNoteCode::SkewedOutcomes, message, vec![]);
        }
    }
    for segment in segments {
        let [part] = &segment.parts[..] else { continue };
        let lift = &segment.lift;
        if part.value.is_none() && lift.p.is_some_and(|p| p < LEAK_P) {
            let share = |k: u32, n: u32| 100.0 * f64::from(k) / f64::from(n.max(1));
            let message = format!(
                "Where {} is unknown, {:.0} % of {} deals were won; where it is known, {:.0} % of \
                 {}. It may have been filled in after the outcome.",
                part.dimension,
                share(lift.happened, lift.n),
                lift.n,
                share(lift.others_happened, lift.others),
                lift.others,
            );
            say(
                true,
                IcpNoteCode::UnknownValuesLeak,
                message,
                segment.deals.clone(),
            );
        }
    }
    let mut days: BTreeMap<i64, usize> = BTreeMap::new();
    for subject in &cohort.subjects {
        *days.entry(subject.created_on).or_default() += 1;
    }
    let most = days.values().copied().max().unwrap_or(0);
    if most >= 20 && 2 * most > cohort.subjects.len() {
        let message = format!(
            "{most} deals were created on one day: an import. Times to win are short by what came before it."
        );
        say(true, IcpNoteCode::CreatedTogether, message, vec![]);
    }
    let zombies: Vec<_> = cohort
        .subjects
        .iter()
        .filter(|s| s.zombie.is_some())
        .collect();
    let mut about = |warning, code, deals: Vec<RecordId>, what: &str| {
        if !deals.is_empty() {
            say(warning, code, format!("{} {what}", deals.len()), deals);
        }
    };
    about(
        false,
        IcpNoteCode::Zombies,
        zombies.iter().map(|s| s.id).collect(),
        "open deals are older than 95 of 100 resolved ones and untouched for 60 days.",
    );
    let left_out = &cohort.left_out;
    about(
        false,
        IcpNoteCode::Deleted,
        left_out.deleted.clone(),
        "deals were deleted since and still count, up to then.",
    );
    about(
        false,
        IcpNoteCode::Unwatched,
        left_out.unwatched.clone(),
        "deals ended before they were on record and are left out.",
    );
    about(
        false,
        IcpNoteCode::CreatedWhenClosed,
        left_out.same_day.clone(),
        "deals were closed on the day of their creation.",
    );
    about(
        true,
        IcpNoteCode::ClosedBeforeCreated,
        left_out.backwards.clone(),
        "deals were closed before their creation; they count as closed on that day.",
    );
    let amounts = |is: fn(Option<f64>) -> bool| {
        with(Ending::Event)
            .filter(|s| is(s.amount))
            .map(|s| s.id)
            .collect::<Vec<_>>()
    };
    about(
        false,
        IcpNoteCode::NoAmount,
        amounts(|amount| amount.is_none()),
        "won deals have no amount in the home currency.",
    );
    about(
        true,
        IcpNoteCode::NegativeAmount,
        amounts(|amount| amount.is_some_and(|amount| amount < 0.0)),
        "won deals have an amount below zero.",
    );
    let known: Vec<f64> = with(Ending::Event).filter_map(|s| s.amount).collect();
    if let [first, rest @ ..] = &known[..]
        && rest.len() >= 4
        && rest.iter().all(|amount| amount == first)
    {
        let message = format!("All {} won deals have one amount.", known.len());
        say(true, IcpNoteCode::OneAmount, message, vec![]);
    }
    let single = segments
        .iter()
        .filter(|s| s.one_owner && s.parts.len() == 1)
        .count();
    if single > 0 {
        let message = format!(
            "In {single} segments all deals are of one owner: it may be the owner's success, not the segment's."
        );
        say(true, IcpNoteCode::OneOwner, message, vec![]);
    }
    let of_today = rows.of_today.iter().filter(|(_, n)| **n > 0);
    let of_today: Vec<String> = of_today.map(|(of, n)| format!("{of} ({n})")).collect();
    if !of_today.is_empty() {
        let message = format!(
            "No history is kept of {}: so many values are those of today, not of the creation.",
            of_today.join(", ")
        );
        say(false, IcpNoteCode::ValuesOfToday, message, vec![]);
    }
    let late = with(Ending::Event)
        .filter(|s| s.exit > f64::from(horizon_days))
        .count() as u32;
    if won >= SHOW_FROM && 2 * late > won {
        let message = format!(
            "{late} of {won} wins took longer than {horizon_days} days: a longer horizon counts them."
        );
        say(false, IcpNoteCode::ShortHorizon, message, vec![]);
    }
    if contacts.left_out.after_their_deal > 0 {
        let message = format!(
            "{} contacts were added after their first deal and are left out: they did not bring it.",
            contacts.left_out.after_their_deal
        );
        say(false, IcpNoteCode::AfterTheirDeal, message, vec![]);
    }
    if rows.merged > 0 {
        let message = format!(
            "{} deals and contacts were merged into others, which go on for them.",
            rows.merged
        );
        say(false, IcpNoteCode::Merged, message, vec![]);
    }
    if left_out.renewals > 0 {
        let message = format!("{} renewals are left out.", left_out.renewals);
        say(false, IcpNoteCode::Renewals, message, vec![]);
    }
    notes.sort_by_key(|note| (!note.warning, note.code));
    notes
}

//! How strong the evidence is: by rule, and the same rule for everything.

use std::collections::BTreeMap;

use stats::{
    Comparison, Effect, Ratio, Scale, Table, benjamini_hochberg, e_value, normal_cdf, stratified,
};

use super::ladder::Frame;
use super::matching::MOST_IMBALANCE;
use super::measure::Measure;
use super::report::{ActivityRow, Flag, FlagCode, RungKind, Verdict};
use super::{LEVEL, WEEK, words};

/// The share of false ones among all findings that is put up with. With a tenth, the default of
/// discoveries, something survived in 16 of 200 worlds in which nothing has an effect.
const FALSE_SHARE: f64 = 0.05;
/// Something unseen must go more strongly than this with both, to leave nothing.
const LEAST_E_VALUE: f64 = 1.5;
/// From this ratio of odds on, activity is said to follow a stage change.
const FOLLOWS: f64 = 1.25;

/// Fills in what rests on a row's rungs and on all rows together. Gives how many questions there were.
pub(super) fn judge(frame: &Frame<'_>, rows: &mut [ActivityRow]) -> u32 {
    let asked: Vec<(usize, f64)> = rows
        .iter()
        .enumerate()
        .filter_map(|(place, row)| Some((place, p_value(&rung(row, RungKind::Adjusted)?.ratio?))))
        .collect();
    let p: Vec<f64> = asked.iter().map(|of| of.1).collect();
    let q = benjamini_hochberg(&p).unwrap_or_default();
    for (&(place, _), q) in asked.iter().zip(q) {
        rows[place].q = Some(q);
    }
    let notes: BTreeMap<u32, Effect> = rows
        .iter()
        .filter(|row| row.measure == Measure::Notes && is_found(row))
        .filter_map(|row| Some((row.window_days, effect(row, RungKind::Adjusted)?)))
        .collect();
    let mut follows: BTreeMap<Measure, bool> = BTreeMap::new();
    for row in rows.iter_mut() {
        let adjusted = rung(row, RungKind::Adjusted);
        let (ratio, effect) = adjusted.map_or((None, None), |rung| (rung.ratio, rung.effect));
        row.e_value = ratio.and_then(|ratio| e_value(&ratio, Scale::Hazard));
        row.smallest_found =
            effect.and_then(|effect| Comparison::USUAL.smallest_effect(effect.error).ok());
        row.verdict = verdict(row);
        row.verdict_label = words::verdict(row.verdict).to_owned();
        if matches!(
            row.verdict,
            Verdict::SurvivesAdjustment | Verdict::Association
        ) {
            let follows = *follows
                .entry(row.measure)
                .or_insert_with(|| follows_progress(frame, row.measure));
            let alike = effect
                .zip(notes.get(&row.window_days))
                .is_some_and(|(own, notes)| own.value * notes.value > 0.0);
            row.flags = flags(row, follows, alike && row.measure != Measure::Notes);
        }
    }
    asked.len() as u32
}

/// Wald's test of a ratio on the scale of logarithms: of the hazard to be won, whatever becomes of the
/// hazard to be lost.
fn p_value(ratio: &Ratio) -> f64 {
    if ratio.log_error > 0.0 {
        2.0 * normal_cdf(-(ratio.value.ln() / ratio.log_error).abs())
    } else {
        1.0
    }
}

/// How far the adjusted difference is from nothing, in errors.
pub(super) fn strength(row: &ActivityRow) -> f64 {
    let effect = effect(row, RungKind::Adjusted);
    effect.map_or(-1.0, |effect| {
        (effect.value / effect.error.max(f64::MIN_POSITIVE)).abs()
    })
}

fn rung(row: &ActivityRow, kind: RungKind) -> Option<&super::report::Rung> {
    row.rungs.iter().find(|rung| rung.rung == kind)
}

pub(super) fn effect(row: &ActivityRow, kind: RungKind) -> Option<Effect> {
    rung(row, kind)?.effect
}

fn is_found(row: &ActivityRow) -> bool {
    row.q.is_some_and(|q| q <= FALSE_SHARE)
}

fn is_balanced(row: &ActivityRow) -> bool {
    let imbalance = rung(row, RungKind::Matched).and_then(|rung| rung.imbalance);
    imbalance.is_some_and(|imbalance| imbalance < MOST_IMBALANCE)
}

fn verdict(row: &ActivityRow) -> Verdict {
    if !row.measure.is_evidence() {
        return Verdict::NotUsed;
    }
    let [landmark, adjusted, matched] =
        [RungKind::Landmark, RungKind::Adjusted, RungKind::Matched].map(|kind| effect(row, kind));
    let Some(adjusted) = adjusted else {
        return Verdict::TooFew;
    };
    let agree = landmark
        .zip(matched)
        .is_some_and(|(landmark, matched)| agree(adjusted, [landmark, matched]));
    let strong = row.e_value.is_some_and(|e| e.estimate > LEAST_E_VALUE);
    if is_found(row) && agree && is_balanced(row) && strong {
        return Verdict::SurvivesAdjustment;
    }
    let differs = |effect: Effect| effect.low > 0.0 || effect.high < 0.0;
    if row.rungs.iter().filter_map(|rung| rung.effect).any(differs) {
        Verdict::Association
    } else {
        Verdict::NoneFound
    }
}

/// Whether two comparisons bear a third out: together, by their precision, they point its way, and
/// neither has its interval on the other side. The sign of each alone would be asked of estimates whose
/// errors are larger than the effects that the third can find: chance would decide.
fn agree(adjusted: Effect, others: [Effect; 2]) -> bool {
    let side = adjusted.value.signum();
    let precision = |of: &Effect| 1.0 / of.error.powi(2).max(f64::MIN_POSITIVE);
    let together: f64 = others.iter().map(|of| of.value * precision(of)).sum();
    let opposes = |of: &Effect| (of.low * side).max(of.high * side) < 0.0;
    together * side > 0.0 && !others.iter().any(opposes)
}

fn flags(row: &ActivityRow, follows: bool, alike: bool) -> Vec<Flag> {
    let balanced = is_balanced(row) || effect(row, RungKind::Matched).is_none();
    [
        (FlagCode::FollowsProgress, follows),
        (FlagCode::PlaceboAlike, alike),
        (FlagCode::NotBalanced, !balanced),
    ]
    .into_iter()
    .filter(|flag| flag.1)
    .map(|(code, _)| Flag {
        code,
        text: words::flag(code).to_owned(),
    })
    .collect()
}

/// The negative lag: whether the activity of a week follows a stage change of the week before, among
/// weeks of the same stage and about the same age. Then progress may be what brings the activity.
fn follows_progress(frame: &Frame<'_>, measure: Measure) -> bool {
    let mut tables: BTreeMap<(u32, u32), Table> = BTreeMap::new();
    for pair in frame.weeks.rows.windows(2) {
        let [before, row] = pair else { continue };
        if before.life != row.life {
            continue;
        }
        let life = &frame.lives.lives[row.life as usize];
        // A week that was not lived to its end could hold less.
        if life.until < row.at + WEEK {
            continue;
        }
        let active = frame.lives.count(life, measure, row.at, row.at + WEEK) > 0;
        let age = match row.age as u32 {
            0..4 => 0,
            4..9 => 1,
            _ => 2,
        };
        let table = tables.entry((row.stage, age)).or_default();
        let cell = match (before.stage != row.stage, active) {
            (true, true) => &mut table.a,
            (true, false) => &mut table.b,
            (false, true) => &mut table.c,
            (false, false) => &mut table.d,
        };
        *cell += 1;
    }
    let tables: Vec<Table> = tables.into_values().collect();
    let odds = stratified(&tables, LEVEL).odds;
    odds.is_some_and(|odds| odds.low > 1.0 && odds.value >= FOLLOWS)
}

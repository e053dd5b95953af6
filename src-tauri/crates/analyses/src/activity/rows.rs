//! A deal at a moment, as a row: what was known of it then, and what became of it.

use crm::Moment;
use jiff::tz::TimeZone;
use rust_decimal::prelude::ToPrimitive;
use stats::Stream;

use super::lives::{Ending, Life, Lives};
use super::measure::Measure;
use super::{DAY, HORIZON_DAYS, LAG_DAYS, MOST_AT_LANDMARKS, MOST_WEEKS, PURPOSE_LANDMARKS, WEEK};

/// A deal at a moment at which it was open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// Its place among the lives.
    pub(super) life: u32,
    /// The moment.
    pub(super) at: i64,
    /// Weeks since the deal was created.
    pub(super) age: f64,
    /// The place of its stage.
    pub(super) stage: u32,
    /// Its amount in the home currency.
    pub(super) amount: Option<f64>,
    /// Its owner.
    pub(super) owner: Option<u64>,
    /// Whether the quarter ends within three weeks.
    pub(super) quarter_ends: bool,
    /// The quarter: years times four.
    pub(super) quarter: i32,
    /// The day of a landmark; 0 of a week.
    pub(super) landmark: u32,
    /// How it ended in the week, or within the horizon: 0 not, 1 won, 2 lost.
    pub(super) ending: u8,
}

impl Row {
    /// Activities of a measure in the window before: it ends a lag before the row.
    pub(super) fn count(&self, lives: &Lives<'_>, measure: Measure, window: u32) -> u32 {
        let (from, until) = self.window(window);
        lives.count(&lives.lives[self.life as usize], measure, from, until)
    }

    pub(super) fn count_others(&self, lives: &Lives<'_>, measure: Measure, window: u32) -> u32 {
        let (from, until) = self.window(window);
        lives.count_others(&lives.lives[self.life as usize], measure, from, until)
    }

    /// The window's ends.
    pub(super) fn window(&self, days: u32) -> (i64, i64) {
        let until = self.at - i64::from(LAG_DAYS) * DAY;
        (until - i64::from(days) * DAY, until)
    }
}

fn row(lives: &Lives<'_>, place: usize, at: i64) -> Option<Row> {
    let life = &lives.lives[place];
    let (stage, state) = lives.open_at(life, at)?;
    let timeline = lives.timeline;
    let amount = state.amount.value().and_then(|amount| {
        timeline
            .rates()
            .to_home(amount, timeline.currency(life.deal))
    });
    let (quarter, quarter_ends) = quarter(at, &timeline.clock().zone);
    Some(Row {
        life: place as u32,
        at,
        age: (at - life.born).max(0) as f64 / WEEK as f64,
        stage: stage.index() as u32,
        amount: amount.and_then(|amount| amount.to_f64()),
        owner: state.owner.value().map(crm::OwnerId::get),
        quarter_ends,
        quarter,
        landmark: 0,
        ending: 0,
    })
}

fn quarter(at: i64, zone: &TimeZone) -> (i32, bool) {
    let date = Moment::from_millis(at * 1000).date_in(zone);
    let quarter = i32::from(date.year()) * 4 + i32::from((date.month() - 1) / 3);
    let in_quarter = (date.month() - 1) % 3;
    let ends = in_quarter == 2 && date.days_in_month() - date.day() < 21;
    (quarter, ends)
}

/// Every whole week in which a deal was at risk, and whether it ended in it. Of very many, those of
/// deals drawn by lot.
pub(super) fn weeks(lives: &Lives<'_>, seed: u64) -> (Vec<Row>, bool) {
    let all: f64 = lives.lives.iter().map(|life| life.days() / 7.0 + 1.0).sum();
    let share = MOST_WEEKS / all;
    let drawn = |life: &Life| {
        share >= 1.0 || Stream::new(seed, super::PURPOSE_WEEKS, life.id.get()).bernoulli(share)
    };
    let mut rows = Vec::new();
    for (place, life) in lives.lives.iter().enumerate() {
        if !drawn(life) {
            continue;
        }
        let mut at = life.from;
        // A week that is not over tells only of those that ended.
        while at < life.until && at + WEEK <= lives.as_of {
            if let Some(mut row) = row(lives, place, at) {
                let ends = life.until <= at + WEEK;
                row.ending = if ends { life.ending.number() } else { 0 };
                rows.push(row);
            }
            at += WEEK;
        }
    }
    (rows, share < 1.0)
}

/// Every deal that was open a lag after it reached the landmark's age, was watched since before, and
/// whose horizon is over. Of very many deals, those drawn by lot: the same at every landmark.
pub(super) fn at_landmark(lives: &Lives<'_>, day: u32, seed: u64) -> Vec<Row> {
    let share = share_at_landmarks(lives);
    let drawn = |life: &Life| {
        share >= 1.0 || Stream::new(seed, PURPOSE_LANDMARKS, life.id.get()).bernoulli(share)
    };
    let mut rows = Vec::new();
    for (place, life) in lives.lives.iter().enumerate() {
        let at = life.born + i64::from(day + LAG_DAYS) * DAY;
        let watched = life.from <= life.born + DAY;
        let is_over = at + i64::from(HORIZON_DAYS) * DAY <= lives.as_of;
        if !watched || !is_over || life.until <= at || !drawn(life) {
            continue;
        }
        if let Some(mut row) = row(lives, place, at) {
            row.landmark = day;
            row.ending = ending_within(life, at);
            rows.push(row);
        }
    }
    rows
}

/// The share of deals that are asked about at landmarks: 1 or more means all.
pub(super) fn share_at_landmarks(lives: &Lives<'_>) -> f64 {
    MOST_AT_LANDMARKS / lives.lives.len().max(1) as f64
}

/// How a deal that is open at a moment ends within the horizon.
pub(super) fn ending_within(life: &Life, at: i64) -> u8 {
    if life.ending != Ending::Open && life.until <= at + i64::from(HORIZON_DAYS) * DAY {
        life.ending.number()
    } else {
        0
    }
}

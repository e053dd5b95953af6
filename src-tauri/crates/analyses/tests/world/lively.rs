//! A portal as lively as a real one, with its truth known: reps who differ, deals that differ in size
//! and luck, close dates that slip, amounts that change before the win.

use analyses::forecast::Period;
use crm::OwnerId;
use jiff::ToSpan;
use jiff::civil::Date;
use stats::Stream;
use timeline::{DealPart, Tracked};

use super::{day, deal};

/// What a world is made of.
#[derive(Debug, Clone, Copy)]
pub struct Life {
    /// Deals created a day, on average.
    pub per_day: f64,
    /// Days of creation.
    pub days: i64,
    pub reps: u64,
    /// Standard deviation of the reps' log odds.
    pub rep_spread: f64,
    /// The market's standard deviation from quarter to quarter, on the log odds of winning.
    pub market: f64,
    /// Share of wins that end with another amount.
    pub repriced: f64,
}

pub const LIVELY: Life = Life {
    per_day: 0.9,
    days: 1_020,
    reps: 8,
    rep_spread: 0.35,
    market: 0.08,
    repriced: 0.2,
};

/// The deals of a world.
pub fn lively(seed: u64, life: Life) -> Vec<DealPart> {
    let mut births = Stream::new(seed, 201, 0);
    let mut markets = Stream::new(seed, 202, 0);
    let market: Vec<f64> = (0..24).map(|_| life.market * markets.normal()).collect();
    let reps: Vec<f64> = (0..life.reps)
        .map(|rep| life.rep_spread * Stream::new(seed, 203, rep).normal())
        .collect();
    let mut deals = Vec::new();
    for created in 0..life.days {
        for _ in 0..births.poisson(life.per_day) {
            let id = deals.len() as u64 + 1;
            deals.push(one(seed, id, created, life, &reps, &market));
        }
    }
    deals
}

fn one(seed: u64, id: u64, created: i64, life: Life, reps: &[f64], market: &[f64]) -> DealPart {
    let mut luck = Stream::new(seed, 204, id);
    let size = luck.normal();
    let amount = (9.0 + 0.8 * size).exp();
    let rep = luck.index(u32::try_from(reps.len()).unwrap()) as usize;
    let quality = 0.4 * luck.normal() + reps[rep] - 0.15 * size;
    let mut close = created + 50 + i64::from(luck.index(60));
    let mut stays = vec![(created, "a-new")];
    let mut slips = vec![(created, close)];
    let mut at = created;
    while !matches!(stays.last().unwrap().1, "a-won" | "a-lost") && at < created + 700 {
        at += 1;
        let (since, now) = *stays.last().unwrap();
        let season = market[usize::try_from(at / 91).unwrap().min(market.len() - 1)];
        let pull = (quality + season).exp();
        // Wins gather about the close date, and losses after a long time in a stage.
        let near = if (at - close).abs() <= 7 { 2.5 } else { 0.8 };
        let slow = if at - since > 60 { 1.5 } else { 1.0 };
        let (moves, falls, next) = match now {
            "a-new" => (0.03 * pull.sqrt(), 0.012 * slow, "a-offer"),
            _ => (0.016 * pull * near, 0.013 * slow, "a-won"),
        };
        let u = luck.uniform();
        if u < moves {
            stays.push((at, next));
        } else if u < moves + falls {
            stays.push((at, "a-lost"));
        } else if at > close {
            close = at + 20 + i64::from(luck.index(30));
            slips.push((at, close));
        }
    }
    let mut part = deal(id, &format!("{amount:.2}"), &stays);
    let owner = OwnerId::new(rep as u64 + 1).to_string();
    part = part.with(Tracked::Owner, day(created), &owner);
    for (at, close) in slips {
        part = part.with(
            Tracked::CloseDate,
            day(at),
            &day(close).millis().to_string(),
        );
    }
    let (ended, stage) = *stays.last().unwrap();
    if stage == "a-won" && luck.uniform() < life.repriced {
        let less = amount * (0.6 + 0.3 * luck.uniform());
        part = part.with(Tracked::Amount, day(ended), &format!("{less:.2}"));
    }
    part
}

/// A day of the world in the calendar.
pub fn date(n: i64) -> Date {
    super::d("2024-01-01").checked_add(n.days()).unwrap()
}

/// The calendar quarter that a day of the world lies in.
pub fn quarter(n: i64) -> Period {
    Period::quarter_of(date(n), crm::FiscalYear::CALENDAR)
}

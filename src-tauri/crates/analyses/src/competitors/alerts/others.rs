//! The other questions: a name never seen before, one segment's losses, the money lost, and deals won.

use std::collections::BTreeMap;

use stats::{Error, Stream, Table, fisher_exact, quantile, rate_ratio};

use super::counts::{Counts, Timed, between, counted};
use super::judging::{Judgement, control};
use super::watch::Window;
use super::{AlertKind, AlertRule, MoneyRatio, Trigger};
use crate::competitors::logging::{LEVEL, count};
use crate::competitors::observation::Deal;
use crate::competitors::text::CompetitorId;

/// The money is drawn again only where the count of losses leans the same way at least so much: of a few
/// deals one large one is no trend.
const LEANS: f64 = 0.15;

/// The draws of the money are told apart from a run's other draws by this.
const PURPOSE: u32 = 0x6d6f_6e65;

/// All of them, in the order in which one goes before the other.
pub(super) fn judged<'a>(
    counts: &Counts<'a>,
    window: Window,
    rule: &AlertRule,
) -> Result<Vec<Judgement<'a>>, Error> {
    let mut all = Vec::new();
    for mut family in [
        first_seen(counts, window, rule)?,
        in_segments(counts, window, rule)?,
        money(counts, window, rule)?,
        wins(counts, window, rule)?,
    ] {
        control(&mut family)?;
        all.append(&mut family);
    }
    Ok(all)
}

/// Counts of a window and of the time before, and their ratio.
fn judgement<'a>(
    kind: AlertKind,
    competitor: &'a CompetitorId,
    window: Window,
    (inside, exposure): (&[(crm::Moment, &'a Deal)], u32),
    (before, exposure_before): (u32, u32),
) -> Result<Option<Judgement<'a>>, Error> {
    if exposure == 0 || exposure_before == 0 {
        return Ok(None);
    }
    let ratio = rate_ratio(
        count(inside.len()),
        f64::from(exposure),
        before,
        f64::from(exposure_before),
        LEVEL,
    )?;
    Ok(Some(Judgement {
        kind,
        trigger: None,
        competitor,
        segment: None,
        from: window.from,
        deals: inside.iter().map(|(_, deal)| *deal).collect(),
        count: count(inside.len()),
        exposure,
        before,
        exposure_before,
        ratio,
        money: None,
        p: ratio.p_greater,
        q: 1.0,
        chart: None,
    }))
}

fn first_seen<'a>(
    counts: &Counts<'a>,
    window: Window,
    rule: &AlertRule,
) -> Result<Vec<Judgement<'a>>, Error> {
    let Window { begin, from, look } = window;
    let exposure = counted(&counts.named, from, look);
    let exposure_before = counted(&counts.named, begin, from);
    let mut found = Vec::new();
    for (&competitor, deals) in &counts.named_with {
        if deals.first().is_none_or(|(at, _)| *at <= from) {
            continue;
        }
        let inside = between(deals, from, look);
        let all = (inside, exposure);
        let kind = AlertKind::FirstSeen;
        if let Some(mut judgement) = judgement(kind, competitor, window, all, (0, exposure_before))?
        {
            let is_clear = judgement.p < rule.p_first_seen;
            judgement.trigger = is_clear.then_some(Trigger::Ratio);
            found.push(judgement);
        }
    }
    Ok(found)
}

/// Deals by their segment.
fn by_segment<'a>(deals: &[(crm::Moment, &'a Deal)]) -> BTreeMap<&'a str, Timed<'a>> {
    let mut found: BTreeMap<&str, Timed<'a>> = BTreeMap::new();
    for &(at, deal) in deals {
        found.entry(&deal.segment).or_default().push((at, deal));
    }
    found
}

fn in_segments<'a>(
    counts: &Counts<'a>,
    window: Window,
    rule: &AlertRule,
) -> Result<Vec<Judgement<'a>>, Error> {
    let Window { begin, from, look } = window;
    let all = by_segment(between(&counts.lost, begin, look));
    if all.len() < 2 {
        return Ok(Vec::new());
    }
    let p = rule.p_segments / all.len() as f64;
    let mut found = Vec::new();
    for (&competitor, deals) in &counts.lost_to {
        for (segment, here) in by_segment(between(deals, begin, look)) {
            let Some(lost) = all.get(segment) else {
                continue;
            };
            let inside = (between(&here, from, look), counted(lost, from, look));
            let before = (counted(&here, begin, from), counted(lost, begin, from));
            let kind = AlertKind::InSegment;
            if let Some(mut judgement) = judgement(kind, competitor, window, inside, before)? {
                judgement.segment = Some(segment.to_owned());
                judgement.trigger = (judgement.p < p).then_some(Trigger::Ratio);
                found.push(judgement);
            }
        }
    }
    Ok(found)
}

fn money<'a>(
    counts: &Counts<'a>,
    window: Window,
    rule: &AlertRule,
) -> Result<Vec<Judgement<'a>>, Error> {
    let Window { begin, from, look } = window;
    let inside = between(&counts.lost, from, look);
    let before = between(&counts.lost, begin, from);
    let mut found = Vec::new();
    for (number, (&competitor, deals)) in counts.lost_to.iter().enumerate() {
        let here = (between(deals, from, look), count(inside.len()));
        let earlier = (counted(deals, begin, from), count(before.len()));
        let kind = AlertKind::Money;
        let Some(mut judgement) = judgement(kind, competitor, window, here, earlier)? else {
            continue;
        };
        let leans = judgement.ratio.p_greater < LEANS;
        // What is not asked is no evidence, and is not told.
        judgement.p = 1.0;
        if leans && judgement.is_broad(rule) {
            let taken = |all: &[(crm::Moment, &Deal)]| -> Vec<(f64, f64)> {
                let lost_to = |deal: &Deal| deals.iter().any(|(_, other)| other.id == deal.id);
                all.iter()
                    .filter_map(|(_, deal)| {
                        let amount = deal.amount.filter(|amount| *amount > 0.0)?;
                        Some((if lost_to(deal) { amount } else { 0.0 }, amount))
                    })
                    .collect()
            };
            let draws = Draws {
                inside: taken(inside),
                before: taken(before),
            };
            if let Some((ratio, p)) = draws.judge(number as u64, rule) {
                judgement.p = p;
                judgement.money = Some(ratio);
                judgement.trigger = (p < rule.p_money).then_some(Trigger::Draws);
            }
        }
        found.push(judgement);
    }
    Ok(found)
}

/// Amounts lost to one and to anybody, deal by deal.
struct Draws {
    inside: Vec<(f64, f64)>,
    before: Vec<(f64, f64)>,
}

impl Draws {
    /// The ratio of shares with its interval, and how often it is at most 1 when the deals are drawn
    /// again.
    fn judge(&self, number: u64, rule: &AlertRule) -> Option<(MoneyRatio, f64)> {
        let share = |rows: &mut dyn Iterator<Item = (f64, f64)>| {
            let (part, all) = rows.fold((0.0, 0.0), |(p, a), (part, all)| (p + part, a + all));
            (all > 0.0).then(|| part / all)
        };
        let ratio = |inside: Option<f64>, before: Option<f64>| {
            let (inside, before) = (inside?, before.filter(|before| *before > 0.0)?);
            Some(inside / before)
        };
        let value = ratio(
            share(&mut self.inside.iter().copied()),
            share(&mut self.before.iter().copied()),
        )?;
        let mut drawn = Vec::with_capacity(rule.draws as usize);
        for draw in 0..rule.draws {
            let mut stream = Stream::new(number, PURPOSE, u64::from(draw));
            let mut again = |rows: &[(f64, f64)]| {
                let n = count(rows.len());
                let mut picked = (0..n).filter_map(|_| rows.get(stream.index(n) as usize).copied());
                share(&mut picked)
            };
            let (inside, before) = (again(&self.inside), again(&self.before));
            // A draw without any loss to it before says nothing of how much it grew.
            drawn.extend(ratio(inside, before));
        }
        if drawn.len() * 2 < rule.draws as usize {
            return None;
        }
        let at_most_one = drawn.iter().filter(|ratio| **ratio <= 1.0).count();
        let p = (at_most_one + 1) as f64 / (drawn.len() + 1) as f64;
        let outside = (1.0 - LEVEL) / 2.0;
        drawn.sort_by(f64::total_cmp);
        let ratio = MoneyRatio {
            value,
            low: quantile(&drawn, outside)?,
            high: quantile(&drawn, 1.0 - outside)?,
            level: LEVEL,
        };
        Some((ratio, p))
    }
}

fn wins<'a>(
    counts: &Counts<'a>,
    window: Window,
    rule: &AlertRule,
) -> Result<Vec<Judgement<'a>>, Error> {
    let Window { begin, from, look } = window;
    let mut found = Vec::new();
    for (&competitor, deals) in &counts.closed_with {
        let inside = between(deals, from, look);
        let earlier = between(deals, begin, from);
        let won: Timed<'a> = inside
            .iter()
            .filter(|(_, deal)| deal.outcome.is_won())
            .copied()
            .collect();
        let won_before = earlier.iter().filter(|(_, deal)| deal.outcome.is_won());
        let before = (count(won_before.count()), count(earlier.len()));
        let here = (won.as_slice(), count(inside.len()));
        let kind = AlertKind::WinsCollapse;
        let Some(mut judgement) = judgement(kind, competitor, window, here, before)? else {
            continue;
        };
        let table = Table::of(judgement.count, here.1, before.0, before.1);
        judgement.p = fisher_exact(&table).less;
        judgement.deals = inside
            .iter()
            .filter(|(_, deal)| deal.outcome.is_lost())
            .map(|(_, deal)| *deal)
            .collect();
        judgement.trigger = (judgement.p < rule.p_wins).then_some(Trigger::Fisher);
        found.push(judgement);
    }
    Ok(found)
}

//! What stalled deals lack, compared with deals that were alive at the same stage and age in it.

use std::collections::BTreeMap;

use crm::Moment;
use stats::{ClusterRatio, Effect, Evidence, SHOW_FROM, benjamini_hochberg, quantile};
use timeline::{StageIx, StageKind};

use super::ladder::Frame;
use super::lives::{Ending, seconds};
use super::measure::Measure;
use super::report::{Stalled, StalledDeal, StalledRow};
use super::{ActivityQuestion, DAY, LEVEL, WEEK, query, words};

/// Days before the moment that are looked at.
const WINDOW_DAYS: u32 = 30;
/// A deal stalls that is in its stage for longer than this share of the stays in it that ended.
const LONGER_THAN: f64 = 0.8;
/// Stays that must have ended in a stage, and the least days, before any deal in it stalls.
const LEAST_STAYS: usize = 10;
const LEAST_DAYS: f64 = 14.0;
/// What this share of the others had, a deal without it lacks.
const MOST: f64 = 0.5;

/// A stay in an open stage.
struct Stay {
    life: usize,
    from: i64,
    until: i64,
}

/// A deal that has been in its stage for long.
struct Stuck {
    life: usize,
    stage: StageIx,
    days: f64,
}

/// Shares of deals with any of each kind, and how many deals.
type Peers = (Vec<f64>, u32);

pub(super) fn stalled(frame: &Frame<'_>, question: &ActivityQuestion) -> Stalled {
    let stays = stays(frame);
    let measures: Vec<Measure> = question
        .measures
        .iter()
        .copied()
        .filter(|measure| measure.is_evidence())
        .collect();
    let mut stuck = stuck(frame, &stays, question.as_of);
    let mut is_stuck = vec![false; frame.lives.lives.len()];
    for of in &stuck {
        is_stuck[of.life] = true;
    }
    let mut peers: BTreeMap<(StageIx, u32), Peers> = BTreeMap::new();
    for of in &stuck {
        let weeks = (of.days / 7.0) as u32;
        peers.entry((of.stage, weeks)).or_insert_with(|| {
            let stays = stays.get(&of.stage).map_or(&[][..], Vec::as_slice);
            let others = stays.iter().filter(|stay| !is_stuck[stay.life]);
            alive_at(frame, others, weeks, &measures)
        });
    }
    let of = |stuck: &Stuck| peers.get(&(stuck.stage, (stuck.days / 7.0) as u32));
    stuck.retain(|stuck| of(stuck).is_some_and(|peers| peers.1 >= SHOW_FROM));
    let matched: Vec<(&Stuck, &Peers)> = stuck.iter().filter_map(|s| Some((s, of(s)?))).collect();
    let mut rows: Vec<StalledRow> = measures
        .iter()
        .enumerate()
        .map(|(place, &measure)| row(frame, &matched, place, measure))
        .collect();
    control(&mut rows);
    rows.sort_by(|a, b| (a.stalled - a.others).total_cmp(&(b.stalled - b.others)));
    let deals: Vec<StalledDeal> = matched
        .iter()
        .map(|(stuck, peers)| deal(frame, stuck, peers, &measures))
        .collect();
    let mut ids: Vec<_> = deals.iter().map(|deal| deal.id).collect();
    ids.sort();
    Stalled {
        definition: words::STALLED.to_owned(),
        window_days: WINDOW_DAYS,
        n: deals.len() as u32,
        rows,
        query: query(question.as_of, &ids),
        deals,
    }
}

/// All stays in open stages up to the moment of the report.
fn stays(frame: &Frame<'_>) -> BTreeMap<StageIx, Vec<Stay>> {
    let lives = &frame.lives;
    let mut stays: BTreeMap<StageIx, Vec<Stay>> = BTreeMap::new();
    for (place, life) in lives.lives.iter().enumerate() {
        for spell in lives.timeline.spells(life.deal) {
            let from = seconds(spell.from);
            if spell.kind != StageKind::Open || from >= life.until {
                continue;
            }
            stays.entry(spell.stage).or_default().push(Stay {
                life: place,
                from,
                until: spell.until.map_or(life.until, seconds).min(life.until),
            });
        }
    }
    stays
}

/// The open deals that are in their stage for longer than most stays lasted, the longest first.
fn stuck(frame: &Frame<'_>, stays: &BTreeMap<StageIx, Vec<Stay>>, as_of: Moment) -> Vec<Stuck> {
    let now = frame.lives.as_of;
    let limits: BTreeMap<StageIx, f64> = stays
        .iter()
        .filter_map(|(&stage, stays)| {
            let ended = stays.iter().filter(|stay| stay.until < now);
            let mut days: Vec<f64> = ended
                .map(|stay| (stay.until - stay.from) as f64 / DAY as f64)
                .collect();
            days.sort_by(f64::total_cmp);
            let limit = quantile(&days, LONGER_THAN)?.max(LEAST_DAYS);
            (days.len() >= LEAST_STAYS).then_some((stage, limit))
        })
        .collect();
    let snapshot = frame.lives.timeline.as_of(as_of);
    let mut found: Vec<Stuck> = frame
        .lives
        .lives
        .iter()
        .enumerate()
        .filter(|(_, life)| life.ending == Ending::Open && life.until == now)
        .filter_map(|(place, life)| {
            let state = snapshot.deal(life.deal)?;
            let stage = state.stage.value()?;
            let days = (now - seconds(state.in_stage_since?)) as f64 / DAY as f64;
            (days > *limits.get(&stage)?).then_some(Stuck {
                life: place,
                stage,
                days,
            })
        })
        .collect();
    found.sort_by(|a, b| b.days.total_cmp(&a.days).then(a.life.cmp(&b.life)));
    found
}

/// Of the stays that lasted so many weeks and more, the shares with any of each kind just before.
fn alive_at<'s>(
    frame: &Frame<'_>,
    stays: impl Iterator<Item = &'s Stay>,
    weeks: u32,
    measures: &[Measure],
) -> Peers {
    let mut with = vec![0_u32; measures.len()];
    let (mut n, mut last) = (0, None);
    for stay in stays {
        let at = stay.from + i64::from(weeks) * WEEK;
        // A deal that was in the stage twice counts once: the stays of a deal come one after the other.
        if at >= stay.until || last.replace(stay.life) == Some(stay.life) {
            continue;
        }
        n += 1;
        for (with, &measure) in with.iter_mut().zip(measures) {
            *with += u32::from(has(frame, stay.life, measure, at));
        }
    }
    let share = |with: u32| f64::from(with) / f64::from(n.max(1));
    (with.into_iter().map(share).collect(), n)
}

fn has(frame: &Frame<'_>, life: usize, measure: Measure, at: i64) -> bool {
    let from = at - i64::from(WINDOW_DAYS) * DAY;
    frame
        .lives
        .count(&frame.lives.lives[life], measure, from, at)
        > 0
}

fn row(
    frame: &Frame<'_>,
    matched: &[(&Stuck, &Peers)],
    place: usize,
    measure: Measure,
) -> StalledRow {
    let n = matched.len().max(1) as f64;
    let now = frame.lives.as_of;
    let mut clusters: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    let mut strata: BTreeMap<(StageIx, u32), (f64, &Peers)> = BTreeMap::new();
    let (mut with, mut expected) = (0_u32, 0.0);
    for (stuck, peers) in matched {
        let own = has(frame, stuck.life, measure, now);
        let share = peers.0[place];
        with += u32::from(own);
        expected += share / n;
        let cluster = frame.lives.lives[stuck.life].cluster;
        let sums = clusters.entry(cluster).or_default();
        sums.0 += f64::from(u8::from(own)) - share;
        sums.1 += 1.0;
        let weeks = (stuck.days / 7.0) as u32;
        strata
            .entry((stuck.stage, weeks))
            .or_insert((0.0, *peers))
            .0 += 1.0 / n;
    }
    let peers: f64 = strata
        .values()
        .map(|(weight, peers)| {
            let share = peers.0[place];
            weight * weight * share * (1.0 - share) / f64::from(peers.1.max(1))
        })
        .sum();
    let evidence = Evidence::of_count(matched.len() as u32);
    let effect = ClusterRatio::of(clusters.values().copied())
        .and_then(|of| Effect::with_error(of.ratio, (of.variance + peers).sqrt(), LEVEL));
    StalledRow {
        measure,
        label: measure.label().to_owned(),
        stalled: f64::from(with) / n,
        others: expected,
        effect: effect.filter(|effect| evidence.has_number() && effect.error > 0.0),
        evidence,
        q: None,
        without: matched.len() as u32 - with,
    }
}

fn control(rows: &mut [StalledRow]) {
    let p: Vec<f64> = rows.iter().filter_map(|row| Some(row.effect?.p)).collect();
    let q = benjamini_hochberg(&p).unwrap_or_default();
    let asked = rows.iter_mut().filter(|row| row.effect.is_some());
    for (row, q) in asked.zip(q) {
        row.q = Some(q);
    }
}

fn deal(frame: &Frame<'_>, stuck: &Stuck, peers: &Peers, measures: &[Measure]) -> StalledDeal {
    let timeline = frame.lives.timeline;
    let life = &frame.lives.lives[stuck.life];
    let lacks = measures.iter().zip(&peers.0).filter(|&(&measure, &share)| {
        share >= MOST && !has(frame, stuck.life, measure, frame.lives.as_of)
    });
    StalledDeal {
        id: life.id,
        name: timeline.name(life.deal).map(str::to_owned),
        stage: timeline.stage(stuck.stage).label.clone(),
        days_in_stage: stuck.days as u32,
        lacks: lacks.map(|(&measure, _)| measure).collect(),
    }
}

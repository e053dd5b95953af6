//! What became of deals like these: every past week is asked the question that is asked today.
//!
//! At a landmark `tau`, every deal that was open then stands in some stage. A row is one such
//! sighting; it counts when the deal was won within the same stretch of time after `tau` in which a
//! deal of today would have to be won. Only landmarks whose whole stretch lies before `as_of` are
//! asked, so no row's outcome is still open, and no win rate forgets the deals that just sit there.
//!
//! Landmarks lie whole weeks before `as_of`, at its own weekday and hour: asked on a Friday evening
//! for the nine days that are left, history answers for nine days with two weekends in them.

use std::collections::{BTreeMap, HashMap};

use crm::Moment;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use stats::ClusterRatio;
use timeline::{DealIx, PipelineIx, StageIx, StageKind, Timeline};

/// How far back history is asked, in months: the two years of Einstein's and Gong's own models.
pub(crate) const TRAINING_MONTHS: u32 = 24;

/// When, counted from the moment of asking, a deal must be won to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Horizon {
    /// From here on: zero, but for a period that has yet to begin.
    pub(crate) from: SignedDuration,
    /// Until here.
    pub(crate) until: SignedDuration,
}

impl Horizon {
    /// What is left at a moment of the time between two others. None when nothing is left.
    pub(crate) fn of(as_of: Moment, starts_at: Moment, ends_at: Moment) -> Option<Self> {
        let from = starts_at.since(as_of).max(SignedDuration::ZERO);
        let until = ends_at.since(as_of);
        until.is_positive().then_some(Self { from, until })
    }

    /// The next so many days.
    pub(crate) fn days(days: u32) -> Self {
        let until = SignedDuration::from_hours(24 * i64::from(days));
        Self {
            from: SignedDuration::ZERO,
            until,
        }
    }

    /// In days.
    pub(crate) fn in_days(&self) -> f64 {
        self.until.as_secs_f64() / 86_400.0
    }

    /// In words, after "won".
    pub(crate) fn words(&self) -> String {
        let whole = |duration: SignedDuration| (duration.as_secs_f64() / 86_400.0).ceil();
        if self.from.is_zero() {
            match whole(self.until) {
                days if days <= 1.0 => "within a day".to_owned(),
                days => format!("within {days} days"),
            }
        } else {
            format!(
                "between {} and {} days later",
                whole(self.from),
                whole(self.until)
            )
        }
    }
}

/// The landmarks that can be asked, oldest first.
pub(crate) fn landmarks(as_of: Moment, horizon: Horizon, zone: &TimeZone) -> Vec<Moment> {
    let now = as_of.timestamp().to_zoned(zone.clone());
    let oldest = now.saturating_sub(i64::from(TRAINING_MONTHS).months());
    let last = as_of.plus(-horizon.until);
    let mut found = Vec::new();
    for week in 1_i64.. {
        match now.checked_sub(week.weeks()) {
            Ok(then) if then >= oldest => found.push(Moment::from(then.timestamp())),
            _ => break,
        }
    }
    found.reverse();
    found.truncate(found.partition_point(|&landmark| landmark <= last));
    found
}

/// The sightings of one stage, pipeline or portal, added up.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Record {
    deals: u32,
    won: u32,
    ratio: Option<ClusterRatio>,
}

impl Record {
    /// Deals that were seen at least once.
    pub(crate) fn deals(&self) -> u32 {
        self.deals
    }

    /// Deals of which at least one sighting counts.
    pub(crate) fn won(&self) -> u32 {
        self.won
    }

    /// The share of sightings that count, with deals as clusters.
    pub(crate) fn ratio(&self) -> Option<ClusterRatio> {
        self.ratio
    }
}

/// The sightings of one stage, pipeline or portal, deal by deal.
#[derive(Debug, Clone, Default)]
struct Rows(Vec<(DealIx, u32, u32)>);

impl Rows {
    /// Deals come one after the other; several stays of one deal are added up.
    fn add(&mut self, deal: DealIx, won: u32, seen: u32) {
        match self.0.last_mut() {
            Some((last, w, s)) if *last == deal => {
                *w += won;
                *s += seen;
            }
            _ => self.0.push((deal, won, seen)),
        }
    }

    fn record(&self) -> Record {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let pairs = self.0.iter();
        Record {
            deals: count(self.0.len()),
            won: count(self.0.iter().filter(|(_, won, _)| *won > 0).count()),
            ratio: ClusterRatio::of(pairs.map(|&(_, won, seen)| (f64::from(won), f64::from(seen)))),
        }
    }
}

/// All sightings, by stage, by pipeline, and together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Records {
    pub(crate) stages: HashMap<StageIx, Record>,
    pub(crate) pipelines: HashMap<PipelineIx, Record>,
    pub(crate) portal: Record,
}

/// Asks at every landmark. Uses no version later than the end of the last one's horizon, which is
/// not later than `as_of`.
pub(crate) fn ask(timeline: &Timeline, landmarks: &[Moment], horizon: Horizon) -> Records {
    let mut stages: BTreeMap<StageIx, Rows> = BTreeMap::new();
    let mut pipelines: BTreeMap<PipelineIx, Rows> = BTreeMap::new();
    let mut portal = Rows::default();
    let mut runs = Vec::new();
    for deal in timeline.deals() {
        runs.clear();
        let mut known_runs = false;
        let gone = timeline.gone_at(deal);
        for spell in timeline
            .spells(deal)
            .filter(|spell| spell.kind == StageKind::Open)
        {
            let until = earlier(spell.until, gone);
            let seen = &landmarks[before(landmarks, Some(spell.from))..];
            let seen = &seen[..before(seen, until)];
            if seen.is_empty() {
                continue;
            }
            if !known_runs {
                won_runs(timeline, deal, &mut runs);
                known_runs = true;
            }
            let won = runs
                .iter()
                .map(|&run| won_in(seen, run, gone, horizon))
                .sum();
            let count = u32::try_from(seen.len()).unwrap_or(u32::MAX);
            let pipeline = timeline.stage(spell.stage).pipeline;
            let stage = stages.entry(spell.stage).or_default();
            stage.add(deal, won, count);
            let pipeline = pipelines.entry(pipeline).or_default();
            pipeline.add(deal, won, count);
            portal.add(deal, won, count);
        }
    }
    Records {
        stages: stages
            .iter()
            .map(|(ix, rows)| (*ix, rows.record()))
            .collect(),
        pipelines: pipelines
            .iter()
            .map(|(ix, rows)| (*ix, rows.record()))
            .collect(),
        portal: portal.record(),
    }
}

/// From when until when a deal was won, without a break.
type Run = (Moment, Option<Moment>);

fn won_runs(timeline: &Timeline, deal: DealIx, runs: &mut Vec<Run>) {
    runs.clear();
    for spell in timeline
        .spells(deal)
        .filter(|spell| spell.kind == StageKind::Won)
    {
        match runs.last_mut() {
            Some((_, until)) if *until == Some(spell.from) => *until = spell.until,
            _ => runs.push((spell.from, spell.until)),
        }
    }
}

/// Of these landmarks, those whose horizon holds the beginning of the run, and at whose horizon's end
/// the deal was still won and still there.
fn won_in(seen: &[Moment], (from, until): Run, gone: Option<Moment>, horizon: Horizon) -> u32 {
    let last_won = earlier(until, gone).map(|end| end.plus(-horizon.until));
    // tau + from <= won < tau + until, and tau + until <= end of the run.
    let begin = seen.partition_point(|&tau| tau <= from.plus(-horizon.until));
    let latest = from.plus(-horizon.from);
    let latest = last_won.map_or(latest, |last| latest.min(last));
    let end = seen.partition_point(|&tau| tau <= latest);
    u32::try_from(end.saturating_sub(begin)).unwrap_or(u32::MAX)
}

fn before(landmarks: &[Moment], end: Option<Moment>) -> usize {
    end.map_or(landmarks.len(), |end| {
        landmarks.partition_point(|&landmark| landmark < end)
    })
}

fn earlier(a: Option<Moment>, b: Option<Moment>) -> Option<Moment> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    }
}

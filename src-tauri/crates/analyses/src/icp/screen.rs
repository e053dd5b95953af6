//! All segments side by side: what each shows, and which differences are more than chance.

use std::collections::{BTreeMap, BTreeSet};

use stats::{
    BetaPrior, Ending, Error, Evidence, Rate, beta_interval, fit_beta, shrink,
    weighted_benjamini_hochberg, wilson,
};

use super::cohort::Cohort;
use super::contrast::Contrasts;
use super::incidence::{LEVEL, Zombies, effective, incidence, subjects};
use super::lift::lift;
use super::money::{Draws, money, seed_of};
use super::report::{Borrowed, Contacts, HorizonRate, Lift, Segment, SegmentPart};
use super::rows::IcpQuestion;
use super::segments::{Key, members, repeats};
use super::vocabulary::Vocabulary;
use crate::threads::by_two;

/// Findings of which at most this percentage is false on average.
pub(crate) const FALSE_PERCENT: u32 = 10;

/// A pair of values may have this part of the p-value that a single one may have. Customers are first
/// told apart by one thing; the many pairs, most of them no news beside their parts, would otherwise
/// take nearly all of what may be spent on false findings.
const WEIGHT_OF_A_PAIR: f64 = 0.25;

/// The weight of the other segments, at most, in parts of an average segment's cases. With a quarter,
/// 95 of 100 intervals hold the truth; with a half 94, with a whole 92.
const MOST_BORROWED: f64 = 0.25;

pub(crate) struct Screen {
    pub(crate) all: Segment,
    pub(crate) segments: Vec<Segment>,
    pub(crate) questions: u32,
}

pub(crate) fn screen(
    deals: &Cohort,
    contacts: &Cohort,
    words: &[Vocabulary],
    question: &IcpQuestion,
) -> Result<Screen, Error> {
    let of_deals = members(deals);
    let of_contacts = members(contacts);
    let keys = of_deals.keys().chain(of_contacts.keys());
    let news = |key: &&Key| !repeats(key, &of_deals, &of_contacts);
    let keys: BTreeSet<&Key> = keys.filter(news).collect();
    let keys: Vec<&Key> = keys.into_iter().collect();
    let horizon = f64::from(question.horizon_days);
    let contrasts = [deals, contacts].map(|cohort| Contrasts::of(cohort, horizon));
    let makers = Makers {
        deals,
        contacts,
        words,
        question,
    };
    let none = Vec::new();
    let make = |&key: &&Key| -> Result<(Key, Segment), Error> {
        let here = of_deals.get(key).unwrap_or(&none);
        let theirs = of_contacts.get(key).unwrap_or(&none);
        let mut segment = makers.segment(Some(key), here, theirs)?;
        let [deals, contacts] = &contrasts;
        segment.lift = lift(deals, words, question, key, here);
        segment.contacts.lift = lift(contacts, words, question, key, theirs);
        Ok((key.clone(), segment))
    };
    let mut found: Vec<(Key, Segment)> =
        by_two(&keys, make).into_iter().collect::<Result<_, _>>()?;
    let questions = control(&mut found)?;
    borrow(&mut found, question, deals.design_effect)?;

    let everyone = |cohort: &Cohort| (0..cohort.subjects.len()).map(|i| (i, 1.0)).collect();
    let (here, theirs): (Vec<_>, Vec<_>) = (everyone(deals), everyone(contacts));
    let mut all = makers.segment(None, &here, &theirs)?;
    let own = effective(at_horizon(&all, question), deals.design_effect);
    all.win_rate = borrowed(&[own])?.pop().flatten();
    hide(&mut all);

    let mut segments: Vec<Segment> = found.into_iter().map(|(_, segment)| segment).collect();
    for segment in &mut segments {
        hide(segment);
    }
    // The order of the keys, which is that of names, breaks ties.
    segments.sort_by(|a, b| {
        let rank = |segment: &Segment| match segment.evidence {
            Evidence::Sound => 0,
            Evidence::Weak => 1,
            Evidence::None { .. } => 2,
        };
        let low = |segment: &Segment| segment.win_rate.map_or(0.0, |rate| rate.low);
        rank(a).cmp(&rank(b)).then(low(b).total_cmp(&low(a)))
    });
    Ok(Screen {
        all,
        segments,
        questions,
    })
}

struct Makers<'a> {
    deals: &'a Cohort,
    contacts: &'a Cohort,
    words: &'a [Vocabulary],
    question: &'a IcpQuestion,
}

impl Makers<'_> {
    fn segment(
        &self,
        key: Option<&Key>,
        here: &[(usize, f64)],
        theirs: &[(usize, f64)],
    ) -> Result<Segment, Error> {
        let question = self.question;
        let part = |&(dimension, value): &(usize, u16)| {
            let words = self.words.get(dimension)?;
            Some(SegmentPart {
                dimension: words.dimension.clone(),
                value: words.name(value).map(str::to_owned),
            })
        };
        let parts: Vec<_> = key
            .into_iter()
            .flat_map(|key| &key.0)
            .filter_map(part)
            .collect();
        let n = here.len() as u32;
        let count = |is: &dyn Fn(&super::cohort::Subject) -> bool| {
            subjects(self.deals, here)
                .filter(|(subject, _)| is(subject))
                .count() as u32
        };
        let won = count(&|subject| subject.ending == Ending::Event);
        let lost = count(&|subject| subject.ending == Ending::Competing);
        let zombies = count(&|subject| subject.zombie.is_some());
        let companies: BTreeSet<u32> = subjects(self.deals, here).map(|(s, _)| s.cluster).collect();
        let curve = incidence(self.deals, here, Zombies::Censored)?;
        let mut horizons: BTreeSet<u32> = question.more_horizons.iter().copied().collect();
        horizons.insert(question.horizon_days);
        let by_horizon = horizons.into_iter().map(|days| HorizonRate {
            days,
            rate: curve.by(f64::from(days), LEVEL),
        });
        let if_zombies_lost = if zombies == 0 {
            None
        } else {
            let lost = incidence(self.deals, here, Zombies::Lost)?;
            lost.by(f64::from(question.horizon_days), LEVEL)
        };
        let evidence = Evidence::of_count(n);
        let is_worth = match key {
            Some(key) if !key.is_single() => evidence == Evidence::Sound,
            _ => evidence.has_number(),
        };
        let (revenue, days_to_win) = if is_worth {
            let name = format!("{parts:?}");
            let draws = Draws {
                seed: seed_of(question.seed, &name),
                draws: question.draws,
                horizon: f64::from(question.horizon_days),
            };
            money(self.deals, here, draws)?
        } else {
            (None, None)
        };
        let with_deal = incidence(self.contacts, theirs, Zombies::Censored)?;
        Ok(Segment {
            parts,
            n,
            weight: here.iter().map(|(_, share)| share).sum(),
            companies: companies.len() as u32,
            won,
            lost,
            open: n - won - lost,
            zombies,
            evidence,
            win_rate: None,
            by_horizon: by_horizon.collect(),
            if_zombies_lost,
            closed_only: closed_only(won, won + lost),
            lift: Lift::default(),
            contacts: Contacts {
                n: theirs.len() as u32,
                with_deal: with_deal.by(f64::from(question.horizon_days), LEVEL),
                lift: Lift::default(),
            },
            revenue,
            days_to_win,
            one_owner: self.one_owner(here),
            deals: subjects(self.deals, here).map(|(s, _)| s.id).collect(),
        })
    }

    fn one_owner(&self, here: &[(usize, f64)]) -> bool {
        let mut owners = subjects(self.deals, here).map(|(subject, _)| subject.owner);
        let Some(first @ Some(_)) = owners.next() else {
            return false;
        };
        here.len() >= stats::SHOW_FROM as usize
            && owners.all(|owner| owner == first)
            && self
                .deals
                .subjects
                .iter()
                .any(|s| s.owner.is_some() && s.owner != first)
    }
}

fn closed_only(won: u32, closed: u32) -> Option<Rate> {
    let (k, n) = (f64::from(won), f64::from(closed));
    let ends = wilson(k, n, LEVEL);
    (closed > 0).then(|| Rate {
        value: k / n,
        low: ends.low,
        high: ends.high,
        level: LEVEL,
        n: closed,
        n_effective: n,
    })
}

fn at_horizon(segment: &Segment, question: &IcpQuestion) -> Option<Rate> {
    let mut horizons = segment.by_horizon.iter();
    horizons
        .find(|rate| rate.days == question.horizon_days)?
        .rate
}

/// One family of all questions of the screen, about deals and about contacts.
fn control(found: &mut [(Key, Segment)]) -> Result<u32, Error> {
    fn lifts((key, segment): &mut (Key, Segment)) -> [(f64, &mut Lift); 2] {
        let weight = if key.is_single() {
            1.0
        } else {
            WEIGHT_OF_A_PAIR
        };
        [
            (weight, &mut segment.lift),
            (weight, &mut segment.contacts.lift),
        ]
    }
    let lifts: Vec<(f64, &mut Lift)> = found
        .iter_mut()
        .flat_map(lifts)
        .filter(|(_, lift)| lift.p.is_some())
        .collect();
    let p: Vec<f64> = lifts.iter().filter_map(|(_, lift)| lift.p).collect();
    let weights: Vec<f64> = lifts.iter().map(|(weight, _)| *weight).collect();
    let q = weighted_benjamini_hochberg(&p, &weights)?;
    for ((_, lift), q) in lifts.into_iter().zip(q) {
        lift.q = Some(q);
        lift.found = q <= f64::from(FALSE_PERCENT) / 100.0;
    }
    Ok(u32::try_from(p.len()).unwrap_or(u32::MAX))
}

/// Each segment borrows from the others of its dimension, or of its pair of dimensions.
fn borrow(
    found: &mut [(Key, Segment)],
    question: &IcpQuestion,
    design_effect: f64,
) -> Result<(), Error> {
    let mut groups: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    for (place, (key, _)) in found.iter().enumerate() {
        groups.entry(key.dimensions()).or_default().push(place);
    }
    for places in groups.into_values() {
        let own = |place: &usize| {
            let segment = found.get(*place).map(|(_, segment)| segment);
            effective(segment.and_then(|s| at_horizon(s, question)), design_effect)
        };
        let counts: Vec<(f64, f64)> = places.iter().map(own).collect();
        for (place, rate) in places.into_iter().zip(borrowed(&counts)?) {
            if let Some((_, segment)) = found.get_mut(place) {
                segment.win_rate = rate;
            }
        }
    }
    Ok(())
}

/// Rates under the beta distribution that best explains the groups, of limited weight. Full pooling,
/// where no difference shows, would give every segment the narrow interval of all of them; in worlds
/// with small differences 89 of 100 of those held the truth.
fn borrowed(counts: &[(f64, f64)]) -> Result<Vec<Option<Borrowed>>, Error> {
    let with_cases = counts.iter().filter(|&&(_, n)| n > 0.0);
    let (groups, cases) =
        with_cases.fold((0.0, 0.0), |(groups, sum), &(_, n)| (groups + 1.0, sum + n));
    if cases <= 0.0 {
        return Ok(vec![None; counts.len()]);
    }
    let Some(fitted) = fit_beta(counts) else {
        return alone(counts);
    };
    let strength = fitted.strength().min(MOST_BORROWED * cases / groups);
    let prior = BetaPrior::new(fitted.mean(), strength);
    let rate = |&(k, n): &(f64, f64)| {
        let belief = prior.after(k, n);
        let ends = beta_interval(belief.alpha, belief.beta, LEVEL);
        Some(Borrowed {
            value: belief.mean(),
            low: ends.low,
            high: ends.high,
            level: ends.level,
            weight: n / (n + strength),
            n_effective: n,
        })
    };
    Ok(counts.iter().map(rate).collect())
}

/// A single group has nobody to borrow from.
fn alone(counts: &[(f64, f64)]) -> Result<Vec<Option<Borrowed>>, Error> {
    let shrunk = shrink(counts, LEVEL)?;
    let rate = |(rate, &(_, n)): (&stats::ShrunkRate, &(f64, f64))| {
        (n > 0.0).then_some(Borrowed {
            value: rate.value,
            low: rate.interval.low,
            high: rate.interval.high,
            level: rate.interval.level,
            weight: 1.0,
            n_effective: n,
        })
    };
    Ok(shrunk.rates.iter().zip(counts).map(rate).collect())
}

/// Below the evidence that a rate needs, its count alone is told.
fn hide(segment: &mut Segment) {
    if !segment.evidence.has_number() {
        segment.win_rate = None;
        segment.closed_only = None;
        segment.if_zombies_lost = None;
        for horizon in &mut segment.by_horizon {
            horizon.rate = None;
        }
    }
    if !Evidence::of_count(segment.contacts.n).has_number() {
        segment.contacts.with_deal = None;
    }
}

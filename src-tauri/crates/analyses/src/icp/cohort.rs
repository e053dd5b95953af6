//! Records of one kind with what became of them, ready to be counted by segment.

use std::collections::BTreeMap;

use crm::{Moment, OwnerId, RecordId};
use jiff::ToSpan;
use stats::{ClusterRatio, Ending, quantile};

use super::links::{shares, values_in};
use super::rows::{ContactRow, DealRow, Dimension, IcpQuestion, Values};
use super::vocabulary::Vocabulary;
use crate::competitors::Outcome;

/// Days without activity after which an open deal that is older than nearly all is a zombie.
const ASLEEP_DAYS: f64 = 60.0;
/// Resolved deals below which nobody can say what old is.
const RESOLVED_FOR_ZOMBIES: usize = 20;
/// Days of the bands of age within which young records are compared.
const MONTH: f64 = 30.0;
/// A later entry than this means that companions may be gone without a trace.
const SAME_DAY: f64 = 1.0;

/// A contact or deal.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub(crate) id: RecordId,
    /// Its first company; records of one share their luck. Without a company, itself.
    pub(crate) cluster: u32,
    pub(crate) quarter: i32,
    /// The day of its creation since 1970, in UTC.
    pub(crate) created_on: i64,
    /// Values by dimension, with their shares.
    pub(crate) values: Vec<Vec<(u16, f64)>>,
    /// Its source, as a stratum.
    pub(crate) source: Option<String>,
    /// Days from its creation to when it was first watched, and last seen or ended.
    pub(crate) entry: f64,
    pub(crate) exit: f64,
    pub(crate) ending: Ending,
    /// Whether it has been watched for the whole horizon.
    pub(crate) mature: bool,
    /// Its age in months of 30 days, where it was watched from its start and is younger than that.
    pub(crate) young: Option<i32>,
    /// Whether it is open, older than nearly all, and asleep; with its true age.
    pub(crate) zombie: Option<f64>,
    pub(crate) amount: Option<f64>,
    pub(crate) owner: Option<OwnerId>,
}

/// Records left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct LeftOut {
    pub(crate) renewals: u32,
    /// Ended before they were first watched.
    pub(crate) unwatched: Vec<RecordId>,
    /// Contacts that were added when their first deal had long been there: they did not bring it.
    pub(crate) after_their_deal: u32,
    /// Deleted by now, but kept: lost deals that were cleared away would flatter their segment.
    pub(crate) deleted: Vec<RecordId>,
    /// Ended on the day of their creation: kept, but entered afterwards.
    pub(crate) same_day: Vec<RecordId>,
    /// Ended before their creation: kept with a lifetime of nothing.
    pub(crate) backwards: Vec<RecordId>,
}

#[derive(Debug, Clone)]
pub(crate) struct Cohort {
    pub(crate) subjects: Vec<Subject>,
    pub(crate) left_out: LeftOut,
    /// How many records weigh as much as one independent one, 1 at least.
    pub(crate) design_effect: f64,
}

/// A record before its values are numbered.
pub(crate) struct Draft {
    id: RecordId,
    created_at: Moment,
    cluster: RecordId,
    pub(crate) values: Vec<Vec<(Option<String>, f64)>>,
    source: Option<String>,
    entry: f64,
    exit: f64,
    ending: Ending,
    amount: Option<f64>,
    owner: Option<OwnerId>,
    deleted: bool,
    asleep: bool,
    last_alive: f64,
}

/// Which records are asked about: created from `from` on and before `until`, as known at `as_of`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) from: Moment,
    pub(crate) until: Moment,
    pub(crate) as_of: Moment,
}

impl Span {
    /// The question's window.
    pub(crate) fn whole(question: &IcpQuestion) -> Self {
        let day = question.as_of.date_in(&question.zone);
        let first = day.saturating_sub(i64::from(question.window_months).months());
        Self {
            from: Moment::start_of(first, &question.zone),
            until: question.as_of,
            as_of: question.as_of,
        }
    }

    fn holds(&self, created_at: Moment) -> bool {
        self.from <= created_at && created_at <= self.until && created_at <= self.as_of
    }
}

pub(crate) fn days(later: Moment, earlier: Moment) -> f64 {
    later.since(earlier).as_secs_f64() / 86_400.0
}

/// The deals of a span.
pub(crate) fn deal_drafts(
    deals: &[DealRow],
    question: &IcpQuestion,
    span: Span,
) -> (Vec<Draft>, LeftOut) {
    let mut left_out = LeftOut::default();
    let mut drafts = Vec::new();
    for deal in deals.iter().filter(|deal| span.holds(deal.created_at)) {
        if deal.renewal {
            left_out.renewals += 1;
            continue;
        }
        let closed = deal.outcome.closed_at().filter(|at| *at <= span.as_of);
        let ending = match (closed, deal.outcome) {
            (None, _) | (_, Outcome::Open) => Ending::Open,
            (_, Outcome::Won(_)) => Ending::Event,
            (_, Outcome::Lost(_)) => Ending::Competing,
        };
        if closed.is_some_and(|at| at < deal.created_at) {
            left_out.backwards.push(deal.id);
        } else if closed.is_some_and(|at| days(at, deal.created_at) < SAME_DAY) {
            left_out.same_day.push(deal.id);
        }
        let last = deal
            .last_activity_at
            .filter(|at| *at <= span.as_of)
            .unwrap_or(deal.created_at)
            .max(deal.created_at);
        let life = Life {
            created_at: deal.created_at,
            watched_from: deal.watched_from,
            ended_at: closed,
            gone_at: deal.gone_at,
            as_of: span.as_of,
        };
        let Some(mut draft) = draft(deal.id, &deal.values, &deal.companies, question, life) else {
            left_out.unwatched.push(deal.id);
            continue;
        };
        if draft.deleted {
            left_out.deleted.push(deal.id);
        }
        draft.ending = ending;
        draft.amount = deal.amount.filter(|amount| amount.is_finite());
        draft.owner = deal.owner;
        draft.asleep =
            ending == Ending::Open && !draft.deleted && days(span.as_of, last) > ASLEEP_DAYS;
        draft.last_alive = days(last, deal.created_at);
        drafts.push(draft);
    }
    (drafts, left_out)
}

/// The contacts of a span; their event is the first deal.
pub(crate) fn contact_drafts(
    contacts: &[ContactRow],
    question: &IcpQuestion,
    span: Span,
) -> (Vec<Draft>, LeftOut) {
    let mut left_out = LeftOut::default();
    let mut drafts = Vec::new();
    for contact in contacts.iter().filter(|c| span.holds(c.created_at)) {
        let life = Life {
            created_at: contact.created_at,
            watched_from: contact.watched_from,
            ended_at: contact.first_deal_at.filter(|at| *at <= span.as_of),
            gone_at: contact.gone_at,
            as_of: span.as_of,
        };
        let behind = |at| days(contact.created_at, at) > SAME_DAY;
        if contact.first_deal_at.is_some_and(behind) {
            left_out.after_their_deal += 1;
            continue;
        }
        match draft(
            contact.id,
            &contact.values,
            &contact.companies,
            question,
            life,
        ) {
            Some(mut draft) => {
                if life.ended_at.is_some() {
                    draft.ending = Ending::Event;
                }
                drafts.push(draft);
            }
            None => left_out.unwatched.push(contact.id),
        }
    }
    (drafts, left_out)
}

#[derive(Clone, Copy)]
struct Life {
    created_at: Moment,
    watched_from: Moment,
    ended_at: Option<Moment>,
    gone_at: Option<Moment>,
    as_of: Moment,
}

/// None where it ended, or the span does, before it was watched.
fn draft(
    id: RecordId,
    own: &Values,
    companies: &[super::rows::CompanyLink],
    question: &IcpQuestion,
    life: Life,
) -> Option<Draft> {
    let entry = days(life.watched_from, life.created_at).max(0.0);
    let seen_until = life.gone_at.map_or(life.as_of, |gone| gone.min(life.as_of));
    let exit = days(life.ended_at.unwrap_or(seen_until), life.created_at).max(0.0);
    if entry > 0.0 && exit <= entry {
        return None;
    }
    let shares = shares(companies, life.created_at);
    let value = |dimension| values_in(dimension, own, &shares);
    let source = value(&Dimension::Source);
    Some(Draft {
        id,
        created_at: life.created_at,
        cluster: shares
            .iter()
            .map(|(link, _)| link.company)
            .min()
            .unwrap_or(id),
        values: question.dimensions.iter().map(value).collect(),
        source: source.into_iter().next().and_then(|(value, _)| value),
        entry,
        exit,
        ending: Ending::Open,
        amount: None,
        owner: None,
        deleted: life.gone_at.is_some_and(|gone| gone <= life.as_of),
        asleep: false,
        last_alive: exit,
    })
}

impl Cohort {
    pub(crate) fn of(
        drafts: Vec<Draft>,
        left_out: LeftOut,
        vocabularies: &[Vocabulary],
        question: &IcpQuestion,
        as_of: Moment,
    ) -> Self {
        let old = old_age(&drafts);
        let mut clusters: BTreeMap<RecordId, u32> = BTreeMap::new();
        let horizon = f64::from(question.horizon_days);
        let mut drafts = drafts;
        drafts.sort_by_key(|draft| draft.id);
        let subjects = drafts.into_iter().map(|draft| {
            let next = u32::try_from(clusters.len()).unwrap_or(u32::MAX);
            let cluster = *clusters.entry(draft.cluster).or_insert(next);
            let values = draft.values.iter().zip(vocabularies).map(|(parts, words)| {
                let mut numbered: BTreeMap<u16, f64> = BTreeMap::new();
                for (value, share) in parts {
                    *numbered.entry(words.number(value.as_deref())).or_default() += share;
                }
                numbered.into_iter().collect()
            });
            let age = days(as_of, draft.created_at);
            // Of what was deleted while open nobody knows what the horizon would have brought.
            let watched =
                draft.entry <= SAME_DAY && (draft.ending != Ending::Open || !draft.deleted);
            let zombie =
                (draft.asleep && old.is_some_and(|old| draft.exit > old)).then_some(draft.exit);
            Subject {
                id: draft.id,
                cluster,
                quarter: question.quarter(draft.created_at),
                created_on: draft.created_at.millis().div_euclid(86_400_000),
                values: values.collect(),
                source: draft.source,
                entry: draft.entry,
                exit: match zombie {
                    Some(_) => draft.last_alive.max(draft.entry),
                    None => draft.exit,
                },
                ending: draft.ending,
                mature: watched && age >= horizon,
                young: (watched && age < horizon).then(|| (age / MONTH).floor() as i32),
                zombie,
                amount: draft.amount,
                owner: draft.owner,
            }
        });
        let subjects: Vec<Subject> = subjects.collect();
        let design_effect = design_effect(&subjects, horizon);
        Self {
            subjects,
            left_out,
            design_effect,
        }
    }
}

impl Subject {
    /// Whether the event came within so many days.
    pub(crate) fn happened_by(&self, days: f64) -> bool {
        self.ending == Ending::Event && self.exit <= days
    }
}

/// The age below which 95 of 100 deals were resolved.
fn old_age(drafts: &[Draft]) -> Option<f64> {
    let resolved = drafts.iter().filter(|draft| draft.ending != Ending::Open);
    let mut ages: Vec<f64> = resolved.map(|draft| draft.exit).collect();
    ages.sort_by(f64::total_cmp);
    quantile(&ages, 0.95).filter(|_| ages.len() >= RESOLVED_FOR_ZOMBIES)
}

/// By how much the variance of a share is larger than if no company had two records (Kish).
fn design_effect(subjects: &[Subject], horizon: f64) -> f64 {
    let mut clusters: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for subject in subjects.iter().filter(|subject| subject.mature) {
        let cluster = clusters.entry(subject.cluster).or_default();
        cluster.0 += f64::from(u8::from(subject.happened_by(horizon)));
        cluster.1 += 1.0;
    }
    if clusters.values().all(|&(_, n)| n <= 1.0) {
        return 1.0;
    }
    ClusterRatio::of(clusters.values().copied())
        .map(|ratio| ratio.rows / ratio.effective())
        .filter(|effect| effect.is_finite())
        .map_or(1.0, |effect| effect.max(1.0))
}

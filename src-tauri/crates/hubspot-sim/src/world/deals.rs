//! A deal's whole story, planned at its creation: what it is, where it goes, who edits what when.
//! What lies after `now` waits until the world's clock gets there.

use crm::Moment;

use super::activities::{ActivityPlan, plan_activities};
use super::calendar::{at_work, days, shift};
use super::cast::{Cast, Company, Contact, IMPORT, INTEGRATION, SOURCE_WEIGHTS, person};
use super::dice::Dice;
use super::journey::{Step, walk};
use super::model::{self, Model};
use super::story::Teller;
use crate::portal::Portal;
use crate::portal::record::{Source, Stamp};
use crate::portal::value::{Cell, DAY};

/// What decides about a deal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DealFacts {
    /// Index of the pipeline.
    pub pipeline: usize,
    /// Index into `INDUSTRIES`.
    pub industry: usize,
    /// Index into `SIZE_BANDS`.
    pub size: usize,
    /// Index into `SOURCES`.
    pub source: usize,
    /// Index of the first owner.
    pub rep: usize,
    /// Index into `COMPETITORS`.
    pub competitor: usize,
    /// A meeting took place in the first fourteen days.
    pub early_meeting: bool,
    /// Three or more contacts.
    pub multithreaded: bool,
    /// The customer's interest, a standard normal number.
    pub interest: f64,
}

impl DealFacts {
    /// The sum of effects, the competitor's with or without its shift.
    pub(crate) fn effects(&self, model: &Model, after_shift: bool) -> f64 {
        model.industry[self.industry]
            + model.size[self.size]
            + model.source[self.source]
            + model.reps[self.rep]
            + if self.early_meeting {
                model.early_meeting
            } else {
                0.0
            }
            + if self.multithreaded {
                model.multithreaded
            } else {
                0.0
            }
            + model.interest * self.interest
            + model.competitor(self.competitor, after_shift)
    }
}

/// A deal's whole story.
#[derive(Debug)]
pub(crate) struct DealPlan {
    /// Which deal this is, counted from the world's beginning.
    pub number: u64,
    /// When it appears.
    pub created: Moment,
    /// What creates it.
    pub origin: Source,
    /// Index into [`Cast::companies`].
    pub company: usize,
    /// Its contacts; the first one decides.
    pub contacts: Vec<u64>,
    /// Values from the start.
    pub cells: Vec<Cell>,
    /// Later changes in order of time.
    pub stamps: Vec<Stamp>,
    /// Activities in order of time.
    pub activities: Vec<ActivityPlan>,
    /// What decides about it.
    pub facts: DealFacts,
}

/// What all deals are planned with.
pub(crate) struct Scene<'a> {
    /// The world's seed.
    pub seed: u64,
    /// The true effects.
    pub model: &'a Model,
    /// Everybody.
    pub cast: &'a Cast,
    /// When the first competitor changed its ways.
    pub shift: Moment,
    /// Deals of the first month were imported.
    pub imported_until: Moment,
}

/// Plans one deal.
pub(crate) fn plan(
    scene: &Scene<'_>,
    portal: &mut Portal,
    number: u64,
    created: Moment,
) -> DealPlan {
    let mut dice = Dice::new(scene.seed, "deal", number);
    let created = at_work(created, &mut dice);
    let company_index = dice.below(scene.cast.companies_at(created));
    let company = &scene.cast.companies[company_index];
    let rep = choose_rep(scene.cast, created, &mut dice);
    let contacts = choose_contacts(company, created, &mut dice);
    let ids: Vec<u64> = contacts.iter().map(|contact| contact.id).collect();
    let facts = DealFacts {
        pipeline: dice.weighted(
            &scene
                .model
                .pipelines
                .iter()
                .map(|p| p.share)
                .collect::<Vec<_>>(),
        ),
        industry: company.industry,
        size: company.size,
        // HubSpot copies a deal's source from its first contact.
        source: match contacts.first() {
            Some(contact) => contact.source,
            None => dice.weighted(&SOURCE_WEIGHTS),
        },
        rep,
        competitor: dice.weighted(&model::COMPETITOR_SHARES),
        early_meeting: dice.chance(0.45),
        multithreaded: contacts.len() >= 3,
        interest: Dice::new(scene.seed, "customer interest", number).normal(),
    };
    let effects_at = |at: Moment| facts.effects(scene.model, at >= scene.shift);
    let mut walker = Dice::new(scene.seed, "journey", number);
    let steps = walk(
        scene.model,
        facts.pipeline,
        created,
        &effects_at,
        &mut walker,
    );
    let owners = owners_over_time(scene.cast, rep, &steps, &mut dice);
    let teller = Teller {
        scene,
        facts,
        owners: &owners,
        company,
        number,
    };
    let (cells, mut stamps) = teller.tell(portal, &steps);
    stamps.sort_by_key(|stamp| stamp.at);
    let origin = if created < scene.imported_until {
        IMPORT
    } else if dice.chance(0.1) {
        INTEGRATION
    } else {
        person(scene.cast.reps[rep])
    };
    let activities = plan_activities(scene, number, &facts, &steps, &ids, &owners);
    DealPlan {
        number,
        created,
        origin,
        company: company_index,
        contacts: ids,
        cells,
        stamps,
        activities,
        facts,
    }
}

fn choose_rep(cast: &Cast, at: Moment, dice: &mut Dice) -> usize {
    let weights: Vec<f64> = cast
        .reps
        .iter()
        .map(|rep| {
            f64::from(u8::from(
                rep.joined <= at && rep.left.is_none_or(|left| at < left),
            ))
        })
        .collect();
    dice.weighted(&weights)
}

fn choose_contacts(company: &Company, at: Moment, dice: &mut Dice) -> Vec<Contact> {
    let known = company
        .contacts
        .partition_point(|contact| contact.created <= at);
    let wanted = 1 + dice.weighted(&[0.42, 0.24, 0.18, 0.10, 0.06]);
    let mut chosen = company.contacts[..known].to_vec();
    while chosen.len() > wanted {
        chosen.swap_remove(dice.below(chosen.len()));
    }
    chosen
}

/// Who owns the deal from when on: reassigned now and then, and always when the owner leaves.
fn owners_over_time(
    cast: &Cast,
    first: usize,
    steps: &[Step],
    dice: &mut Dice,
) -> Vec<(Moment, usize)> {
    let (created, end) = (steps[0].0, steps[steps.len() - 1].0);
    let mut owners = vec![(created, first)];
    let hand_over = |at: Moment, owners: &mut Vec<(Moment, usize)>, dice: &mut Dice| {
        let next = choose_rep(cast, at, dice);
        if owners.last().is_some_and(|(_, rep)| *rep != next) {
            owners.push((at, next));
        }
    };
    if let Some(left) = cast.reps[first].left.filter(|left| *left < end) {
        hand_over(left.max(shift(created, 60_000)), &mut owners, dice);
    } else if dice.chance(0.05) {
        let days_open = (end.millis() - created.millis()) / DAY;
        let at = shift(created, days(dice.unit() * 0.9) * days_open.max(1));
        hand_over(at_work(at, dice), &mut owners, dice);
    }
    owners
}

/// The owner at a moment.
pub(crate) fn owner_at(owners: &[(Moment, usize)], at: Moment) -> usize {
    owners
        .iter()
        .rev()
        .find(|(from, _)| *from <= at)
        .or(owners.first())
        .map_or(0, |(_, rep)| *rep)
}

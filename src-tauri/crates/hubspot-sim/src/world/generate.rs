//! Makes a demo portal: thirty months of a pump maker's sales, up to `now`.

use std::collections::{BTreeMap, HashMap};

use crm::Moment;

use super::activities::{ActivityPlan, perform};
use super::around;
use super::calendar::{days, midnight, shift};
use super::cast::{self, Cast, Company};
use super::deals::{self, DealPlan};
use super::dice::Dice;
use super::life::{Happening, Life, birth};
use super::model::{Model, SHIFT_WEEKS_BEFORE_NOW};
use crate::portal::Portal;
use crate::portal::definition::{Choice, Definition};
use crate::portal::kind::Kind;
use crate::portal::people::{Outcome, Pipeline, Stage};
use crate::portal::phrases::COMPETITORS;
use crate::portal::property as p;
use crate::portal::value::DAY;

/// Thirty months.
pub(crate) const SPAN_DAYS: i64 = 913;

/// Units of the home currency for ten thousand dollars: a fixed rate, told in `truth`.
pub(crate) const DOLLAR_RATE: i64 = 9_200;

/// Generates the portal as it is at `now`, and the life that goes on from there.
pub(crate) fn generate(seed: u64, now: Moment, deal_count: usize, null: bool) -> (Portal, Life) {
    let start = midnight(shift(now, -SPAN_DAYS * DAY));
    let mut portal = furnish(seed, now);
    // Twelve at the demo's 2,500 deals; a portal forty times as large does not have 480.
    let rep_count = (deal_count / 1_000).max(12);
    let model = Model::new(seed, rep_count, null);
    let mut cast = Cast {
        reps: cast::reps(&mut portal, seed, rep_count, start, now),
        companies: Vec::new(),
    };
    people(&mut portal, seed, &mut cast, deal_count, start, now);
    let mut life = Life {
        seed,
        model,
        cast,
        shift: shift(midnight(now), -SHIFT_WEEKS_BEFORE_NOW * 7 * DAY),
        imported_until: shift(start, 30 * DAY),
        daily_deals: deal_count as f64 / SPAN_DAYS as f64,
        first_deals: deal_count as u64,
        queue: BTreeMap::new(),
        sequence: 0,
        facts: HashMap::new(),
        cohort: Vec::new(),
    };
    let activities = make_deals(&mut portal, &mut life, deal_count, start, now);
    make_activities(&mut portal, &life, activities, deal_count, start, now);
    around::begin(&mut portal, seed, &life.cast, deal_count, now);
    archive_some(&mut portal, seed, now);
    (portal, life)
}

/// Pipelines, rates and the portal's own properties.
pub(super) fn furnish(seed: u64, now: Moment) -> Portal {
    let id = 40_000_000 + Dice::new(seed, "portal", 0).bits() % 9_000_000;
    let mut portal = Portal::empty(id);
    let dollar = portal.strings.keep("USD");
    portal.rates.insert(dollar, DOLLAR_RATE);
    let epoch = Moment::from_millis(0);
    let updated = shift(midnight(now), -400 * DAY);
    let stage = |id: &str, label: &str, probability: i64, outcome: Outcome| Stage {
        id: id.to_owned(),
        label: label.to_owned(),
        probability,
        outcome,
    };
    // The portal's own chances are HubSpot's defaults, well above what the deals really do.
    portal.pipelines.push(Pipeline {
        id: "default".to_owned(),
        label: "New business".to_owned(),
        stages: vec![
            stage(
                "appointmentscheduled",
                "Appointment scheduled",
                20,
                Outcome::Open,
            ),
            stage("qualifiedtobuy", "Qualified to buy", 40, Outcome::Open),
            stage(
                "presentationscheduled",
                "Presentation scheduled",
                60,
                Outcome::Open,
            ),
            stage(
                "decisionmakerboughtin",
                "Decision maker bought-in",
                80,
                Outcome::Open,
            ),
            stage("contractsent", "Contract sent", 90, Outcome::Open),
            stage("closedwon", "Closed won", 100, Outcome::Won),
            stage("closedlost", "Closed lost", 0, Outcome::Lost),
        ],
        created: epoch,
        updated,
    });
    // Labels that say neither won nor lost: only the deal's own hs_is_closed_won does.
    portal.pipelines.push(Pipeline {
        id: "74519023".to_owned(),
        label: "Expansion".to_owned(),
        stages: vec![
            stage("145820113", "Need identified", 30, Outcome::Open),
            stage("145820114", "Proposal", 50, Outcome::Open),
            stage("145820115", "Negotiation", 80, Outcome::Open),
            stage("145820116", "Order on the table", 100, Outcome::Won),
            stage("145820117", "Nicht zustande gekommen", 0, Outcome::Lost),
        ],
        created: shift(updated, -500 * DAY),
        updated,
    });
    let mut competitor = Definition::plain(
        "main_competitor",
        "Main competitor",
        "enumeration",
        "select",
        "dealinformation",
    );
    competitor.choices = COMPETITORS[1..]
        .iter()
        .map(|name| Choice {
            value: (*name).to_owned(),
            label: (*name).to_owned(),
            hidden: false,
        })
        .collect();
    competitor.created = Some(updated);
    competitor.updated = Some(updated);
    portal
        .schema_mut(Kind::Deals)
        .add(p::MAIN_COMPETITOR, competitor);
    portal
}

/// Companies, contacts and machines, in the demo's proportions: 12 companies and 40 contacts for
/// every 25 deals. Seven companies in ten exist when the thirty months begin.
fn people(
    portal: &mut Portal,
    seed: u64,
    cast: &mut Cast,
    deals: usize,
    start: Moment,
    now: Moment,
) {
    let companies = (deals * 12 / 25).max(12);
    let mut dice = Dice::new(seed, "company arrivals", 0);
    let mut created: Vec<Moment> = (0..companies)
        .map(|_| {
            if dice.chance(0.7) {
                shift(start, -days(dice.between(1.0, 400.0)))
            } else {
                // Four days before now at the latest, so that working time is still in the past.
                shift(start, days(dice.unit() * (SPAN_DAYS - 4) as f64))
            }
        })
        .collect();
    created.sort_unstable();
    portal.table_mut(Kind::Companies).reserve(companies);
    let mut made: Vec<Company> = Vec::with_capacity(companies);
    for (number, at) in created.into_iter().enumerate() {
        let owner = cast.reps[dice.below(cast.reps.len())];
        made.push(cast::company(portal, seed, number as u64, at, owner));
    }
    made.sort_by_key(|company| company.created);
    contacts(portal, seed, &cast.reps, &mut made, deals * 8 / 5, now);
    for number in 0..companies / 2 {
        let company = &made[dice.below(companies)];
        cast::machine(portal, seed, number as u64, company, now);
    }
    cast.companies = made;
}

fn contacts(
    portal: &mut Portal,
    seed: u64,
    reps: &[cast::Rep],
    companies: &mut [Company],
    count: usize,
    now: Moment,
) {
    let mut dice = Dice::new(seed, "contact arrivals", 0);
    let latest = shift(now, -4 * DAY);
    let mut arrivals: Vec<(Moment, Option<usize>)> = (0..count)
        .map(|_| {
            let company = dice.below(companies.len());
            let at = shift(companies[company].created, days(dice.exponential(60.0)));
            (
                at.min(latest).max(companies[company].created),
                (!dice.chance(0.05)).then_some(company),
            )
        })
        .collect();
    arrivals.sort_unstable();
    portal.table_mut(Kind::Contacts).reserve(count);
    for (number, (at, company)) in arrivals.into_iter().enumerate() {
        let owner = reps[dice.below(reps.len())];
        let employer = company.map(|index| &companies[index]);
        let made = cast::contact(portal, seed, number as u64, at, employer, owner);
        if let Some(index) = company {
            companies[index].contacts.push(made);
        }
    }
    for company in companies {
        company.contacts.sort_by_key(|contact| contact.created);
    }
}

type Placed = (ActivityPlan, u64, usize);

fn make_deals(
    portal: &mut Portal,
    life: &mut Life,
    count: usize,
    start: Moment,
    now: Moment,
) -> Vec<Placed> {
    let mut dice = Dice::new(life.seed, "deal arrivals", 0);
    let span = (now.millis() - start.millis()) as f64 / DAY as f64;
    let mut arrivals: Vec<Moment> = (0..count)
        // The root makes the business grow by a fifth over the thirty months.
        .map(|_| shift(start, days(span * dice.unit().powf(0.9))))
        .collect();
    arrivals.sort_unstable();
    let mut plans: Vec<DealPlan> = Vec::with_capacity(count);
    for (number, at) in arrivals.into_iter().enumerate() {
        plans.push(deals::plan(&life.scene(), portal, number as u64, at));
    }
    plans.sort_by_key(|plan| (plan.created, plan.number));
    portal.table_mut(Kind::Deals).reserve(count);
    let mut due = Vec::with_capacity(count * 16);
    for plan in plans {
        if plan.created > now {
            life.wait(plan.created, Happening::Born(Box::new(plan)));
            continue;
        }
        let company = plan.company;
        let (id, later) = birth(portal, life, plan, now);
        for activity in later {
            if activity.created <= now {
                due.push((activity, id, company));
            } else {
                life.wait(
                    activity.created,
                    Happening::Activity {
                        plan: activity,
                        deal: id,
                        company,
                    },
                );
            }
        }
    }
    due
}

/// Deal activities, and a tenth on top that belongs to companies alone.
fn make_activities(
    portal: &mut Portal,
    life: &Life,
    mut due: Vec<Placed>,
    deals: usize,
    start: Moment,
    now: Moment,
) {
    let loose = deals * 3 / 2;
    let mut dice = Dice::new(life.seed, "loose activities", 0);
    for number in 0..loose {
        let company = dice.below(life.cast.companies.len());
        let from = life.cast.companies[company].created.max(start);
        let age = (now.millis() - from.millis()) as f64 / DAY as f64;
        let at = shift(from, days(age * dice.unit()));
        let kind = *dice.pick(&[&Kind::Calls, &Kind::Emails, &Kind::Notes]);
        let contacts = &life.cast.companies[company].contacts;
        let contact = contacts
            .get(dice.below(contacts.len()))
            .map_or(0, |contact| contact.id);
        let rep = u16::try_from(dice.below(life.cast.reps.len())).unwrap_or(0);
        // Deal numbers stay far below 2^40, so these streams meet no deal's.
        let number = 1 << 60 | number as u64;
        let plan = ActivityPlan {
            created: at,
            at,
            kind,
            competitor: 0,
            contact,
            rep,
            number,
            certain: false,
            answers: 0.0,
        };
        due.push((plan, 0, company));
    }
    due.sort_by_key(|(plan, _, _)| (plan.created, plan.number));
    for (plan, deal, company) in due {
        let deal = (deal > 0).then_some(deal);
        let rep = life.cast.reps[usize::from(plan.rep)];
        perform(
            portal,
            life.seed,
            &plan,
            deal,
            life.cast.companies.get(company),
            rep,
            now,
        );
    }
}

/// A few records are in the recycle bin. E-mails are not: HubSpot deletes them for good.
fn archive_some(portal: &mut Portal, seed: u64, now: Moment) {
    for kind in [
        Kind::Contacts,
        Kind::Deals,
        Kind::Calls,
        Kind::Notes,
        Kind::Tasks,
        Kind::Meetings,
    ] {
        let mut dice = Dice::new(seed, "archived", kind.index() as u64);
        let share = if kind.is_activity() { 0.004 } else { 0.015 };
        let chosen: Vec<(u64, Moment)> = portal
            .table(kind)
            .all()
            .iter()
            .filter_map(|record| {
                // HubSpot keeps archived records for ninety days, so the bin holds younger ones.
                let at = shift(now, -days(dice.between(0.5, 85.0)));
                (dice.chance(share) && at > record.modified).then_some((record.id, at))
            })
            .collect();
        for (id, at) in chosen {
            if let Some(record) = portal.table_mut(kind).get_mut(id) {
                record.archived = Some(at);
            }
        }
    }
}

//! Tells what was put into a world, so that a test can ask whether a report found it.

use crm::Moment;
use serde_json::{Map, Value, json};

use super::deals::DealFacts;
use super::generate::DOLLAR_RATE;
use super::horizon::wins_within;
use super::life::Life;
use super::model::{self, SIZE_BANDS};
use crate::portal::Portal;
use crate::portal::kind::Kind;
use crate::portal::people::Outcome;
use crate::portal::phrases::COMPETITORS;
use crate::portal::standard::{INDUSTRIES, SOURCES};

/// Everything that was put in.
pub(crate) fn tell(life: &Life, portal: &Portal, now: Moment) -> Value {
    let model = &life.model;
    let open = open_deals(life, portal, |facts, stage| {
        json!(rounded(chance(life, facts, stage, now)))
    });
    let within = open_deals(life, portal, |facts, stage| within(life, facts, stage, now));
    json!({
        "world": if model.null { "null" } else { "demo" },
        "seed": life.seed,
        "now": now,
        "currency": { "home": portal.home_currency, "usd_to_home": DOLLAR_RATE as f64 / 10_000.0 },
        "how": "Stays are exponential with the mean mean_days/(1-base+base*exp(effects)), then moved to the next working hour. On leaving a \
                stage a deal goes back with probability `back`; otherwise it advances with odds base/(1-base)*exp(effects), else it is lost.",
        "pipelines": pipelines(life, portal),
        "back": model.back,
        "skip": model.skip,
        "reopen": model.reopen,
        "effects_in_log_odds": effects(life),
        "competitor_shift": {
            "competitor": COMPETITORS[1],
            "at": life.shift,
            "before": model.competitor_before[1],
            "after": model.competitor_after[1],
        },
        "competitor_recorded": {
            "property": "main_competitor",
            "on_reaching_third_stage": model::RECORDED_AT_STAGE,
            "else_when_lost": model::RECORDED_AT_LOSS,
            "else_when_won": model::RECORDED_AT_WIN,
        },
        "customer_interest": {
            "how": "A standard normal number of each deal, which no property says.",
            "effect_in_log_odds": model.interest,
            "answers_in_log_odds": model.shows.answers,
            "puts_off_in_logarithm_of_days": model.shows.put_off,
        },
        "no_effect": ["country", "jobtitle", "number of calls", "number of e-mails", "amount", "month"],
        "win_chance_at_creation": chances_by_segment(life),
        "open_deals": open,
        "open_deals_won_within_days": within,
    })
}

fn pipelines(life: &Life, portal: &Portal) -> Vec<Value> {
    let tell = |(index, pipeline): (usize, &crate::portal::people::Pipeline)| {
        let chances = life.model.win_chances(index, 0.0);
        let stages: Vec<Value> = life.model.pipelines[index]
            .stages
            .iter()
            .zip(&pipeline.stages)
            .zip(chances)
            .map(|((hazard, stage), chance)| {
                json!({
                    "id": stage.id,
                    "mean_days": hazard.mean_days,
                    "advance": hazard.advance,
                    "weekly_activities": hazard.weekly_activities,
                    "hubspot_probability": stage.probability as f64 / 100.0,
                    "win_chance_without_effects": rounded(chance),
                })
            })
            .collect();
        json!({ "id": pipeline.id, "share": life.model.pipelines[index].share, "stages": stages })
    };
    portal.pipelines.iter().enumerate().map(tell).collect()
}

fn effects(life: &Life) -> Value {
    let model = &life.model;
    let named = |names: Vec<String>, values: &[f64]| -> Value {
        names
            .into_iter()
            .zip(values)
            .map(|(name, value)| (name, json!(value)))
            .collect::<Map<_, _>>()
            .into()
    };
    let first = |pairs: &[(&str, &str)]| pairs.iter().map(|(name, _)| (*name).to_owned()).collect();
    json!({
        "industry": named(first(&INDUSTRIES), &model.industry),
        "employees": named(SIZE_BANDS.map(|band| band.0.to_owned()).to_vec(), &model.size),
        "hs_analytics_source": named(first(&SOURCES), &model.source),
        "hubspot_owner_id":
            named(life.cast.reps.iter().map(|rep| rep.owner.to_string()).collect(), &model.reps),
        "meeting_in_first_14_days": model.early_meeting,
        "three_or_more_contacts": model.multithreaded,
        "main_competitor": named(COMPETITORS.map(str::to_owned).to_vec(), &model.competitor_before),
    })
}

/// Nine places: more than any estimate reaches, and few enough that every JSON reader reads the
/// same number.
fn rounded(chance: f64) -> f64 {
    (chance * 1e9).round() / 1e9
}

/// The chance to win at a moment, as everything was at that moment.
fn chance(life: &Life, facts: &DealFacts, stage: usize, at: Moment) -> f64 {
    let effects = facts.effects(&life.model, at >= life.shift);
    life.model
        .win_chances(facts.pipeline, effects)
        .get(stage)
        .copied()
        .unwrap_or(0.0)
}

/// Mean true chance at creation for every level of every segment, with the number of deals.
fn chances_by_segment(life: &Life) -> Value {
    let chances: Vec<f64> = life
        .cohort
        .iter()
        .map(|(created, facts)| chance(life, facts, 0, *created))
        .collect();
    let by = |levels: &[String], level_of: &dyn Fn(&DealFacts) -> usize| -> Value {
        let mut sums = vec![(0.0, 0_u32); levels.len()];
        for ((_, facts), chance) in life.cohort.iter().zip(&chances) {
            if let Some((sum, deals)) = sums.get_mut(level_of(facts)) {
                *sum += chance;
                *deals += 1;
            }
        }
        levels
            .iter()
            .zip(sums)
            .map(|(level, (sum, deals))| {
                let mean = if deals > 0 {
                    Some(rounded(sum / f64::from(deals)))
                } else {
                    None
                };
                (level.clone(), json!({ "mean": mean, "deals": deals }))
            })
            .collect::<Map<_, _>>()
            .into()
    };
    let first = |pairs: &[(&str, &str)]| -> Vec<String> {
        pairs.iter().map(|(name, _)| (*name).to_owned()).collect()
    };
    let flags = ["false".to_owned(), "true".to_owned()];
    json!({
        "industry": by(&first(&INDUSTRIES), &|facts| facts.industry),
        "employees": by(&SIZE_BANDS.map(|band| band.0.to_owned()), &|facts| facts.size),
        "hs_analytics_source": by(&first(&SOURCES), &|facts| facts.source),
        "hubspot_owner_id": by(
            &life.cast.reps.iter().map(|rep| rep.owner.to_string()).collect::<Vec<_>>(),
            &|facts| facts.rep,
        ),
        "pipeline": by(&["default".to_owned(), "74519023".to_owned()], &|facts| facts.pipeline),
        "main_competitor": by(&COMPETITORS.map(str::to_owned), &|facts| facts.competitor),
        "meeting_in_first_14_days": by(&flags, &|facts| usize::from(facts.early_meeting)),
        "three_or_more_contacts": by(&flags, &|facts| usize::from(facts.multithreaded)),
    })
}

/// The chance to be won within each of the days that scores know, by their number.
fn within(life: &Life, facts: &DealFacts, stage: usize, now: Moment) -> Value {
    let effects = facts.effects(&life.model, now >= life.shift);
    let told = |days: u32| {
        let chance = wins_within(&life.model, facts.pipeline, stage, effects, f64::from(days));
        (days.to_string(), json!(rounded(chance)))
    };
    [30, 90, 180]
        .map(told)
        .into_iter()
        .collect::<Map<_, _>>()
        .into()
}

/// What is true of every deal that is open now, from its facts and its stage.
fn open_deals(life: &Life, portal: &Portal, tell: impl Fn(&DealFacts, usize) -> Value) -> Value {
    let mut chances = Map::new();
    for deal in portal.table(Kind::Deals).all() {
        if deal.archived.is_some() || portal.outcome(deal) != Outcome::Open {
            continue;
        }
        let (Some(facts), Some(stage)) = (life.facts.get(&deal.id), portal.stage(deal)) else {
            continue;
        };
        let index = portal.pipelines.get(facts.pipeline).and_then(|pipeline| {
            pipeline
                .stages
                .iter()
                .position(|other| other.id == stage.id)
        });
        if let Some(index) = index {
            chances.insert(deal.id.to_string(), tell(facts, index));
        }
    }
    chances.into()
}

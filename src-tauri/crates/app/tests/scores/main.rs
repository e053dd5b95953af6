//! Scores of whole portals whose truth is known: read over HTTP, trained as a user trains them, and held
//! against what the simulator knows of every deal.
//!
//! CI makes a few worlds; `cargo xtask soak` makes as many as `PLUMBLINE_WORLDS` says.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails; the campaign prints its figures"
)]

mod portal;

use analyses::scoring::report::ScoreCard;
use crm::Moment;
use portal::Portal;
use serde_json::Value;

/// The columns that tell the effects that truth names, by truth's name of each.
const COLUMNS: [(&str, &str); 4] = [
    ("industry", "Industry"),
    ("hs_analytics_source", "Original traffic source"),
    ("employees", "Number of employees"),
    ("hubspot_owner_id", "Owner's record"),
];
/// Columns that truth calls without effect, and which go with nothing that has one.
const NOISE: [&str; 4] = [
    "Country",
    "Contacts who lead",
    "Amount changes",
    "Amount against the first",
];
/// Places of the card's list that noise must not take.
const TOP: usize = 5;

/// How many worlds a campaign makes.
fn worlds(few: u64) -> u64 {
    let asked = std::env::var("PLUMBLINE_WORLDS").ok();
    asked.and_then(|number| number.parse().ok()).unwrap_or(few)
}

/// The n-th world: the demo's own first, on the days of a week, because the day on which it ends decides
/// which moments are working time, and so what is learnt; then other seeds on other days.
fn world(n: u64) -> (u64, Moment) {
    const FIRST: i64 = 1_795_339_800_000;
    const DAY: i64 = 86_400_000;
    let n_days = i64::try_from(n).unwrap();
    let days = if n < 7 { n_days } else { 13 * n_days };
    let seed = if n < 7 { 7 } else { 100 + n };
    (seed, Moment::from_millis(FIRST + days * DAY))
}

/// How scores and truth agree.
struct Agreement {
    deals: usize,
    mean_absolute_error: f64,
    correlation: f64,
}

fn agreement(pairs: &[(f64, f64)]) -> Agreement {
    let n = pairs.len() as f64;
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (said, true_mean) = (mean(&|pair| pair.0), mean(&|pair| pair.1));
    let with = mean(&|pair| (pair.0 - said) * (pair.1 - true_mean));
    let spread = |of: &dyn Fn(&(f64, f64)) -> f64| mean(of).sqrt();
    Agreement {
        deals: pairs.len(),
        mean_absolute_error: mean(&|pair| (pair.0 - pair.1).abs()),
        correlation: with
            / (spread(&|pair| (pair.0 - said).powi(2))
                * spread(&|pair| (pair.1 - true_mean).powi(2))),
    }
}

/// How much an effect of truth parts deals: its standard deviation over the deals of the world, in
/// log-odds.
fn spread(truth: &Value, effect: &str) -> f64 {
    let levels = truth["effects_in_log_odds"][effect].as_object().unwrap();
    let (mut deals, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for (level, value) in levels {
        let n = truth["win_chance_at_creation"][effect][level]["deals"].as_f64();
        let (n, value) = (n.unwrap(), value.as_f64().unwrap());
        deals += n;
        sum += n * value;
        squares += n * value * value;
    }
    (squares / deals - (sum / deals).powi(2)).sqrt()
}

fn place(card: &ScoreCard, column: &str) -> Option<usize> {
    let weights = &card.model.weights;
    weights.iter().position(|weight| weight.column == column)
}

/// What is found of a world's truth on the card of a score.
struct Found {
    /// The place of the effect that parts deals most, among the columns that the card names.
    strongest: Option<usize>,
    /// Noise among the first places.
    noise: Vec<&'static str>,
}

fn found(card: &ScoreCard, truth: &Value) -> Found {
    let strongest = COLUMNS
        .into_iter()
        .max_by(|a, b| spread(truth, a.0).total_cmp(&spread(truth, b.0)));
    let is_top = |column: &&str| place(card, column).is_some_and(|place| place < TOP);
    Found {
        strongest: strongest.and_then(|(_, column)| place(card, column)),
        noise: NOISE.into_iter().filter(|column| is_top(column)).collect(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scores_of_a_portal_say_what_is_true_of_it() {
    let count = worlds(2);
    let (mut published, mut covering, mut flat, mut named, mut quiet) = (0, 0, 0, 0, 0);
    let mut all: Vec<Agreement> = Vec::new();
    for n in 0..count {
        let (seed, now) = world(n);
        let portal = Portal::read(seed, now).await;
        let trained = portal.train().await;
        let card = &trained.model.card;
        let why: Vec<&str> = card
            .model
            .refusals
            .iter()
            .map(|r| r.sentence.as_str())
            .collect();
        println!("seed {seed} on {now}: {}", why.join(" "));
        if !trained.model.is_published {
            portal.end().await;
            continue;
        }
        published += 1;
        let truth = portal.truth();
        let pairs: Vec<(f64, f64)> = portal
            .scores()
            .await
            .iter()
            .filter_map(|score| {
                let of = &truth["open_deals_won_within_days"][score.record.to_string()]["90"];
                Some((score.probability, of.as_f64()?))
            })
            .collect();
        let agrees = agreement(&pairs);
        let found = found(card, &truth);
        let judged = card.model.judged.as_ref().unwrap();
        let slope = judged.line.unwrap().slope;
        covering += usize::from(slope.low <= 1.0 && slope.high >= 1.0);
        flat += usize::from(slope.high < 1.0);
        named += usize::from(found.strongest.is_some());
        quiet += usize::from(found.noise.is_empty());
        println!(
            "  {:?}, AUC {:.3} ({:.3}-{:.3}), log loss {:.4}, slope {:.2} ({:.2}-{:.2}); {} open deals: mean \
             absolute error {:.3}, correlation {:.3}; strongest effect at {:?}, noise {:?}",
            card.model.chosen.unwrap(),
            judged.auc.value,
            judged.auc.low,
            judged.auc.high,
            judged.log_loss,
            slope.value,
            slope.low,
            slope.high,
            agrees.deals,
            agrees.mean_absolute_error,
            agrees.correlation,
            found.strongest,
            found.noise
        );
        all.push(agrees);
        portal.end().await;
    }
    let mean = |of: &dyn Fn(&Agreement) -> f64| all.iter().map(of).sum::<f64>() / all.len() as f64;
    let (error, correlation) = (mean(&|a| a.mean_absolute_error), mean(&|a| a.correlation));
    println!(
        "{published} of {count} worlds published; slope's interval covers 1 in {covering}, lies below it in {flat}; \
         strongest effect named in {named}, no noise on top in {quiet}; mean absolute error {error:.3}, \
         correlation {correlation:.3}"
    );
    // The demo is what everybody sees first: its score is published on every day.
    assert!(published as f64 >= 0.95 * count as f64, "{published}");
    assert!(named as f64 >= 0.95 * published as f64, "{named}");
    assert!(quiet as f64 >= 0.90 * published as f64, "{quiet}");
    assert!(error < 0.15 && correlation > 0.75, "{error} {correlation}");
}

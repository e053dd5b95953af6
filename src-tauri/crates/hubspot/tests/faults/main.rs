//! The fault matrix: every route that the client calls, times every fault. Each case ends in its
//! documented class and within its deadline, no partial success is called success, nothing panics,
//! and memory stays bounded.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod drops;
mod edge;
mod matrix;
mod routes;
mod tokens;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crm::Moment;
use edge::Edge;
use futures_util::StreamExt as _;
use hubspot::{Addresses, BoxFuture, Client, Clock, Error, Pacing, TokenSource};
use matrix::{End, Fault, On};
use routes::{Route, Shape};
use secrecy::SecretString;

/// Routes that are walked at once.
const AT_ONCE: usize = 12;
/// A call is sent once, five times more, and once with a renewed token.
const MOST_ASKED: usize = 7;
/// What no error may show.
const TOKEN: &str = "canary-token";
/// A case that takes longer hangs: no wait here is longer than a few hundred milliseconds.
const HANG: Duration = Duration::from_secs(300);
/// The most memory that the whole matrix may have held at once, in kilobytes.
const MEMORY: u64 = 512 * 1024;

/// Monday morning, 2026-11-02T08:00:00Z.
struct Morning;

impl Clock for Morning {
    fn now(&self) -> Moment {
        Moment::from_millis(1_793_606_400_000)
    }
}

/// Has a new token whenever the old one is refused.
struct Renewable;

impl TokenSource for Renewable {
    fn bearer<'a>(&'a self) -> BoxFuture<'a, Result<SecretString, Error>> {
        Box::pin(async { Ok(TOKEN.into()) })
    }

    fn renew<'a>(&'a self, _: &'a SecretString) -> BoxFuture<'a, Result<SecretString, Error>> {
        Box::pin(async { Ok(TOKEN.into()) })
    }
}

fn client(base: &str, slow: bool) -> Client {
    let pacing = Pacing {
        second: Duration::from_micros(100),
        deadline: Duration::from_millis(if slow { 300 } else { 120_000 }),
        ..Pacing::unlimited(7)
    };
    let addresses = Addresses::loopback(base).unwrap();
    Client::new(addresses, Arc::new(Renewable), pacing, Arc::new(Morning)).unwrap()
}

/// The class's name, without what it carries.
fn class(error: &Error) -> String {
    let text = format!("{:?}", error.kind());
    text.split([' ', '{', '(']).next().unwrap().to_owned()
}

/// How the case must end.
fn expected(route: &Route, fault: &Fault) -> End {
    let end = if route.writes {
        fault.writing
    } else {
        fault.reading
    };
    // Where nothing is read, any object is a confirmation.
    let is_object = matches!(fault.name, "an empty object" | "results of the wrong type");
    // Ended associations are confirmed with 200 or 204, and nothing to read in either case
    // (associations guide; the dated paths answer 200, the older habit is 204).
    let ends_associations =
        route.template.starts_with("/crm/associations/") && route.template.ends_with("/archive");
    match route.shape {
        Shape::Nothing if is_object => End::Done,
        Shape::Batch if ends_associations && fault.name == "nothing with 200" => End::Done,
        _ => end,
    }
}

/// One route with all faults, one after the other; says what went wrong.
async fn walk(route: &Route, faults: &[Fault]) -> Vec<String> {
    let mut wrong = Vec::new();
    let edge = Edge::start(route.good).await;
    let (quick, short) = (client(&edge.base, false), client(&edge.base, true));
    for fault in faults {
        if fault.on == On::Batches && route.shape != Shape::Batch {
            continue;
        }
        let client = match (fault.slow, fault.name.contains("daily")) {
            (true, _) => short.clone(),
            // A client remembers that the day's calls are spent.
            (false, true) => self::client(&edge.base, false),
            (false, false) => quick.clone(),
        };
        edge.play(fault.script.clone());
        let call = tokio::spawn((route.run)(client));
        let found = match tokio::time::timeout(HANG, call).await {
            Err(_) => Some("hangs".to_owned()),
            Ok(Err(_)) => Some("panics".to_owned()),
            Ok(Ok(outcome)) => judge(route, fault, outcome, edge.asked()),
        };
        wrong.extend(found.map(|what| {
            let name = fault.name;
            format!("{} {} / {name}: {what}", route.method, route.template)
        }));
    }
    wrong
}

/// What is wrong with how a case ended.
fn judge(
    route: &Route,
    fault: &Fault,
    outcome: Result<bool, Error>,
    asked: usize,
) -> Option<String> {
    let wanted = expected(route, fault);
    // What ends at a short deadline may end before it was sent.
    if (asked == 0 && !fault.slow) || asked > MOST_ASKED {
        return Some(format!("asked {asked} times"));
    }
    match (outcome, wanted) {
        (Ok(true), End::Done) | (Ok(false), End::Partly) => None,
        (Ok(whole), _) => {
            let end = if whole { End::Done } else { End::Partly };
            Some(format!("ends {end:?}, not {wanted:?}"))
        }
        (Err(error), _) if format!("{error} {error:?}").contains(TOKEN) => {
            Some("shows the token".to_owned())
        }
        (Err(error), End::Error(name)) if class(&error) == name => {
            let unsure = route.writes && fault.may_have_acted;
            (unsure && !error.outcome_is_unknown()).then(|| "is taken for undone".to_owned())
        }
        (Err(error), _) => Some(format!("ends {}, not {wanted:?}", class(&error))),
    }
}

/// The most that this process ever held, as Linux tells it; nothing elsewhere.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_on_every_route_ends_as_documented() {
    let (routes, faults) = (routes::all(), matrix::all());
    assert!(faults.len() >= 30);
    let walks = routes.iter().map(|route| walk(route, &faults));
    let wrong: Vec<Vec<String>> = futures_util::stream::iter(walks)
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let mut wrong = wrong.concat();
    // Afterwards, and not beside: what is held at once counts.
    wrong.extend(tokens::walk_all().await);
    assert!(
        wrong.is_empty(),
        "{} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    if let Some(peak) = peak_memory() {
        assert!(peak < MEMORY, "{peak} kB");
    }
}

/// Path templates in a source text: what stands between quotes and has `/{v}` in it.
fn templates(source: &str) -> impl Iterator<Item = &str> {
    source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split('"'))
        .filter(|text| text.starts_with('/') && text.contains("/{v}"))
}

fn read_all(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            found.extend(templates(&source).map(str::to_owned));
        }
    }
}

#[test]
fn no_route_is_left_out() {
    let mut called = BTreeSet::new();
    read_all(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut called,
    );
    let mut tried: BTreeSet<String> = routes::all()
        .iter()
        .map(|route| route.template.to_owned())
        .collect();
    tried.extend(tokens::templates().map(str::to_owned));
    let untried: Vec<&String> = called.difference(&tried).collect();
    assert!(
        untried.is_empty(),
        "add to tests/faults/routes.rs: {untried:?}"
    );
    let gone: Vec<&String> = tried.difference(&called).collect();
    assert!(gone.is_empty(), "no longer called: {gone:?}");
}

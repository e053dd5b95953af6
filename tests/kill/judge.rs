//! The simulator's ledger against the journal.

use std::collections::BTreeMap;

use crm::RecordId;
use hubspot_sim::Sim;
use serde_json::Value;
use writeback::{Change, ChangeState, PlanId};

use crate::applier::{Copy, PROPERTY};

/// What became of a plan.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// How often its process was killed.
    pub(crate) kills: usize,
    /// Changes that are confirmed and hold, or held until somebody else changed them.
    pub(crate) confirmed: usize,
    /// Changes that are listed as conflicts, and were left alone.
    pub(crate) conflicts: usize,
    /// Values of somebody else that a request overwrote which was on its way when its process was
    /// killed. HubSpot offers no way to prevent that.
    pub(crate) overtaken: usize,
    /// Everything that must not be.
    pub(crate) wrong: Vec<String>,
}

impl Verdict {
    pub(crate) fn add(&mut self, other: Self) {
        self.kills += other.kills;
        self.confirmed += other.confirmed;
        self.conflicts += other.conflicts;
        self.overtaken += other.overtaken;
        self.wrong.extend(other.wrong);
    }
}

/// One write of our property.
struct Entry {
    /// Its place in the ledger.
    place: usize,
    record: RecordId,
    /// Whether it came from a batch: only the program under test sends those.
    ours: bool,
    old: Option<String>,
    new: Option<String>,
}

/// How many writes there were so far.
pub(crate) fn ledger_length(sim: &Sim) -> usize {
    sim.ledger().as_array().unwrap().len()
}

fn entries(sim: &Sim, from: usize) -> Vec<Entry> {
    let ledger = sim.ledger();
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(plain);
    let entries = ledger.as_array().unwrap().iter().enumerate().skip(from);
    entries
        .filter(|(_, entry)| entry["property"] == PROPERTY)
        .map(|(place, entry)| Entry {
            place,
            record: entry["id"].as_str().unwrap().parse().unwrap(),
            ours: entry["call"] == "batch/update",
            old: text(&entry["old"]),
            new: text(&entry["new"]),
        })
        .collect()
}

/// A number as it reads without its idle zeros: HubSpot may spell it otherwise than it was sent.
fn plain(text: &str) -> String {
    text.parse::<f64>()
        .map_or_else(|_| text.to_owned(), |number| number.to_string())
}

fn plain_or_none(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(plain)
}

/// Judges a plan whose last run came to its end. `starts` says how long the ledger was when each of
/// its processes began; somebody else wrote only between two processes.
pub(crate) async fn judge(sim: &Sim, copy: &Copy, plan: PlanId, starts: &[usize]) -> Verdict {
    let changes = copy.read(plan).changes;
    let records: Vec<RecordId> = changes.iter().map(|change| change.record).collect();
    let live = copy.live(&records).await;
    let mut written: BTreeMap<RecordId, Vec<Entry>> = BTreeMap::new();
    for entry in entries(sim, starts[0]) {
        written.entry(entry.record).or_default().push(entry);
    }
    let mut verdict = Verdict::default();
    for change in &changes {
        let entries = written.remove(&change.record).unwrap_or_default();
        let holds = live.get(&change.record).cloned().flatten();
        let holds = plain_or_none(holds.as_deref());
        if let Err(why) = one(change, &entries, holds.as_ref(), starts, &mut verdict) {
            verdict.wrong.push(format!("{}: {why}", change.record));
        }
    }
    let outside = written.values().flatten().filter(|entry| entry.ours);
    let outside: Vec<String> = outside
        .map(|entry| format!("{}: written, and not in the plan", entry.record))
        .collect();
    verdict.wrong.extend(outside);
    verdict
}

fn one(
    change: &Change,
    entries: &[Entry],
    holds: Option<&String>,
    starts: &[usize],
    verdict: &mut Verdict,
) -> Result<(), String> {
    let new = plain_or_none(Some(&change.new));
    let mut theirs: Option<&Entry> = None;
    let mut ours = 0;
    for entry in entries {
        if !entry.ours {
            theirs = Some(entry);
            continue;
        }
        if entry.new != new {
            return Err("another value than the approved one was written".to_owned());
        }
        ours += usize::from(entry.old != entry.new);
        if let Some(before) = theirs
            && entry.old == before.new
            && entry.old != new
        {
            // In the time of one process: its request was on its way when it was killed.
            let began_between = |start: &usize| before.place < *start && *start <= entry.place;
            if starts.iter().any(began_between) {
                return Err("somebody else's value was overwritten".to_owned());
            }
            verdict.overtaken += 1;
        }
    }
    let last_is_theirs = entries.last().is_some_and(|entry| !entry.ours);
    if ours > 1 {
        return Err(format!("written {ours} times"));
    }
    match change.state {
        ChangeState::Confirmed if ours == 0 && new != plain_or_none(change.old.as_deref()) => {
            Err("confirmed and never written".to_owned())
        }
        ChangeState::Confirmed if holds == new.as_ref() || last_is_theirs => {
            verdict.confirmed += 1;
            Ok(())
        }
        ChangeState::Conflict if last_is_theirs => {
            verdict.conflicts += 1;
            Ok(())
        }
        ChangeState::Confirmed
        | ChangeState::Conflict
        | ChangeState::Failed
        | ChangeState::Planned
        | ChangeState::Sending => Err(format!(
            "{:?} in the journal, {ours} writes of ours, HubSpot holds {holds:?}",
            change.state
        )),
    }
}

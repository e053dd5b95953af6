//! What HubSpot refuses to a portal's token, so that it is not asked for again in every run. Each
//! refusal is an error of the day, and HubSpot wants those under 5 % of the calls (usage guidelines).
//!
//! A type is refused where not even one record of it may be listed. What is refused of a type that can
//! be listed, such as its pipelines, is remembered by its stream.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crm::{Moment, ObjectType};
use hubspot::ListQuery;
use jiff::SignedDuration;
use store::Refusal;

use crate::error::SyncError;
use crate::granted::Granted;
use crate::plan::Stream;
use crate::work::{Work, unavailable_because};

/// The list of custom types.
pub(crate) const SCHEMAS: &str = "schemas";

/// How long a refusal is taken for granted.
const ASKED_EVERY: SignedDuration = SignedDuration::from_hours(24);

/// What is known of it within a run.
#[derive(Default)]
pub(crate) struct Refusals {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// What is refused, and why.
    refused: BTreeMap<String, String>,
    /// Types of which something was refused, and which can be listed all the same.
    listed: BTreeSet<ObjectType>,
}

impl Refusals {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refuse(&self, what: &str, reason: &str) {
        let mut known = self.known();
        known.refused.insert(what.to_owned(), reason.to_owned());
    }

    /// Why a type, a stream or [`SCHEMAS`] is not asked for.
    pub(crate) fn reason(&self, what: &str) -> Option<String> {
        self.known().refused.get(what).cloned()
    }

    /// Why a stream is not read: it is refused itself, or the type is that it asks for.
    pub(crate) fn of(&self, stream: &Stream) -> Option<String> {
        self.reason(&stream.to_string()).or_else(|| match stream {
            Stream::Pipelines(object)
            | Stream::Properties(object)
            | Stream::Backfill(object)
            | Stream::Records(object)
            | Stream::Changes(object)
            | Stream::Labels { from: object, .. } => self.reason(object.as_str()),
            // These look at what became of the type's records.
            Stream::Account
            | Stream::Owners
            | Stream::Gone(_)
            | Stream::AroundDeals(_)
            | Stream::Associations { .. } => None,
        })
    }
}

/// Recalls what was refused a short time ago to a token with the same scopes, and tells which types were
/// refused otherwise: they are to be asked again. Where all was asked for, nothing is taken for granted.
pub(crate) async fn recall(work: &mut Work<'_>) -> Result<Vec<ObjectType>, SyncError> {
    let (found, granted) = work
        .in_store(|store| Ok((store.read(store::refusals)?, Granted::of(store)?)))
        .await?;
    work.granted = granted;
    let everything = work.options.full || work.options.reconcile;
    let now = work.clock.now();
    let (still, over): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|refusal| !everything && stands(refusal, &work.granted.scopes, now));
    let still = still.into_iter().map(|of| (of.what, of.reason));
    work.refusals.known().refused.extend(still);
    let (mut types, mut others) = (Vec::new(), Vec::new());
    for refusal in over {
        match refusal.what.parse() {
            Ok(object) => types.push(object),
            // Where this is refused again, it is one call.
            Err(_) => others.push(refusal.what),
        }
    }
    forget(work, others).await?;
    Ok(types)
}

/// Whether a refusal is still taken for granted. One from the future comes from a clock that was wrong.
fn stands(refusal: &Refusal, scopes: &BTreeSet<String>, now: Moment) -> bool {
    let age = now.since(refusal.at);
    refusal.scopes == *scopes && !age.is_negative() && age < ASKED_EVERY
}

/// Asks for one record of each of these types, as far as they are wanted, and takes note of what is
/// refused still and of what is not.
pub(crate) async fn ask_again(work: &Work<'_>, types: Vec<ObjectType>) -> Result<(), SyncError> {
    for object in types {
        if work.object(&object).is_none() {
            continue;
        }
        match refused(work, &Stream::Records(object.clone()), &object).await? {
            Some(reason) => remember(work, object.as_str(), reason).await?,
            None => forget(work, vec![object.as_str().to_owned()]).await?,
        }
    }
    Ok(())
}

/// Takes note that a stream was refused. Whether its type is refused as a whole is found out by one more
/// call, once a run.
pub(crate) async fn note(
    work: &Work<'_>,
    stream: &Stream,
    reason: &'static str,
) -> Result<(), SyncError> {
    if let Some(object) = stream.object() {
        if work.refusals.reason(object.as_str()).is_some() {
            return Ok(());
        }
        let is_listed = work.refusals.known().listed.contains(object);
        if !is_listed {
            if let Some(reason) = refused(work, stream, object).await? {
                return remember(work, object.as_str(), reason).await;
            }
            work.refusals.known().listed.insert(object.clone());
        }
    }
    match stream {
        Stream::Owners
        | Stream::Pipelines(_)
        | Stream::Properties(_)
        | Stream::Labels { .. }
        | Stream::AroundDeals(_)
        | Stream::Associations { .. } => remember(work, &stream.to_string(), reason).await,
        // Records that are refused where one may be listed are refused for a moment only.
        Stream::Account
        | Stream::Backfill(_)
        | Stream::Records(_)
        | Stream::Changes(_)
        | Stream::Gone(_) => Ok(()),
    }
}

/// Why not even one record of a type may be listed; `None` where it may.
async fn refused(
    work: &Work<'_>,
    stream: &Stream,
    object: &ObjectType,
) -> Result<Option<&'static str>, SyncError> {
    let query = ListQuery {
        limit: Some(1),
        ..ListQuery::default()
    };
    match work.ask(stream, work.client.list(object, &query)).await {
        Ok(_) => Ok(None),
        Err(error) => match unavailable_because(&error) {
            Some(reason) => Ok(Some(reason)),
            None => Err(error),
        },
    }
}

/// Remembers a refusal, in this run and for the next ones.
pub(crate) async fn remember(
    work: &Work<'_>,
    what: &str,
    reason: &'static str,
) -> Result<(), SyncError> {
    let refusal = Refusal {
        what: what.to_owned(),
        reason: reason.to_owned(),
        at: work.clock.now(),
        scopes: work.granted.scopes.clone(),
    };
    work.refusals.refuse(what, reason);
    work.in_store(move |store| store.write(|tx| store::save_refusal(tx, &refusal)))
        .await
}

async fn forget(work: &Work<'_>, all: Vec<String>) -> Result<(), SyncError> {
    if all.is_empty() {
        return Ok(());
    }
    work.in_store(move |store| {
        store.write(|tx| {
            all.iter()
                .try_for_each(|what| store::forget_refusal(tx, what))
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_stands_for_a_day_and_for_its_scopes() {
        let scopes = |names: &[&str]| -> BTreeSet<String> {
            names.iter().map(|name| (*name).to_owned()).collect()
        };
        let refusal = Refusal {
            what: "leads".to_owned(),
            reason: "forbidden".to_owned(),
            at: Moment::from_millis(0),
            scopes: scopes(&["a", "b"]),
        };
        let day = 24 * 3_600_000;
        for (names, at, holds) in [
            (&["a", "b"][..], 0, true),
            (&["b", "a"], day - 1, true),
            (&["a", "b"], day, false),
            (&["a", "b"], -1, false),
            (&["a", "b", "c"], 1, false),
            (&["a"], 1, false),
        ] {
            let found = stands(&refusal, &scopes(names), Moment::from_millis(at));
            assert_eq!(found, holds, "{names:?} at {at}");
        }
    }
}

//! What counts cannot show: how records belong together, and what their properties said when. A
//! sample of records is read again; where it shows a difference, all of them are.

use std::collections::{BTreeMap, BTreeSet};

use crm::{ObjectType, RecordId};
use hubspot::{ReadQuery, limits};
use store::{AssociationRow, IdsOf, RecordRow, SampleReconciliation};

use super::difference::count;
use super::repair;
use crate::convert;
use crate::error::SyncError;
use crate::plan::Stream;
use crate::refusals;
use crate::streams;
use crate::work::{Work, unavailable_because};

/// Records of a pair of types whose associations are read again: one call.
const BELONGING: usize = 200;

/// How many of them are those with the most associations: whoever reads the first page of a list
/// alone loses theirs first. The others are drawn.
const LONGEST: usize = 50;

/// Records of a type whose versions are read again: two calls.
const HISTORIES: usize = 100;

/// Reads a sample of every pair and every history again.
pub(super) async fn all(
    work: &Work<'_>,
    seed: u64,
) -> Result<Vec<SampleReconciliation>, SyncError> {
    let mut samples = Vec::new();
    for plan in &work.options.objects {
        if work.refusals.reason(plan.object.as_str()).is_some() {
            continue;
        }
        for to in &plan.associations {
            samples.extend(pair(work, &plan.object, to, seed).await?);
        }
        if !plan.history.is_empty() {
            samples.extend(histories(work, &plan.object, &plan.history, seed).await?);
        }
    }
    Ok(samples)
}

/// A pair's sample; `None` where HubSpot does not tell.
async fn pair(
    work: &Work<'_>,
    from: &ObjectType,
    to: &ObjectType,
    seed: u64,
) -> Result<Option<SampleReconciliation>, SyncError> {
    let stream = Stream::Associations {
        from: from.clone(),
        to: to.clone(),
    };
    if work.refusals.of(&stream).is_some() {
        return Ok(None);
    }
    let (of, with) = (from.clone(), to.clone());
    let longest = work.in_store(move |store| {
        store.read(|connection| store::most_associated(connection, &of, &with, LONGEST))
    });
    let mut chosen: BTreeSet<RecordId> = longest.await?.into_iter().collect();
    let drawn = BELONGING - chosen.len().min(BELONGING);
    chosen.extend(draw(work, from, drawn, seed).await?);
    let mut sample = blank(work, from, Some(to), chosen.len());
    let first = compare_pair(work, from, to, chosen.into_iter().collect(), &mut sample).await;
    match first {
        Ok(()) => {}
        Err(error) => {
            let Some(reason) = unavailable_because(&error) else {
                return Err(error);
            };
            refusals::note(work, &stream, reason).await?;
            return Ok(None);
        }
    }
    if sample.missing + sample.surplus > 0 {
        let mut last = None;
        loop {
            let ids = live(work, from, last, limits::ASSOCIATION_INPUTS).await?;
            let Some(next) = ids.last() else { break };
            last = Some(*next);
            compare_pair(work, from, to, ids, &mut sample).await?;
        }
    }
    Ok(Some(sample))
}

async fn compare_pair(
    work: &Work<'_>,
    from: &ObjectType,
    to: &ObjectType,
    ids: Vec<RecordId>,
    sample: &mut SampleReconciliation,
) -> Result<(), SyncError> {
    if ids.is_empty() {
        return Ok(());
    }
    let stream = Stream::Associations {
        from: from.clone(),
        to: to.clone(),
    };
    let (asked, found) = streams::associations_of(work, &stream, from, to, ids).await?;
    let (of, with, about) = (from.clone(), to.clone(), asked.clone());
    let held = work.in_store(move |store| {
        store.read(|connection| {
            let mut held = BTreeSet::new();
            for id in about {
                let rows = store::associations_of(connection, &of, id, &with)?;
                held.extend(rows.iter().map(key));
            }
            Ok(held)
        })
    });
    let held = held.await?;
    let theirs: BTreeSet<Key> = found.iter().map(key).collect();
    let missing = theirs.difference(&held);
    let surplus = held.difference(&theirs);
    let differ: BTreeSet<RecordId> = missing
        .clone()
        .chain(surplus.clone())
        .map(|key| key.0)
        .collect();
    let (missing, surplus) = (count(missing.count()), count(surplus.count()));
    sample.compared += count(asked.len());
    sample.missing += missing;
    sample.surplus += surplus;
    if differ.is_empty() {
        return Ok(());
    }
    let found = found.into_iter().filter(|row| differ.contains(&row.from));
    let found = found.collect();
    let differ = differ.into_iter().collect();
    repair::associations(work, from, to, differ, found).await?;
    sample.repaired += missing + surplus;
    Ok(())
}

/// What makes one association another than another.
type Key = (RecordId, RecordId, i64, String);

fn key(row: &AssociationRow) -> Key {
    (row.from, row.to, row.type_id, row.category.clone())
}

/// A type's sample of versions; `None` where HubSpot does not tell.
async fn histories(
    work: &Work<'_>,
    object: &ObjectType,
    properties: &[String],
    seed: u64,
) -> Result<Option<SampleReconciliation>, SyncError> {
    let chosen = draw(work, object, HISTORIES, seed).await?;
    let mut sample = blank(work, object, None, chosen.len());
    for ids in chosen.chunks(limits::PAGE_WITH_HISTORY) {
        match compare_histories(work, object, properties, ids, &mut sample).await {
            Err(error) if unavailable_because(&error).is_some() => return Ok(None),
            compared => compared?,
        }
    }
    if sample.missing > 0 {
        let mut last = None;
        loop {
            let ids = live(work, object, last, limits::PAGE_WITH_HISTORY).await?;
            let Some(next) = ids.last() else { break };
            last = Some(*next);
            compare_histories(work, object, properties, &ids, &mut sample).await?;
        }
    }
    Ok(Some(sample))
}

async fn compare_histories(
    work: &Work<'_>,
    object: &ObjectType,
    properties: &[String],
    ids: &[RecordId],
    sample: &mut SampleReconciliation,
) -> Result<(), SyncError> {
    let query = ReadQuery {
        history: properties.to_vec(),
        ..ReadQuery::default()
    };
    let read = work.client.batch_read(object, ids, &query);
    let read = work.ask(super::counts::stream(object), read).await?;
    // A record that came back under another id is a merge, which the ids' own comparison finds.
    let asked: BTreeSet<RecordId> = ids.iter().copied().collect();
    let found = read
        .found
        .into_iter()
        .filter(|found| asked.contains(&found.id));
    let rows: Vec<RecordRow> = found.map(convert::record).collect();
    let (of, about) = (object.clone(), rows.clone());
    let lacking = work.in_store(move |store| {
        store.read(|connection| {
            let mut lacking = BTreeMap::new();
            for row in &about {
                let mut missing = 0;
                for (property, versions) in &row.histories {
                    let held = store::version_keys(connection, &of, property, row.id)?;
                    let theirs = versions.iter().map(|version| {
                        let text = version.value.text().unwrap_or_default();
                        (version.at.millis(), text.to_owned())
                    });
                    let theirs: BTreeSet<_> = theirs.collect();
                    missing += theirs.difference(&held).count();
                }
                if missing > 0 {
                    lacking.insert(row.id, count(missing));
                }
            }
            Ok(lacking)
        })
    });
    let lacking = lacking.await?;
    let missing: u64 = lacking.values().sum();
    sample.compared += count(rows.len());
    sample.missing += missing;
    if !lacking.is_empty() {
        let ids: Vec<RecordId> = lacking.into_keys().collect();
        repair::reread(work, object, &ids).await?;
        sample.repaired += missing;
    }
    Ok(())
}

fn blank(
    work: &Work<'_>,
    object: &ObjectType,
    to: Option<&ObjectType>,
    sampled: usize,
) -> SampleReconciliation {
    SampleReconciliation {
        object: object.clone(),
        to: to.cloned(),
        sampled: count(sampled),
        compared: 0,
        missing: 0,
        surplus: 0,
        repaired: 0,
        checked_at: work.clock.now(),
    }
}

async fn live(
    work: &Work<'_>,
    object: &ObjectType,
    after: Option<RecordId>,
    limit: usize,
) -> Result<Vec<RecordId>, SyncError> {
    let of = object.clone();
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    let ids = work.in_store(move |store| {
        store.read(|connection| store::ids_of(connection, &of, IdsOf::Live, after, limit))
    });
    ids.await
}

/// Draws live records: points spread over the range of ids by the seed, and the first record from
/// each on. Small types are drawn whole.
async fn draw(
    work: &Work<'_>,
    object: &ObjectType,
    wanted: usize,
    seed: u64,
) -> Result<Vec<RecordId>, SyncError> {
    let first = live(work, object, None, wanted + 1).await?;
    if first.len() <= wanted {
        return Ok(first);
    }
    let of = object.clone();
    let drawn = work.in_store(move |store| {
        store.read(|connection| {
            let lowest = first.first().map_or(0, |id| id.get());
            let highest = store::last_live(connection, &of)?.map_or(lowest, RecordId::get);
            let mut drawn = BTreeSet::new();
            for point in points(seed, lowest, highest).take(wanted) {
                drawn.extend(store::next_live(connection, &of, point)?);
            }
            Ok(drawn.into_iter().collect())
        })
    });
    drawn.await
}

/// Numbers from a range, the same for the same seed (SplitMix64, Steele, Lea and Flood 2014).
fn points(seed: u64, lowest: u64, highest: u64) -> impl Iterator<Item = u64> {
    let width = highest.saturating_sub(lowest).saturating_add(1);
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        lowest + (z ^ (z >> 31)) % width
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_lie_in_the_range_and_come_again_with_the_seed() {
        let drawn = |seed| points(seed, 500, 1_499).take(200).collect::<Vec<_>>();
        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
        assert!(drawn(7).iter().all(|point| (500..1_500).contains(point)));
        let halves = drawn(7).iter().filter(|point| **point < 1_000).count();
        assert!((60..140).contains(&halves), "{halves}");
    }
}

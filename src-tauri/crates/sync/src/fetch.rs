//! Records by id, whole, from HubSpot's primary store; and what became of those that are not there.

use std::collections::{BTreeMap, BTreeSet};

use crm::{ObjectType, RecordId};
use hubspot::{BatchRead, Kind, ReadQuery, Record};

use crate::convert;
use crate::error::SyncError;
use crate::landing::{Changed, Fate};
use crate::plan::Stream;
use crate::wanted::Wanted;
use crate::work::Work;

/// Records of a type that may be erased between two looks. Privacy deletions come one by one; where
/// more than these vanish together, the token has more likely lost the right to see them.
const MOST_ERASED: u64 = 20;

/// What is concluded about ids that HubSpot has nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vanished {
    /// They were erased, once each was asked about by itself.
    Erased,
    /// Nothing: HubSpot answers for what a token may not see as it does for what is not there. They
    /// stay as they are known, until [`store::KEPT_UNSEEN`] is over.
    OutOfSight,
}

impl Vanished {
    /// By how many records of a type are here, and how many HubSpot counts. E-mails that are deleted
    /// are gone at once, so of them nothing can be told by the number.
    pub(crate) fn by_counts(object: &ObjectType, ours: u64, theirs: u64) -> Self {
        if *object != ObjectType::EMAILS && ours.saturating_sub(theirs) > MOST_ERASED {
            Self::OutOfSight
        } else {
            Self::Erased
        }
    }
}

/// Reads records whole. About ids that HubSpot answers under another id, or not at all, it is found
/// out why; ids about which it says nothing are left as they are.
pub(crate) async fn records(
    work: &Work<'_>,
    stream: &Stream,
    object: &ObjectType,
    wanted: &Wanted,
    ids: &[RecordId],
) -> Result<Changed, SyncError> {
    records_or_vanished(work, stream, object, wanted, ids, Vanished::Erased).await
}

/// The same, where many may have vanished together.
pub(crate) async fn records_or_vanished(
    work: &Work<'_>,
    stream: &Stream,
    object: &ObjectType,
    wanted: &Wanted,
    ids: &[RecordId],
    vanished: Vanished,
) -> Result<Changed, SyncError> {
    let mut changed = Changed {
        last_run: work.granted.last_run,
        ..Changed::default()
    };
    let query = wanted.in_a_batch();
    for ids in ids.chunks(wanted.page_size(work.options.page_size)) {
        let read = work.client.batch_read(object, ids, &query);
        let read = work.ask(stream, read).await?;
        let absent = absent(ids, &read);
        changed.fates.extend(merged(object, &absent, &read.found));
        let open: Vec<RecordId> = read
            .missing
            .iter()
            .filter(|id| !changed.fates.iter().any(|(fated, _)| fated == *id))
            .copied()
            .collect();
        let rows = read.found.into_iter().map(convert::record);
        changed.found.extend(rows);
        let (fates, unseen) = fates(work, stream, object, &open, vanished).await?;
        changed.fates.extend(fates);
        changed.unseen.extend(unseen);
    }
    Ok(changed)
}

/// The ids that were asked for and not answered under themselves.
fn absent(asked: &[RecordId], read: &BatchRead) -> BTreeSet<RecordId> {
    let found: BTreeSet<RecordId> = read.found.iter().map(|record| record.id).collect();
    let asked = asked.iter().copied();
    asked.filter(|id| !found.contains(id)).collect()
}

/// Which of the absent ids the answer's records say were merged into them.
fn merged(
    object: &ObjectType,
    absent: &BTreeSet<RecordId>,
    found: &[Record],
) -> BTreeMap<RecordId, Fate> {
    let merges = found.iter().flat_map(|record| {
        let losers = store::merged_into(object, &record.properties);
        losers.into_keys().map(|loser| (loser, record.id))
    });
    merges
        .filter(|(loser, _)| absent.contains(loser))
        .map(|(loser, survivor)| (loser, Fate::Merged(survivor)))
        .collect()
}

/// What became of ids that HubSpot says it does not have live: it is asked for them in the recycle
/// bin. What the answer does not mention stays as it is known. The ids in the second list are out of
/// sight, and stay for a while.
async fn fates(
    work: &Work<'_>,
    stream: &Stream,
    object: &ObjectType,
    ids: &[RecordId],
    vanished: Vanished,
) -> Result<(Vec<(RecordId, Fate)>, Vec<RecordId>), SyncError> {
    if ids.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let query = ReadQuery {
        archived: true,
        properties: store::MERGE_TRACES.map(str::to_owned).to_vec(),
        ..ReadQuery::default()
    };
    let read = work.client.batch_read(object, ids, &query);
    let read = work.ask(stream, read).await?;
    // A record may have been merged into one that was archived after that. Where the survivor does
    // not say so, the id alone is asked about: who answers then is the survivor.
    let absent = absent(ids, &read);
    let mut merges = merged(object, &absent, &read.found);
    for id in &read.unmentioned {
        if !merges.contains_key(id) {
            let one = [*id];
            let alone = work.client.batch_read(object, &one, &query);
            let alone = work.ask(stream, alone).await?;
            let survivor = alone.found.first().map(|record| record.id);
            merges.extend(survivor.map(|survivor| (*id, Fate::Merged(survivor))));
        }
    }
    let archived = read
        .found
        .iter()
        .map(|record| (record.id, Fate::Archived(record.archived_at)));
    let mut fates: Vec<_> = archived.chain(merges).collect();
    let of = object.clone();
    let missing = read.missing;
    let survivors = work.in_store(move |store| {
        store.read(|connection| {
            let resolve = |id: &RecordId| {
                let survivor = store::resolve(connection, &of, *id)?;
                Ok((*id, survivor, store::unseen(connection, &of, *id)?))
            };
            missing.iter().map(resolve).collect::<Result<Vec<_>, _>>()
        })
    });
    let mut unseen = Vec::new();
    for (id, survivor, since) in survivors.await? {
        let is_kept = match &since {
            Some(since) => work.granted.keeps(since, work.clock.now()),
            None => vanished == Vanished::OutOfSight || work.granted.has_lost,
        };
        let fate = if survivor != id {
            Some(Fate::Merged(survivor))
        } else if is_kept {
            unseen.push(id);
            None
        } else if since.is_some() {
            // Absent for a month, and just now from both stores. To ask for each by itself again would
            // be two errors a record, and these are many.
            Some(Fate::Nowhere)
        } else {
            by_itself(work, stream, object, id).await?
        };
        fates.extend(fate.map(|fate| (id, fate)));
    }
    Ok((fates, unseen))
}

/// Asks for one record by its id, before it is taken for gone: there HubSpot follows merges also
/// where the survivor's properties do not tell of them, and a survivor that was archived after that
/// is found in the recycle bin alone. `None` where it is live after all.
async fn by_itself(
    work: &Work<'_>,
    stream: &Stream,
    object: &ObjectType,
    id: RecordId,
) -> Result<Option<Fate>, SyncError> {
    for archived in [false, true] {
        let query = ReadQuery {
            archived,
            ..ReadQuery::default()
        };
        let asked = work.client.get(object, id, &query);
        match work.ask(stream, asked).await {
            Ok(resolved) => {
                let binned = archived.then_some(Fate::Archived(resolved.record.archived_at));
                return Ok(resolved.merged_into().map(Fate::Merged).or(binned));
            }
            Err(SyncError::HubSpot { error, .. }) if matches!(error.kind(), Kind::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Some(Fate::Nowhere))
}

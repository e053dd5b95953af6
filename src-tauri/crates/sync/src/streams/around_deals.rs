//! What belongs to open deals and is told by the other side: activities, line items, tickets, leads.
//!
//! An association moves the modified date of neither record, so those of open deals are asked about
//! in every run. Where the pair is kept from the deal's side that is done with the pair; where it is
//! kept from the other's, the deals are asked which records they have, and those that came or went
//! are asked about themselves with the pair.

use std::collections::{BTreeMap, BTreeSet};

use crm::{ObjectType, RecordId};
use hubspot::limits;
use store::IdsOf;

use super::associations::of_records;
use crate::error::SyncError;
use crate::lander::Lander;
use crate::landing::Rows;
use crate::plan::Stream;
use crate::work::Work;

const DEALS: ObjectType = ObjectType::DEALS;

pub(super) async fn read(
    work: &Work<'_>,
    stream: &Stream,
    object: &ObjectType,
    after: Option<String>,
    lander: &mut Lander<'_, '_>,
) -> Result<(), SyncError> {
    // Where the pair is read whole in this pass, there is nothing to look for.
    let whole = super::associations::is_whole(work, object, &DEALS).await?;
    if whole || work.is_unavailable(object).await? || work.is_unavailable(&DEALS).await? {
        return lander.nothing(None).await;
    }
    let mut last: Option<RecordId> = after.and_then(|after| after.parse().ok());
    loop {
        let size = limits::ASSOCIATION_INPUTS;
        let (deals, more) = work.next_ids(&DEALS, IdsOf::Due, last, size).await?;
        last = deals.last().copied();
        let (asked, found) = of_records(work, stream, &DEALS, object, deals).await?;
        let mut theirs: BTreeMap<RecordId, BTreeSet<RecordId>> = asked
            .into_iter()
            .map(|deal| (deal, BTreeSet::new()))
            .collect();
        for row in found {
            theirs.entry(row.from).or_default().insert(row.to);
        }
        let of = object.clone();
        let moved = work.in_store(move |store| {
            store.read(|connection| {
                let mut moved = BTreeSet::new();
                for (deal, theirs) in theirs {
                    let ours = store::associated_from(connection, &of, &DEALS, deal)?;
                    moved.extend(ours.symmetric_difference(&theirs));
                }
                Ok(moved.into_iter().collect::<Vec<_>>())
            })
        });
        let moved = moved.await?;
        let count = moved.len();
        let after = last.filter(|_| more).map(|id| id.to_string());
        lander
            .land(Rows::Due(object.clone(), moved), count, after)
            .await?;
        if !more {
            return lander.settle().await;
        }
    }
}

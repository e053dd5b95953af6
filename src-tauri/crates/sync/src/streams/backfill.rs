//! Properties that are read for the first time, or that are of another type now: a list of just
//! these, for the records that are stored. What changes from now on comes with the changes.

use crm::ObjectType;
use store::RecordValues;

use super::records::Pages;
use crate::error::SyncError;
use crate::lander::{Landed, Lander};
use crate::landing::{Changed, Milestone, Rows};
use crate::plan::Stream;
use crate::wanted::Wanted;
use crate::work::Work;

pub(super) async fn read(
    work: &Work<'_>,
    stream: &Stream,
    object: &ObjectType,
    after: Option<String>,
    lander: &mut Lander<'_, '_>,
) -> Result<(), SyncError> {
    let (Some(plan), Some(mut cursor)) = (work.object(object), work.change_cursor(object).await?)
    else {
        return lander.unavailable("not_asked_for").await;
    };
    let wanted = Wanted::of(work, plan).await?;
    let beyond = wanted.beyond(&cursor.properties_read);
    let is_as_before = cursor.properties_read == wanted.as_read();
    cursor.properties_read = wanted.as_read();
    let milestone = Milestone::Changes(cursor);
    if beyond.is_empty() {
        // A property that is gone and comes back later is then a new one.
        return lander.nothing((!is_as_before).then_some(milestone)).await;
    }
    let mut pages = Pages::after(after);
    loop {
        let records = pages.next(work, stream, object, &beyond).await?;
        let values: Vec<_> = records
            .into_iter()
            .map(|mut record| {
                // HubSpot tells the modified date unasked. Kept, it would make a record that changed
                // look like one that is known.
                let asked = |name: &str| beyond.names.iter().any(|wanted| wanted == name);
                record.properties.retain(|name, _| asked(name));
                record.properties.remove(object.modified_property());
                RecordValues {
                    id: record.id,
                    properties: record.properties,
                    histories: record.histories,
                }
            })
            .collect();
        let count = values.len();
        let changed = Changed {
            values,
            ..Changed::default()
        };
        let after = pages.after.clone();
        let is_last = after.is_none();
        let landed = Landed {
            milestone: Some(milestone.clone()).filter(|_| is_last),
            ..Landed::of(Rows::Changes(object.clone(), changed), count, after)
        };
        lander.land_all(landed).await?;
        if is_last {
            return lander.settle().await;
        }
    }
}

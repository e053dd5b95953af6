//! Cases that failed once, as short as they were found.

use super::{Step, run};
use crate::deeds::Deed;
use crate::portal::{End, Reading};

const SYNC: Step = Step::Sync {
    reading: Reading::Changes,
    end: End::Reached,
    meanwhile: None,
};

async fn check(steps: &[Step]) {
    if let Err(why) = run(steps).await {
        panic!("{why}");
    }
}

#[tokio::test]
async fn a_contact_that_is_edited() {
    let edit = Deed::Edit {
        kind: 1,
        record: 0,
        field: 0,
        value: 0,
    };
    check(&[SYNC, Step::Do(edit), SYNC]).await;
}

/// The first reading of a new property took the modified date over, and the change was lost.
#[tokio::test]
async fn a_record_that_changed_while_a_property_was_added() {
    let add = Deed::AddProperty {
        kind: 0,
        property: 0,
    };
    let edit = Deed::Edit {
        kind: 0,
        record: 0,
        field: 0,
        value: 0,
    };
    check(&[SYNC, Step::Do(add), Step::Do(edit)]).await;
}

/// A record that was read between two edits of one millisecond was taken for known.
#[tokio::test]
async fn a_record_that_changed_again_within_the_millisecond() {
    let edit = |value| {
        Step::Do(Deed::Edit {
            kind: 0,
            record: 0,
            field: 0,
            value,
        })
    };
    check(&[edit(0), SYNC, edit(1)]).await;
}

/// What a record said that was merged into a forgotten one stayed.
#[tokio::test]
async fn a_contact_that_is_forgotten_under_its_new_id() {
    let merge = Deed::Merge {
        kind: 1,
        record: 0,
        other: 1,
        keeps_id: true,
    };
    let forget = Deed::Forget { record: 0 };
    check(&[SYNC, Step::Do(merge), SYNC, Step::Do(forget)]).await;
}

/// A contact in the recycle bin was never asked about again.
#[tokio::test]
async fn a_contact_that_is_forgotten_in_the_recycle_bin() {
    let archive = Deed::Archive { kind: 1, record: 0 };
    let forget = Deed::Forget { record: 0 };
    check(&[SYNC, Step::Do(archive), SYNC, Step::Do(forget)]).await;
}

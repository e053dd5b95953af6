//! What people do to the portal between two syncs.

use hubspot_sim::{Change, Sim};

use crate::child;

/// Edits, archives, purges and merges records of several types; tells how many changes it made.
pub(crate) fn make(sim: &Sim) -> usize {
    let (deals, contacts, notes) = (sim.ids("deals"), sim.ids("contacts"), sim.ids("notes"));
    let set = |object_type: &str, id: &String, property: &str| Change::SetProperty {
        object_type: object_type.to_owned(),
        id: id.clone(),
        property: property.to_owned(),
        value: "4711".to_owned(),
        quiet: false,
    };
    let archive = |object_type: &str, id: &String| Change::Archive {
        object_type: object_type.to_owned(),
        id: id.clone(),
    };
    let mut changes: Vec<Change> = Vec::new();
    changes.extend(deals.iter().take(25).map(|id| set("deals", id, "amount")));
    let named = contacts.iter().take(30);
    changes.extend(named.map(|id| set("contacts", id, "jobtitle")));
    changes.extend(deals.iter().rev().take(4).map(|id| archive("deals", id)));
    changes.extend(notes.iter().take(12).map(|id| archive("notes", id)));
    changes.extend(notes.iter().rev().take(6).map(|id| Change::Purge {
        object_type: "notes".to_owned(),
        id: id.clone(),
    }));
    let pairs = contacts.rchunks(2).take(3);
    changes.extend(pairs.map(|pair| Change::Merge {
        object_type: "contacts".to_owned(),
        id: pair[0].clone(),
        other: pair[1].clone(),
        keeps_id: false,
    }));
    for change in &changes {
        sim.change(change).unwrap();
    }
    // To the quarter of an hour at which the next run begins.
    sim.advance(child::LATER.as_secs_f64() / 86_400.0);
    changes.len()
}

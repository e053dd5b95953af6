//! Which streams a generation has, in which order, and what is left of them. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crm::ObjectType;
use store::Cursor;

use crate::options::ObjectPlan;

/// A part of a portal that is read from its beginning to its end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stream {
    /// What the account says about itself.
    Account,
    /// The owners, active and gone.
    Owners,
    /// A type's pipelines and stages.
    Pipelines(ObjectType),
    /// A type's property definitions.
    Properties(ObjectType),
    /// The kinds of association that the portal knows between two types, its labels among them.
    Labels {
        /// The side the associations are read from.
        from: ObjectType,
        /// The side they lead to.
        to: ObjectType,
    },
    /// Properties of a type that are read for the first time, of records that are stored already.
    Backfill(ObjectType),
    /// A type's records, all of them.
    Records(ObjectType),
    /// A type's records that changed.
    Changes(ObjectType),
    /// What became of a type's records that are no longer there.
    Gone(ObjectType),
    /// Which of a type's records came to open deals, or left them.
    AroundDeals(ObjectType),
    /// The associations of a type's records to records of another type.
    Associations {
        /// The side the associations are read from.
        from: ObjectType,
        /// The side they lead to.
        to: ObjectType,
    },
}

impl fmt::Display for Stream {
    /// The stream's name, as the cursors are stored under.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account => f.write_str("account"),
            Self::Owners => f.write_str("owners"),
            Self::Pipelines(object) => write!(f, "pipelines/{object}"),
            Self::Properties(object) => write!(f, "properties/{object}"),
            Self::Labels { from, to } => write!(f, "labels/{from}/{to}"),
            Self::AroundDeals(object) => write!(f, "around_deals/{object}"),
            Self::Backfill(object) => write!(f, "backfill/{object}"),
            Self::Records(object) => write!(f, "records/{object}"),
            Self::Changes(object) => write!(f, "changes/{object}"),
            Self::Gone(object) => write!(f, "gone/{object}"),
            Self::Associations { from, to } => write!(f, "associations/{from}/{to}"),
        }
    }
}

impl Stream {
    /// The type whose records the stream is about, or is read from.
    pub(crate) fn object(&self) -> Option<&ObjectType> {
        match self {
            Self::Account | Self::Owners => None,
            Self::Pipelines(object)
            | Self::Properties(object)
            | Self::Backfill(object)
            | Self::Records(object)
            | Self::Changes(object)
            | Self::Gone(object)
            | Self::AroundDeals(object)
            | Self::Labels { from: object, .. }
            | Self::Associations { from: object, .. } => Some(object),
        }
    }
}

/// Where a stream stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It has something left to read: everything, or what follows a cursor.
    Open {
        /// What asks for the next page; `None` at the start.
        after: Option<String>,
        /// Rows read so far.
        rows: u64,
    },
    /// All of it was read.
    Done {
        /// Rows read.
        rows: u64,
    },
    /// It cannot be read.
    Unavailable {
        /// A stable word for the reason.
        reason: String,
    },
}

/// A stream and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The stream.
    pub stream: Stream,
    /// Where it stands.
    pub standing: Standing,
}

impl Step {
    /// Whether something is left to read.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.standing, Standing::Open { .. })
    }
}

/// The work of a generation. Streams of one phase do not wait for each other; a phase begins when
/// the one before it is through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The phases: what the portal defines, then its records, then what became of those that are
    /// gone, then what came to deals or left them, then how they all belong together.
    pub phases: Vec<Vec<Step>>,
}

impl Plan {
    /// All steps, in order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.phases.iter().flatten()
    }

    /// The streams' names, and whether each is through.
    pub(crate) fn standings(&self) -> impl Iterator<Item = (String, bool)> {
        self.steps()
            .map(|step| (step.stream.to_string(), !step.is_open()))
    }
}

/// Which records a pass reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// All of them.
    Everything,
    /// Those that changed, of the types that were read whole once; all of the others.
    Changes(BTreeSet<ObjectType>),
}

/// Lays out the work: what was asked for, and where the cursors of this generation stand. Cursors
/// of streams that are no longer asked for are ignored.
#[must_use]
pub fn plan(objects: &[ObjectPlan], reach: &Reach, cursors: &[Cursor]) -> Plan {
    let cursors: BTreeMap<&str, &Cursor> = cursors
        .iter()
        .map(|cursor| (cursor.stream.as_str(), cursor))
        .collect();
    let step = |stream: Stream| {
        let standing = standing(cursors.get(stream.to_string().as_str()).copied());
        Step { stream, standing }
    };
    // A type that this very pass has begun to read whole is gone on with so.
    let by_changes = |object: &ObjectType| match reach {
        Reach::Everything => false,
        Reach::Changes(known) => {
            let whole = Stream::Records(object.clone()).to_string();
            known.contains(object) && !cursors.contains_key(whole.as_str())
        }
    };
    let definitions = [Stream::Account, Stream::Owners].into_iter();
    let properties = objects.iter().map(|plan| &plan.object);
    let properties = properties.cloned().map(Stream::Properties);
    let pipelines = objects.iter().filter(|plan| plan.pipelines);
    let pipelines = pipelines.map(|plan| Stream::Pipelines(plan.object.clone()));
    let labels = objects.iter().filter(|plan| plan.has_labels());
    let labels = labels.flat_map(|plan| {
        plan.associations.iter().map(|to| Stream::Labels {
            from: plan.object.clone(),
            to: to.clone(),
        })
    });
    let around = objects.iter().filter(|plan| {
        plan.object != ObjectType::DEALS && plan.associations.contains(&ObjectType::DEALS)
    });
    let around = around.map(|plan| Stream::AroundDeals(plan.object.clone()));
    let types = || objects.iter().map(|plan| plan.object.clone());
    let backfills = types().filter(by_changes).map(Stream::Backfill);
    let records = types().map(|object| {
        if by_changes(&object) {
            Stream::Changes(object)
        } else {
            Stream::Records(object)
        }
    });
    let gone = types().map(Stream::Gone);
    let associations = objects.iter().flat_map(|plan| {
        plan.associations.iter().map(|to| Stream::Associations {
            from: plan.object.clone(),
            to: to.clone(),
        })
    });
    let phases = vec![
        definitions.chain(properties).map(step).collect(),
        // After one stream of each type: a type that is refused is not asked for more.
        pipelines.chain(labels).map(step).collect(),
        backfills.map(step).collect(),
        records.map(step).collect(),
        gone.map(step).collect(),
        around.map(step).collect(),
        associations.map(step).collect(),
    ];
    Plan { phases }
}

fn standing(cursor: Option<&Cursor>) -> Standing {
    let Some(cursor) = cursor else {
        return Standing::Open {
            after: None,
            rows: 0,
        };
    };
    match (&cursor.unavailable, cursor.done) {
        (Some(reason), _) => Standing::Unavailable {
            reason: reason.clone(),
        },
        (None, true) => Standing::Done {
            rows: cursor.rows_seen,
        },
        (None, false) => Standing::Open {
            after: cursor.after.clone(),
            rows: cursor.rows_seen,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SyncOptions;
    use proptest::prelude::*;

    fn cursor(stream: &str, after: Option<&str>, done: bool) -> Cursor {
        Cursor {
            stream: stream.to_owned(),
            generation: 1,
            after: after.map(str::to_owned),
            done,
            unavailable: None,
            rows_seen: 7,
            unproven: None,
        }
    }

    fn of<'p>(plan: &'p Plan, name: &str) -> &'p Standing {
        let found = plan.steps().find(|step| step.stream.to_string() == name);
        &found.unwrap().standing
    }

    #[test]
    fn definitions_come_before_records_and_records_before_associations() {
        let plan = plan(&SyncOptions::default().objects, &Reach::Everything, &[]);
        let [
            properties,
            definitions,
            backfills,
            records,
            gone,
            around,
            associations,
        ] = plan.phases.as_slice()
        else {
            panic!("seven phases");
        };
        assert_eq!(properties.len(), 2 + 12);
        assert_eq!(definitions.len(), 3 + 9);
        assert_eq!(around.len(), 9);
        assert_eq!(records.len(), 12);
        assert_eq!(associations.len(), 1 + 2 + 1 + (2 + 6) * 3);
        assert!(plan.steps().all(Step::is_open));
        let kinds = |steps: &[Step], wanted: fn(&Stream) -> bool| {
            assert!(steps.iter().all(|step| wanted(&step.stream)));
        };
        assert!(backfills.is_empty(), "everything is read anyway");
        kinds(records, |stream| matches!(stream, Stream::Records(_)));
        kinds(gone, |stream| matches!(stream, Stream::Gone(_)));
        kinds(associations, |stream| {
            matches!(stream, Stream::Associations { .. })
        });
    }

    #[test]
    fn what_was_read_is_not_read_again() {
        let mut forbidden = cursor("records/notes", None, true);
        forbidden.unavailable = Some("forbidden".to_owned());
        let cursors = [
            cursor("owners", None, true),
            cursor("records/deals", Some("512"), false),
            cursor("records/quotes", Some("1"), false),
            forbidden,
        ];
        let objects = SyncOptions::default().objects;
        let plan = plan(&objects, &Reach::Everything, &cursors);
        assert_eq!(of(&plan, "owners"), &Standing::Done { rows: 7 });
        let resumed = Standing::Open {
            after: Some("512".to_owned()),
            rows: 7,
        };
        assert_eq!(of(&plan, "records/deals"), &resumed);
        let reason = "forbidden".to_owned();
        assert_eq!(
            of(&plan, "records/notes"),
            &Standing::Unavailable { reason }
        );
        assert!(
            plan.steps()
                .all(|step| step.stream.to_string() != "records/quotes")
        );
    }

    #[test]
    fn a_type_that_was_never_read_whole_is_read_whole() {
        let objects = SyncOptions::default().objects;
        let known = [ObjectType::DEALS, ObjectType::NOTES].into();
        let reach = Reach::Changes(known);
        let names = |cursors: &[Cursor]| -> BTreeSet<String> {
            let plan = plan(&objects, &reach, cursors);
            plan.steps().map(|step| step.stream.to_string()).collect()
        };
        let begun = names(&[]);
        for name in [
            "changes/deals",
            "backfill/deals",
            "records/contacts",
            "gone/contacts",
        ] {
            assert!(begun.contains(name), "{name}");
        }
        assert!(!begun.contains("records/deals") && !begun.contains("changes/contacts"));
        let half_way = names(&[cursor("records/notes", Some("7"), false)]);
        assert!(half_way.contains("records/notes") && !half_way.contains("changes/notes"));
    }

    proptest! {
        /// However far a pass has come, finishing what is open finishes it, and no stream appears
        /// twice.
        #[test]
        fn finishing_what_is_open_leaves_nothing(done in proptest::collection::vec(any::<bool>(), 87)) {
            let objects = SyncOptions::default().objects;
            let all = plan(&objects, &Reach::Everything, &[]);
            let names: Vec<String> = all.steps().map(|step| step.stream.to_string()).collect();
            let unique: std::collections::BTreeSet<_> = names.iter().collect();
            prop_assert_eq!(unique.len(), names.len());
            let mut cursors: Vec<Cursor> = names
                .iter()
                .zip(&done)
                .filter(|(_, done)| **done)
                .map(|(name, _)| cursor(name, None, true))
                .collect();
            let left = plan(&objects, &Reach::Everything, &cursors);
            let open: Vec<_> = left.steps().filter(|step| step.is_open()).collect();
            prop_assert_eq!(open.len() + cursors.len(), names.len());
            cursors.extend(open.iter().map(|step| cursor(&step.stream.to_string(), None, true)));
            prop_assert!(!plan(&objects, &Reach::Everything, &cursors).steps().any(Step::is_open));
        }
    }
}

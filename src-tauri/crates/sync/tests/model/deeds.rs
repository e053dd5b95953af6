//! What people do to a portal, as numbers that mean something in whichever state it is: a deed that
//! finds nothing to do it to does nothing, so that any part of a list of deeds is one too.

use proptest::prelude::*;

/// The types that the portal here has records of.
pub(crate) const TYPES: [&str; 4] = ["deals", "contacts", "companies", "notes"];

/// The pairs whose associations are read, from the side that they are read from.
pub(crate) const PAIRS: [(&str, &str); 6] = [
    ("deals", "contacts"),
    ("deals", "companies"),
    ("contacts", "companies"),
    ("notes", "deals"),
    ("notes", "contacts"),
    ("notes", "companies"),
];

/// One thing done. Records are chosen by a number, modulo how many there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Deed {
    Create {
        kind: u8,
    },
    Edit {
        kind: u8,
        record: u8,
        field: u8,
        value: u8,
    },
    /// One record, twice within a millisecond.
    EditTwice {
        kind: u8,
        record: u8,
        field: u8,
    },
    /// Many records within a millisecond.
    Flood {
        kind: u8,
        field: u8,
        value: u8,
        percent: u8,
    },
    Touch {
        kind: u8,
        record: u8,
    },
    Archive {
        kind: u8,
        record: u8,
    },
    /// Out of the recycle bin, as it was.
    Restore {
        kind: u8,
        record: u8,
    },
    /// Out of the recycle bin, for ever: what ninety days do.
    Purge {
        kind: u8,
        record: u8,
    },
    /// A contact, live or in the recycle bin, forgotten for reasons of privacy.
    Forget {
        record: u8,
    },
    Merge {
        kind: u8,
        record: u8,
        other: u8,
        keeps_id: bool,
    },
    Associate {
        pair: u8,
        from: u8,
        to: u8,
        label: u8,
    },
    Disassociate {
        pair: u8,
        from: u8,
        to: u8,
    },
    AddLabel {
        pair: u8,
    },
    RemoveLabel {
        pair: u8,
    },
    AddProperty {
        kind: u8,
        property: u8,
    },
    ArchiveProperty {
        kind: u8,
        property: u8,
    },
    Retype {
        kind: u8,
        property: u8,
        to: u8,
    },
    AddStage,
    RemoveStage {
        stage: u8,
    },
    MoveStage {
        stage: u8,
        to: u8,
    },
    /// The world's clock goes on.
    Wait(Time),
    /// How far search is behind, in seconds.
    SearchLag {
        seconds: u8,
    },
}

/// A length of time that means something to a sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Time {
    Millisecond,
    Second,
    /// Longer than the windows overlap.
    SevenMinutes,
    /// Longer than the index takes to settle.
    SeventyMinutes,
    /// Longer than a pass is gone on with, and than ids are left uncompared.
    TwentySixHours,
}

impl Time {
    const ALL: [Self; 5] = [
        Self::Millisecond,
        Self::Second,
        Self::SevenMinutes,
        Self::SeventyMinutes,
        Self::TwentySixHours,
    ];

    pub(crate) fn millis(self) -> i64 {
        match self {
            Self::Millisecond => 1,
            Self::Second => 1_000,
            Self::SevenMinutes => 7 * 60_000,
            Self::SeventyMinutes => 70 * 60_000,
            Self::TwentySixHours => 26 * 3_600_000,
        }
    }
}

pub(crate) fn time() -> impl Strategy<Value = Time> {
    prop::sample::select(&Time::ALL[..])
}

/// Any deed; those of every day more often than the others.
pub(crate) fn deed() -> impl Strategy<Value = Deed> {
    let kind = || 0_u8..4;
    let record = || 0_u8..12;
    let field = || 0_u8..4;
    let pair = || 0_u8..6;
    let property = || 0_u8..2;
    prop_oneof![
        3 => kind().prop_map(|kind| Deed::Create { kind }),
        4 => (kind(), record(), field(), 0_u8..3)
            .prop_map(|(kind, record, field, value)| Deed::Edit { kind, record, field, value }),
        1 => (kind(), record(), field())
            .prop_map(|(kind, record, field)| Deed::EditTwice { kind, record, field }),
        1 => (kind(), field(), 0_u8..3, 10_u8..=100).prop_map(|(kind, field, value, percent)| {
            Deed::Flood { kind, field, value, percent }
        }),
        1 => (kind(), record()).prop_map(|(kind, record)| Deed::Touch { kind, record }),
        3 => (kind(), record()).prop_map(|(kind, record)| Deed::Archive { kind, record }),
        2 => (kind(), record()).prop_map(|(kind, record)| Deed::Restore { kind, record }),
        1 => (kind(), record()).prop_map(|(kind, record)| Deed::Purge { kind, record }),
        1 => record().prop_map(|record| Deed::Forget { record }),
        3 => (kind(), record(), record(), any::<bool>()).prop_map(
            |(kind, record, other, keeps_id)| Deed::Merge { kind, record, other, keeps_id }
        ),
        3 => (pair(), record(), record(), 0_u8..3)
            .prop_map(|(pair, from, to, label)| Deed::Associate { pair, from, to, label }),
        3 => (pair(), record(), record())
            .prop_map(|(pair, from, to)| Deed::Disassociate { pair, from, to }),
        1 => pair().prop_map(|pair| Deed::AddLabel { pair }),
        1 => pair().prop_map(|pair| Deed::RemoveLabel { pair }),
        1 => (kind(), property())
            .prop_map(|(kind, property)| Deed::AddProperty { kind, property }),
        1 => (kind(), property())
            .prop_map(|(kind, property)| Deed::ArchiveProperty { kind, property }),
        1 => (kind(), property(), 0_u8..2)
            .prop_map(|(kind, property, to)| Deed::Retype { kind, property, to }),
        1 => Just(Deed::AddStage),
        1 => (0_u8..9).prop_map(|stage| Deed::RemoveStage { stage }),
        1 => (0_u8..9, 0_u8..9).prop_map(|(stage, to)| Deed::MoveStage { stage, to }),
        3 => time().prop_map(Deed::Wait),
        1 => prop::sample::select(vec![0_u8, 0, 30, 240])
            .prop_map(|seconds| Deed::SearchLag { seconds }),
    ]
}

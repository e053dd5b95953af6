//! What is counted: kinds of activity, by direction.

use serde::Serialize;
use timeline::{Activity, ActivityKind, Direction};

/// A kind of activity that the report asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Calls in either direction.
    Calls,
    /// Calls that the customer made.
    CallsIn,
    /// Calls to the customer.
    CallsOut,
    /// Meetings that took place.
    Meetings,
    /// E-mails to the customer.
    EmailsSent,
    /// E-mails from the customer after one was sent.
    EmailsReplied,
    /// E-mails to the customer that HubSpot counts as opened.
    EmailsOpened,
    /// Messages by WhatsApp, LinkedIn or SMS.
    Messages,
    /// Notes.
    Notes,
    /// Tasks that were done.
    Tasks,
}

impl Measure {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 10] = [
        Self::Meetings,
        Self::Calls,
        Self::CallsIn,
        Self::CallsOut,
        Self::EmailsSent,
        Self::EmailsReplied,
        Self::EmailsOpened,
        Self::Messages,
        Self::Tasks,
        Self::Notes,
    ];

    /// What it is called on a screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Calls => "Calls",
            Self::CallsIn => "Calls received",
            Self::CallsOut => "Calls made",
            Self::Meetings => "Meetings",
            Self::EmailsSent => "E-mails sent",
            Self::EmailsReplied => "E-mails replied",
            Self::EmailsOpened => "E-mails opened",
            Self::Messages => "Messages",
            Self::Notes => "Notes",
            Self::Tasks => "Tasks done",
        }
    }

    /// What exactly is counted.
    #[must_use]
    pub fn definition(self) -> &'static str {
        match self {
            Self::Calls => "Calls in either direction, also those that nobody answered.",
            Self::CallsIn => "Calls that HubSpot says came in.",
            Self::CallsOut => "Calls that HubSpot says went out, also those that nobody answered.",
            Self::Meetings => {
                "Meetings whose time has come, but for those marked cancelled, moved or missed."
            }
            Self::EmailsSent => "E-mails on record with the deal that went out.",
            Self::EmailsReplied => {
                "E-mails on record with the deal that came in after one had gone out. HubSpot's own \
                 counter of replies tells no time and is not used."
            }
            Self::EmailsOpened => {
                "E-mails sent that HubSpot counts as opened. Programs open e-mails too, and the \
                 counter tells no time: nothing is concluded from it."
            }
            Self::Messages => "Messages by WhatsApp, LinkedIn or SMS.",
            Self::Notes => "Notes. No customer sees them.",
            Self::Tasks => "Tasks, at the time when they were done.",
        }
    }

    /// Whether anything is concluded from it: openings weigh nothing.
    #[must_use]
    pub fn is_evidence(self) -> bool {
        self != Self::EmailsOpened
    }

    /// Whether an activity counts. `sent_before`: an e-mail had gone out from the deal by then.
    pub(super) fn counts(self, activity: &Activity, sent_before: bool) -> bool {
        let is = |kind| activity.kind == kind;
        let goes = |direction| activity.direction == Some(direction);
        match self {
            Self::Calls => is(ActivityKind::Call),
            Self::CallsIn => is(ActivityKind::Call) && goes(Direction::In),
            Self::CallsOut => is(ActivityKind::Call) && goes(Direction::Out),
            Self::Meetings => is(ActivityKind::Meeting),
            Self::EmailsSent => is(ActivityKind::Email) && goes(Direction::Out),
            Self::EmailsReplied => is(ActivityKind::Email) && goes(Direction::In) && sent_before,
            Self::EmailsOpened => {
                is(ActivityKind::Email) && goes(Direction::Out) && activity.opened
            }
            Self::Messages => is(ActivityKind::Communication),
            Self::Notes => is(ActivityKind::Note),
            Self::Tasks => is(ActivityKind::Task),
        }
    }
}

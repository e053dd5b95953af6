//! What happened around a record up to a moment: counts, how long ago, and one score of both.

use crm::Moment;
use timeline::{Activity, ActivityKind, Direction};

use super::columns::Measured;

/// Days after which an activity counts half in the engagement score.
const HALF_LIFE_DAYS: f64 = 14.0;

/// The columns, in the order in which [`of`] gives them.
pub(super) const COLUMNS: [(&str, &str); 11] = [
    ("Engagement score", ENGAGEMENT),
    (
        "Activities in 7 days",
        "Activities of all kinds known in the last 7 days, but for those that a program made.",
    ),
    ("Activities in 30 days", "The same in the last 30 days."),
    ("Activities in 90 days", "The same in the last 90 days."),
    (
        "Meetings in 30 days",
        "Meetings that took place in the last 30 days.",
    ),
    ("Meetings so far", "Meetings that took place so far."),
    (
        "Calls in 30 days",
        "Calls in either direction in the last 30 days.",
    ),
    (
        "E-mails sent in 30 days",
        "E-mails to the customer in the last 30 days.",
    ),
    (
        "E-mails received in 30 days",
        "E-mails from the customer in the last 30 days.",
    ),
    (
        "Days since the last activity",
        "Days since anything was last done; nothing is known where nothing was.",
    ),
    (
        "Days since the customer's last sign",
        "Days since the last call or e-mail that came in, or meeting; nothing is known where there was none.",
    ),
];

const ENGAGEMENT: &str = "Every activity so far, by kind: a meeting counts 5, a call or e-mail that came in 3, \
a message 2, a call or e-mail that went out, a task or a note 1; each counts half after 14 days, a quarter after 28, \
and so on.";

pub(super) fn measured() -> impl Iterator<Item = Measured> {
    COLUMNS
        .into_iter()
        .map(|(name, definition)| Measured::computed(name, definition))
}

/// A record's numbers at a moment, from what was known of it then.
pub(super) fn of(known: impl Iterator<Item = Activity>, at: Moment) -> [f64; 11] {
    let mut numbers = [0.0; 11];
    let (mut last, mut last_sign) = (f64::NAN, f64::NAN);
    for activity in known {
        if activity.automatic == Some(true) {
            continue;
        }
        let days = at.since(activity.known_at).as_secs_f64() / 86_400.0;
        let came_in = activity.direction == Some(Direction::In);
        let is_meeting = activity.kind == ActivityKind::Meeting;
        let counts = [
            (0, weight(&activity) * (-days / HALF_LIFE_DAYS).exp2()),
            (1, within(days, 7.0)),
            (2, within(days, 30.0)),
            (3, within(days, 90.0)),
            (4, if is_meeting { within(days, 30.0) } else { 0.0 }),
            (5, f64::from(u8::from(is_meeting))),
            (
                6,
                if activity.kind == ActivityKind::Call {
                    within(days, 30.0)
                } else {
                    0.0
                },
            ),
        ];
        for (place, count) in counts {
            numbers[place] += count;
        }
        match (activity.kind, activity.direction) {
            (ActivityKind::Email, Some(Direction::Out)) => numbers[7] += within(days, 30.0),
            (ActivityKind::Email, Some(Direction::In)) => numbers[8] += within(days, 30.0),
            _ => {}
        }
        last = last.min(days);
        if came_in || is_meeting {
            last_sign = last_sign.min(days);
        }
    }
    [numbers[9], numbers[10]] = [last, last_sign];
    numbers
}

fn within(days: f64, window: f64) -> f64 {
    f64::from(u8::from(days < window))
}

fn weight(activity: &Activity) -> f64 {
    match (activity.kind, activity.direction) {
        (ActivityKind::Meeting, _) => 5.0,
        (ActivityKind::Call | ActivityKind::Email, Some(Direction::In)) => 3.0,
        (ActivityKind::Communication, _) => 2.0,
        (ActivityKind::Call | ActivityKind::Email | ActivityKind::Task | ActivityKind::Note, _) => {
            1.0
        }
    }
}

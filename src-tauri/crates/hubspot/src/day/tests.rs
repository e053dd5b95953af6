use super::*;
use std::sync::Mutex;

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

fn book(zone: &str) -> Book {
    let mut book = Book::new(true);
    book.learn_zone(zone, at("2026-01-01T00:00:00Z"));
    book
}

/// Whether a call may be made, by the class of the refusal.
fn may(book: &mut Book, text: &str) -> Result<Leave, Kind> {
    book.ask(at(text)).map_err(|error| error.kind())
}

/// The refusal that names a time.
fn spent(ask_again: &str) -> Result<Leave, Kind> {
    let ask_again = Some(at(ask_again));
    Err(Kind::DailyLimit { ask_again })
}

const FREELY: Result<Leave, Kind> = Ok(Leave {
    wait: Duration::ZERO,
    asks_again: false,
});

const ASKS: Result<Leave, Kind> = Ok(Leave {
    wait: Duration::ZERO,
    asks_again: true,
});

/// A budget spent in the hour before the portal's midnight is closed at `shut`, and there at `open`,
/// a second later.
#[track_caller]
fn check(zone: &str, shut: &str, open: &str) {
    let mut book = book(zone);
    let midnight = at(open);
    let late = midnight.plus(SignedDuration::from_mins(-30));
    book.called(late, true);
    assert_eq!(book.spend(late), midnight, "{zone}");
    assert_eq!(may(&mut book, shut), spent(open), "{zone}");
    assert_eq!(may(&mut book, open), FREELY, "{zone}");
    let count = book.count().unwrap();
    assert_eq!((count.calls, count.errors), (0, 0), "a new day");
}

#[test]
fn the_day_ends_at_the_portals_midnight() {
    let berlin = "Europe/Berlin";
    check(berlin, "2026-11-20T22:59:59Z", "2026-11-20T23:00:00Z");
    check(berlin, "2026-07-20T21:59:59Z", "2026-07-20T22:00:00Z");
    // The day of 23 hours, and the one of 25.
    check(berlin, "2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z");
    check(berlin, "2026-10-25T22:59:59Z", "2026-10-25T23:00:00Z");
    check(
        "America/New_York",
        "2026-11-02T04:59:59Z",
        "2026-11-02T05:00:00Z",
    );
    check(
        "America/New_York",
        "2026-03-09T03:59:59Z",
        "2026-03-09T04:00:00Z",
    );
    // Where the clocks jump at midnight itself, the day begins at one.
    check(
        "America/Santiago",
        "2026-09-06T03:59:59Z",
        "2026-09-06T04:00:00Z",
    );
    check(
        "Pacific/Kiritimati",
        "2026-11-20T09:59:59Z",
        "2026-11-20T10:00:00Z",
    );
    check("UTC", "2026-11-20T23:59:59Z", "2026-11-21T00:00:00Z");
}

/// One call an hour asks whether the budget is still spent; whatever the clock and the time zone
/// say, nobody is shut out for longer.
#[test]
fn one_call_an_hour_asks_again() {
    for mut book in [book("UTC"), Book::new(true)] {
        book.spend(at("2026-11-20T08:00:00Z"));
        let shut = spent("2026-11-20T09:00:00Z");
        assert_eq!(may(&mut book, "2026-11-20T08:00:00Z"), shut);
        assert_eq!(may(&mut book, "2026-11-20T08:59:59Z"), shut);
        assert_eq!(may(&mut book, "2026-11-20T09:00:00Z"), ASKS);
        // The others wait for its answer, which is no.
        let shut = spent("2026-11-20T10:00:00Z");
        assert_eq!(may(&mut book, "2026-11-20T09:00:00Z"), shut);
        book.spend(at("2026-11-20T09:00:01Z"));
        assert_eq!(
            may(&mut book, "2026-11-20T10:00:00Z"),
            spent("2026-11-20T10:00:01Z")
        );
        // Now it is yes.
        assert_eq!(may(&mut book, "2026-11-20T10:00:01Z"), ASKS);
        book.reopen();
        assert_eq!(may(&mut book, "2026-11-20T10:00:01Z"), FREELY);
    }
}

#[test]
fn a_person_may_have_it_asked_at_once() {
    let mut book = book("UTC");
    let now = "2026-11-20T08:00:00Z";
    book.ask_again(at(now));
    assert_eq!(may(&mut book, now), FREELY, "nothing was spent");
    book.spend(at(now));
    book.ask_again(at(now));
    assert_eq!(may(&mut book, now), ASKS);
    assert_eq!(may(&mut book, now), spent("2026-11-20T09:00:00Z"), "once");
}

#[test]
fn clocks_that_jump_neither_block_for_ever_nor_give_calls_back() {
    let mut book = book("UTC");
    book.called(at("2026-11-20T08:00:00Z"), false);
    book.spend(at("2026-11-20T08:00:00Z"));
    // An hour is waited for; what is further off was set by another clock.
    let shut = spent("2026-11-20T09:00:00Z");
    assert_eq!(may(&mut book, "2026-11-20T08:00:00Z"), shut);
    for text in [
        "2026-11-20T06:00:00Z",
        "2026-11-20T10:00:00Z",
        "2026-11-19T23:30:00Z",
        "2027-11-20T08:00:00Z",
        "2026-11-20T08:00:00Z",
    ] {
        let is_new_day = text.starts_with("2027") || text == "2026-11-20T08:00:00Z";
        let expected = if is_new_day { FREELY } else { ASKS };
        assert_eq!(may(&mut book, text), expected, "{text}");
        let calls = book.count().unwrap().calls;
        assert_eq!(calls, u64::from(!is_new_day), "{text}");
    }
}

#[test]
fn too_many_errors_stop_the_calls_until_a_time_that_is_told() {
    let now = at("2026-11-20T08:00:00Z");
    let mut watched = book("UTC");
    let mut unwatched = Book::new(false);
    for number in 0..600 {
        watched.called(now, number % 10 == 0);
        unwatched.called(now, true);
    }
    let until = at("2026-11-20T08:05:00Z");
    assert_eq!(
        may(&mut watched, "2026-11-20T08:04:59Z"),
        Err(Kind::ErrorRate { until })
    );
    assert!(
        watched.ask(until).unwrap().wait > Duration::ZERO,
        "on trial"
    );
    assert_eq!(unwatched.ask(now).unwrap(), Leave::default());
}

/// Remembers every saving.
#[derive(Default)]
struct Kept(Mutex<Vec<DayCount>>);

impl DayStore for Kept {
    fn load(&self) -> Option<DayCount> {
        self.0.lock().unwrap().last().cloned()
    }

    fn save(&self, count: &DayCount) {
        self.0.lock().unwrap().push(count.clone());
    }
}

#[test]
fn a_count_is_saved_seldom_and_goes_on_after_a_start() {
    let kept = Arc::new(Kept::default());
    let start = at("2026-11-20T08:00:00Z");
    let mut first = book("UTC");
    first.restore(kept.load(), kept.clone());
    let save = |book: &mut Book, now: Moment, end: bool| {
        if let Some((store, count)) = book.due(now, end) {
            store.save(&count);
        }
        kept.0.lock().unwrap().len()
    };
    // Ten a second for two minutes.
    let mut savings = 0;
    for tick in 0..1_200 {
        let now = start.plus(SignedDuration::from_millis(tick * 100));
        first.called(now, tick % 100 == 0);
        savings = save(&mut first, now, false);
    }
    assert!((2..=5).contains(&savings), "{savings} savings");
    let end = start.plus(SignedDuration::from_mins(2));
    first.told(end, 250_000, 248_000);
    save(&mut first, end, true);
    let mut second = book("UTC");
    second.restore(kept.load(), kept.clone());
    assert_eq!(second.count(), first.count());
    assert_eq!(second.count().unwrap().calls, 1_200);
    assert_eq!(second.count().unwrap().remaining, Some(248_000));
    // What is spent is spent for the next start as well.
    second.told(end, 250_000, 0);
    save(&mut second, end, false);
    let mut third = book("UTC");
    third.restore(kept.load(), kept.clone());
    assert_eq!(
        may(&mut third, "2026-11-20T08:02:00Z"),
        spent("2026-11-20T09:02:00Z")
    );
    // And a saved day that is over counts for nothing.
    assert_eq!(may(&mut third, "2026-11-21T00:00:00Z"), FREELY);
}

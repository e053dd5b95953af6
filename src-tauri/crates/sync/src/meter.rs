//! How far a run has come, how fast it goes, and how long it will take.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crm::Moment;

/// How far a run has come. Sent after every page.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// The stream that a page was just stored of.
    pub stream: String,
    /// Streams that are through, or cannot be read.
    pub streams_done: usize,
    /// Streams there are.
    pub streams_total: usize,
    /// Rows stored of this stream in this generation.
    pub rows: u64,
    /// Rows this stream has, where HubSpot has told.
    pub expected_rows: Option<u64>,
    /// Rows stored of all streams by this run.
    pub total_rows: u64,
    /// Requests made by this run.
    pub calls: u64,
    /// Rows a second, over this run.
    pub rows_per_second: f64,
    /// Seconds left at the pace of this run; `None` until enough is known.
    pub seconds_left: Option<f64>,
}

/// Pages a stream is taken for until its size is known.
const UNKNOWN_PAGES: f64 = 1.0;

pub(crate) struct Meter {
    started: Moment,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    streams: BTreeMap<String, StreamState>,
    streams_done: usize,
    total_rows: u64,
    pages: f64,
}

#[derive(Default, Clone)]
struct StreamState {
    expected_rows: Option<u64>,
    pages_left: f64,
    done: bool,
}

/// A page that was stored.
pub(crate) struct Stored<'s> {
    pub(crate) stream: &'s str,
    /// Rows of this stream in this generation.
    pub(crate) rows_in_stream: u64,
    /// Rows of this page.
    pub(crate) rows_in_page: u64,
    pub(crate) done: bool,
    pub(crate) calls: u64,
    pub(crate) at: Moment,
}

impl Meter {
    /// Starts the clock over the streams' names and whether each is through already.
    pub(crate) fn new(started: Moment, streams: impl Iterator<Item = (String, bool)>) -> Self {
        let meter = Self {
            started,
            state: Mutex::default(),
        };
        meter.add(streams);
        meter
    }

    /// Takes note of further streams; those that are known already stay as they are.
    pub(crate) fn add(&self, streams: impl Iterator<Item = (String, bool)>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, done) in streams {
            state.streams.entry(name).or_insert_with(|| StreamState {
                expected_rows: None,
                pages_left: if done { 0.0 } else { UNKNOWN_PAGES },
                done,
            });
        }
        state.streams_done = state.streams.values().filter(|stream| stream.done).count();
    }

    /// Takes note of how many rows a stream has, and in how many pages what is left will come.
    pub(crate) fn expect(&self, stream: &str, rows: Option<u64>, pages_left: u64) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stream) = state.streams.get_mut(stream)
            && !stream.done
        {
            stream.expected_rows = rows;
            stream.pages_left = to_f64(pages_left);
        }
    }

    /// Takes note of a stored page and says how far the run has come.
    pub(crate) fn stored(&self, page: &Stored<'_>) -> Progress {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.pages += 1.0;
        state.total_rows += page.rows_in_page;
        let mut expected_rows = None;
        let mut newly_done = false;
        if let Some(stream) = state.streams.get_mut(page.stream) {
            newly_done = page.done && !stream.done;
            stream.done |= page.done;
            // An estimate that is used up and still not done means at least one page more.
            let left = (stream.pages_left - 1.0).max(UNKNOWN_PAGES);
            stream.pages_left = if stream.done { 0.0 } else { left };
            expected_rows = stream.expected_rows;
        }
        state.streams_done += usize::from(newly_done);
        let seconds = page.at.since(self.started).as_secs_f64();
        let pages_left: f64 = state.streams.values().map(|stream| stream.pages_left).sum();
        let per_second = |count: f64| if seconds > 0.0 { count / seconds } else { 0.0 };
        Progress {
            stream: page.stream.to_owned(),
            streams_done: state.streams_done,
            streams_total: state.streams.len(),
            rows: page.rows_in_stream,
            expected_rows: expected_rows.map(|expected| expected.max(page.rows_in_stream)),
            total_rows: state.total_rows,
            calls: page.calls,
            rows_per_second: per_second(to_f64(state.total_rows)),
            // The first second is mostly connecting, and its pace says little.
            seconds_left: (seconds >= 1.0).then(|| pages_left * seconds / state.pages),
        }
    }

    /// Rows stored by this run.
    pub(crate) fn total_rows(&self) -> u64 {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.total_rows
    }
}

/// Counts here stay far below 2^52.
#[allow(clippy::cast_precision_loss, reason = "counts of rows and pages")]
fn to_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crm::Moment;

    fn at(seconds: i64) -> Moment {
        Moment::from_millis(seconds * 1_000)
    }

    fn page(stream: &str, rows: u64, done: bool, seconds: i64) -> Stored<'_> {
        Stored {
            stream,
            rows_in_stream: rows,
            rows_in_page: 100,
            done,
            calls: 1,
            at: at(seconds),
        }
    }

    #[test]
    fn time_left_is_pages_left_at_the_pace_so_far() {
        let names = ["a", "b", "c"].map(|name| (name.to_owned(), name == "c"));
        let meter = Meter::new(at(0), names.into_iter());
        meter.expect("a", Some(1_000), 10);
        meter.expect("b", None, 3);
        meter.expect("c", Some(5), 5);
        let progress = meter.stored(&page("a", 100, false, 2));
        assert_eq!((progress.streams_done, progress.streams_total), (1, 3));
        assert_eq!(progress.expected_rows, Some(1_000));
        assert_eq!(progress.rows_per_second, 50.0);
        assert_eq!(progress.seconds_left, Some(24.0));
        let progress = meter.stored(&page("b", 100, true, 4));
        assert_eq!(progress.streams_done, 2);
        assert_eq!(progress.seconds_left, Some(18.0));
        assert_eq!(meter.total_rows(), 200);
    }

    #[test]
    fn an_estimate_never_says_that_an_open_stream_is_finished() {
        let meter = Meter::new(at(0), [("a".to_owned(), false)].into_iter());
        meter.expect("a", Some(50), 1);
        for seconds in 1..4 {
            let progress = meter.stored(&page("a", 100, false, seconds));
            assert!(progress.seconds_left.unwrap() > 0.0);
            assert_eq!(progress.expected_rows, Some(100), "more than was announced");
        }
        let progress = meter.stored(&page("a", 400, true, 4));
        assert_eq!(progress.seconds_left, Some(0.0));
    }
}

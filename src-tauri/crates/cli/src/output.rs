//! What is printed: tables and sentences for people, JSON for programs, progress beside both.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use app::App;
use app::views::{Event, Phase, Progress};
use crm::Moment;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::failure::Failure;

/// Prints a line of the result.
pub(crate) fn line(text: impl AsRef<str>) -> Result<(), Failure> {
    Ok(writeln!(
        std::io::stdout().lock(),
        "{}",
        visible(text.as_ref())
    )?)
}

/// Prints the title of a part of the result, with a line above it and one below.
pub(crate) fn title(text: &str) -> Result<(), Failure> {
    line("")?;
    line(text)?;
    line("=".repeat(text.chars().count()))
}

/// A moment for people, to the minute; programs get the millisecond.
pub(crate) fn moment(at: Moment) -> String {
    at.timestamp().strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Prints a result as JSON, on one line.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string(value)
        .map_err(|_| Failure::usage("The result could not be written as JSON."))?;
    Ok(writeln!(std::io::stdout().lock(), "{text}")?)
}

/// Text from a portal with every character that a terminal would obey made visible, so that no deal's
/// name can move the cursor, colour the screen or turn the line around.
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            c if c.is_control() => '\u{fffd}',
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                '\u{fffd}'
            }
            c => c,
        })
        .collect()
}

/// Which way a column's cells lean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lean {
    Left,
    Right,
}

/// Prints a table: columns as wide as their widest cell, two spaces between them.
pub(crate) fn table(columns: &[(&str, Lean)], rows: &[Vec<String>]) -> Result<(), Failure> {
    for row in lay_out(columns, rows) {
        line(row)?;
    }
    Ok(())
}

fn lay_out(columns: &[(&str, Lean)], rows: &[Vec<String>]) -> Vec<String> {
    let cell = |text: &str| visible(text).replace(['\n', '\t'], " ");
    let head: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    let rows: Vec<Vec<String>> = std::iter::once(head)
        .chain(
            rows.iter()
                .map(|row| row.iter().map(|text| cell(text)).collect()),
        )
        .collect();
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|text| text.chars().count())
            .max()
    };
    let widths: Vec<usize> = (0..columns.len())
        .map(|column| width(column).unwrap_or(0))
        .collect();
    rows.iter()
        .map(|row| {
            let cells = row
                .iter()
                .zip(columns)
                .zip(&widths)
                .map(|((text, (_, lean)), width)| {
                    let gap = " ".repeat(width.saturating_sub(text.chars().count()));
                    match lean {
                        Lean::Left => format!("{text}{gap}"),
                        Lean::Right => format!("{gap}{text}"),
                    }
                });
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        })
        .collect()
}

/// How often a line of progress is written where no terminal redraws it.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Shows progress on standard error while work goes on: one line that is redrawn on a terminal, and
/// elsewhere a line for each phase and then one every few seconds.
pub(crate) struct ProgressLine {
    task: tokio::task::JoinHandle<()>,
    bar: Option<ProgressBar>,
}

impl ProgressLine {
    /// Follows the app's progress until dropped.
    pub(crate) fn follow(app: &App) -> Self {
        let mut events = app.events();
        let bar = bar();
        let shown = bar.clone();
        let task = tokio::spawn(async move {
            let mut told = None;
            loop {
                match events.recv().await {
                    Ok(Event::Progress { progress, .. }) => {
                        show(shown.as_ref(), &progress, &mut told);
                    }
                    Ok(Event::PortalsChanged)
                    | Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
                    Err(tokio::sync::broadcast::error::RecvError::Closed) => break,
                }
            }
        });
        Self { task, bar }
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        self.task.abort();
        // The result begins on a line of its own.
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar() -> Option<ProgressBar> {
    if !std::io::stderr().is_terminal() {
        return None;
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    Some(bar)
}

fn show(bar: Option<&ProgressBar>, progress: &Progress, told: &mut Option<(Phase, Instant)>) {
    let text = sentence(progress);
    if let Some(bar) = bar {
        bar.set_message(text);
        return;
    }
    let recent =
        |(phase, at): (Phase, Instant)| phase == progress.phase && at.elapsed() < LINE_EVERY;
    if !told.is_some_and(recent) {
        *told = Some((progress.phase, Instant::now()));
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }
}

fn sentence(progress: &Progress) -> String {
    let Progress { what, calls, .. } = progress;
    let done = match progress.phase {
        Phase::StartingDemo => return "Starting the demo portal".to_owned(),
        Phase::WaitingForConsent => return "Waiting for consent in the browser".to_owned(),
        Phase::Connecting => return "Connecting".to_owned(),
        Phase::Freezing => return format!("Working on the snapshot: {} %", progress.steps_done),
        Phase::Checking => format!(
            "Comparing {what} ({} of {})",
            progress.steps_done, progress.steps_total
        ),
        Phase::Planning => return format!("Planning {what}"),
        Phase::Writing => format!(
            "Writing {what}: {} of {}",
            progress.steps_done, progress.steps_total
        ),
        Phase::Reading => format!(
            "Reading {what} ({} of {}): {} rows, {:.0} a second",
            progress.steps_done, progress.steps_total, progress.done, progress.per_second
        ),
    };
    let left = match progress.seconds_left {
        Some(seconds) if seconds.is_finite() => format!(", about {seconds:.0} s left"),
        _ => String::new(),
    };
    let calls_word = if *calls == 1 { "call" } else { "calls" };
    format!("{done}, {calls} {calls_word}{left}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portals_text_cannot_command_the_terminal() {
        assert_eq!(
            visible("a\u{1b}[31mb\u{202e}c\u{7}"),
            "a\u{fffd}[31mb\u{fffd}c\u{fffd}"
        );
        assert_eq!(visible("Größe 🎉"), "Größe 🎉");
    }

    #[test]
    fn columns_line_up() {
        let rows = [
            vec!["a\nb".to_owned(), "1".to_owned()],
            vec!["c".to_owned(), "100".to_owned()],
        ];
        let laid = lay_out(&[("Name", Lean::Left), ("n", Lean::Right)], &rows);
        assert_eq!(laid, ["Name    n", "a b     1", "c     100"]);
    }
}

//! `plumbline report activity`.

use analyses::activity::report::{ActivityReport, ActivityRow, Rung, Stalled};
use app::views::ActivityArgs;

use crate::args::ActivityArguments;
use crate::failure::Failure;
use crate::output::{self, Lean};
use crate::session::Session;
use crate::verbs::snapshot;

pub(crate) async fn run(session: &Session, arguments: ActivityArguments) -> Result<(), Failure> {
    let (app, copy) = snapshot::copy(session, &arguments.portal.copy).await?;
    let asked = ActivityArgs {
        portal: copy,
        as_of: arguments.as_of,
        pipeline: arguments.pipeline,
    };
    let view = app.activity(asked).await?;
    if session.json {
        return output::json(&view);
    }
    snapshot::say(view.snapshot.as_ref())?;
    print(&view.report, arguments.deals)
}

pub(crate) fn print(report: &ActivityReport, deals: usize) -> Result<(), Failure> {
    output::line(format!(
        "As seen {}; change of the chance to be won within {} days, in points, 95 in 100",
        output::moment(report.as_of),
        report.horizon_days
    ))?;
    output::line(&report.finding)?;
    output::line("")?;
    let columns = [
        ("Activity", Lean::Left),
        ("Days", Lean::Right),
        ("From", Lean::Right),
        ("Raw: not evidence", Lean::Right),
        ("Per week", Lean::Right),
        ("Landmark", Lean::Right),
        ("Adjusted", Lean::Right),
        ("Matched", Lean::Right),
        ("Finds", Lean::Right),
        ("E-value", Lean::Right),
        ("", Lean::Left),
    ];
    let rows: Vec<Vec<String>> = report.rows.iter().map(ladder).collect();
    output::table(&columns, &rows)?;
    output::line("")?;
    print_stalled(&report.stalled, deals)?;
    output::line("")?;
    for note in &report.notes {
        output::line(format!("Note: {}", note.text))?;
    }
    output::line(format!("Method: {}", report.method.text))
}

/// A row's cells: each rung with its interval and its deals.
fn ladder(row: &ActivityRow) -> Vec<String> {
    let mut cells = vec![
        row.label.clone(),
        row.window_days.to_string(),
        row.at_least.to_string(),
    ];
    cells.extend((0..5).map(|place| row.rungs.get(place).map_or_else(String::new, rung)));
    cells.push(row.smallest_found.map_or_else(String::new, points));
    cells.push(
        row.e_value
            .map_or_else(String::new, |e| format!("{:.2}", e.estimate)),
    );
    cells.push(row.verdict_label.clone());
    cells
}

fn rung(rung: &Rung) -> String {
    rung.effect.map_or_else(
        || format!("- of {}", rung.n),
        |effect| {
            let (value, low, high) = (
                points(effect.value),
                points(effect.low),
                points(effect.high),
            );
            format!("{value} ({low} to {high}) of {}", rung.n)
        },
    )
}

fn points(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

fn print_stalled(stalled: &Stalled, deals: usize) -> Result<(), Failure> {
    output::line(format!(
        "Stalled: {} deals. {}",
        stalled.n, stalled.definition
    ))?;
    let rows: Vec<Vec<String>> = stalled
        .rows
        .iter()
        .map(|row| {
            let share = |share: f64| format!("{:.0} %", 100.0 * share);
            let effect = row.effect.map_or_else(String::new, |effect| {
                format!("{} to {}", points(effect.low), points(effect.high))
            });
            vec![
                row.label.clone(),
                share(row.stalled),
                share(row.others),
                effect,
            ]
        })
        .collect();
    let columns = [
        ("Any within 30 days", Lean::Left),
        ("Stalled", Lean::Right),
        ("Others then", Lean::Right),
        ("Difference, points", Lean::Right),
    ];
    output::table(&columns, &rows)?;
    let rows: Vec<Vec<String>> = stalled
        .deals
        .iter()
        .take(deals)
        .map(|deal| {
            let lacks: Vec<&str> = deal.lacks.iter().map(|measure| measure.label()).collect();
            vec![
                deal.id.to_string(),
                deal.days_in_stage.to_string(),
                deal.stage.clone(),
                lacks.join(", "),
                deal.name.clone().unwrap_or_default(),
            ]
        })
        .collect();
    let columns = [
        ("Deal", Lean::Right),
        ("Days", Lean::Right),
        ("Stage", Lean::Left),
        ("Lacks", Lean::Left),
        ("Name", Lean::Left),
    ];
    output::table(&columns, &rows)?;
    match stalled.deals.len().saturating_sub(deals) {
        0 => Ok(()),
        more => output::line(format!("... and {more} more (--deals N prints more)")),
    }
}

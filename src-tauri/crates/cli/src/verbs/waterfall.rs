//! `plumbline report waterfall`.

use analyses::waterfall::report::{EndView, LineView, WaterfallReport};
use app::views::WaterfallArgs;

use crate::args::WaterfallArguments;
use crate::failure::Failure;
use crate::output::{self, Lean};
use crate::session::Session;
use crate::verbs::forecast::money;
use crate::verbs::snapshot;

pub(crate) async fn run(session: &Session, arguments: WaterfallArguments) -> Result<(), Failure> {
    let (app, copy) = snapshot::copy(session, &arguments.portal.copy).await?;
    let asked = WaterfallArgs {
        portal: copy,
        from: arguments.from,
        to: arguments.to,
        pipeline: arguments.pipeline,
        owner: arguments.whose.owner,
        team: arguments.whose.team,
        closing: arguments.closing_from.zip(arguments.closing_to),
    };
    let view = app.waterfall(asked).await?;
    if session.json {
        return output::json(&view);
    }
    snapshot::say(view.snapshot.as_ref())?;
    print(&view.report, arguments.deals)
}

fn print(report: &WaterfallReport, deals: usize) -> Result<(), Failure> {
    output::line(format!(
        "{} to {}; days are those of {}, money is in {}",
        output::moment(report.start.at),
        output::moment(report.end.at),
        report.time_zone,
        report.home_currency
    ))?;
    output::line(&report.summary.text)?;
    output::line("")?;
    let filled: Vec<&LineView> = report.lines.iter().filter(|line| line.n > 0).collect();
    let mut rows = vec![end("Open at start", &report.start)];
    rows.extend(
        filled
            .iter()
            .map(|line| vec![line.label.clone(), money(&line.amount), line.n.to_string()]),
    );
    rows.push(end("Open at end", &report.end));
    let unexplained = report.residual.amount.to_string();
    rows.push(vec!["Unexplained".to_owned(), unexplained, String::new()]);
    let columns = [
        ("", Lean::Left),
        ("Value", Lean::Right),
        ("Deals", Lean::Right),
    ];
    output::table(&columns, &rows)?;
    for line in filled {
        output::line("")?;
        print_deals(line, deals)?;
    }
    output::line("")?;
    for (when, end) in [("start", &report.start), ("end", &report.end)] {
        for (n, why) in [
            (end.without_amount, "had no amount"),
            (
                end.unknown_amount,
                "had an amount that is not known, counted as nothing",
            ),
            (
                end.without_rate,
                "had a currency without a rate, counted as nothing",
            ),
        ] {
            if n > 0 {
                output::line(format!("Note: of the deals open at the {when}, {n} {why}."))?;
            }
        }
        if !end.not_known.is_empty() {
            let n = end.not_known.len();
            output::line(format!(
                "Note: of {n} more deals it is not known whether they counted at the {when}."
            ))?;
        }
    }
    output::line(format!("Method: {}", report.method))
}

fn end(label: &str, end: &EndView) -> Vec<String> {
    vec![label.to_owned(), money(&end.amount), end.n.to_string()]
}

fn print_deals(line: &LineView, count: usize) -> Result<(), Failure> {
    output::line(format!("{}: {}", line.label, line.definition))?;
    let rows: Vec<Vec<String>> = line
        .deals
        .iter()
        .take(count)
        .map(|part| {
            let name = part.name.clone().unwrap_or_default();
            vec![part.id.to_string(), money(&part.amount), name]
        })
        .collect();
    let columns = [
        ("Deal", Lean::Right),
        ("Value", Lean::Right),
        ("Name", Lean::Left),
    ];
    output::table(&columns, &rows)?;
    match line.deals.len().saturating_sub(count) {
        0 => Ok(()),
        more => output::line(format!("... and {more} more (--deals N prints more)")),
    }
}

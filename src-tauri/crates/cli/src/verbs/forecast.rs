//! `plumbline report forecast`.

use analyses::forecast::report::{DealRow, Figure, ForecastReport, MoneyValue, Severity, StageRow};
use app::views::{ForecastArgs, ForecastView, PeriodChoice};
use stats::Rate;

use crate::args::{ForecastArguments, PeriodArguments, PeriodName};
use crate::failure::Failure;
use crate::output::{self, Lean};
use crate::session::Session;
use crate::verbs::{forecast_around as around, snapshot};

pub(crate) async fn run(session: &Session, arguments: ForecastArguments) -> Result<(), Failure> {
    let (app, copy) = snapshot::copy(session, &arguments.portal.copy).await?;
    let asked = ForecastArgs {
        portal: copy,
        period: period(arguments.period),
        as_of: arguments.as_of,
        pipeline: arguments.pipeline,
        team: arguments.whose.team,
        owner: arguments.whose.owner,
        quota: arguments.quota,
    };
    let view = app.forecast(asked).await?;
    if session.json {
        return output::json(&view);
    }
    print(&view, arguments.deals)
}

/// The period that was typed.
pub(crate) fn period(arguments: PeriodArguments) -> PeriodChoice {
    match (arguments.from, arguments.to) {
        (Some(first), Some(last)) => PeriodChoice::Days { first, last },
        _ => match arguments.period {
            PeriodName::ThisMonth => PeriodChoice::ThisMonth,
            PeriodName::ThisQuarter => PeriodChoice::ThisQuarter,
            PeriodName::NextQuarter => PeriodChoice::NextQuarter,
        },
    }
}

/// The forecast as tables and sentences, with the open deals that contribute most.
pub(crate) fn print(view: &ForecastView, deals: usize) -> Result<(), Failure> {
    let report = &view.report;
    snapshot::say(view.snapshot.as_ref())?;
    output::line(format!(
        "{}, as seen at {}; days are those of {}, money is in {}",
        report.period.label,
        output::moment(report.as_of),
        report.time_zone,
        report.home_currency
    ))?;
    output::line("")?;
    print_figures(report)?;
    output::line("")?;
    print_stages(&report.stages)?;
    output::line("")?;
    around::print(report, deals)?;
    print_deals(&report.deals, deals)?;
    if !report.notes.is_empty() {
        output::line("")?;
    }
    for note in &report.notes {
        let mark = match note.severity {
            Severity::Warning => "Warning",
            Severity::Information => "Note",
        };
        output::line(format!("{mark}: {}", note.message))?;
    }
    output::line(format!("Method: {}", report.method.description))
}

fn print_figures(report: &ForecastReport) -> Result<(), Failure> {
    let figures = [
        &report.total,
        &report.closed,
        &report.expected_from_open,
        &report.hubspot,
    ];
    let rows: Vec<Vec<String>> = figures.into_iter().map(figure).collect();
    let columns = [
        ("", Lean::Left),
        ("Value", Lean::Right),
        ("Interval", Lean::Left),
        ("Deals", Lean::Right),
    ];
    output::table(&columns, &rows)
}

fn figure(figure: &Figure) -> Vec<String> {
    let interval = match (&figure.low, &figure.high, figure.level) {
        (Some(low), Some(high), Some(level)) => {
            format!("{} to {} ({:.0} %)", money(low), money(high), level * 100.0)
        }
        _ => String::new(),
    };
    let value = match (&figure.value, &figure.needs) {
        (Some(value), _) => money(value),
        (None, Some(needs)) => needs.clone(),
        (None, None) => "no number".to_owned(),
    };
    vec![figure.label.clone(), value, interval, figure.n.to_string()]
}

fn print_stages(stages: &[StageRow]) -> Result<(), Failure> {
    let rows: Vec<Vec<String>> = stages
        .iter()
        .map(|stage| {
            vec![
                stage.pipeline.label.clone(),
                stage.label.clone(),
                stage.open_deals.to_string(),
                money(&stage.open_amount),
                rate(stage.used.as_ref()),
                stage.hubspot_probability.map(percent).unwrap_or_default(),
                stage.expected.as_ref().map(money).unwrap_or_default(),
            ]
        })
        .collect();
    let columns = [
        ("Pipeline", Lean::Left),
        ("Stage", Lean::Left),
        ("Open", Lean::Right),
        ("Amount", Lean::Right),
        ("Win rate in what is left", Lean::Left),
        ("HubSpot's", Lean::Right),
        ("Expected", Lean::Right),
    ];
    output::table(&columns, &rows)
}

fn print_deals(deals: &[DealRow], count: usize) -> Result<(), Failure> {
    let rows: Vec<Vec<String>> = deals
        .iter()
        .take(count)
        .map(|deal| {
            vec![
                deal.id.to_string(),
                deal.stage_label.clone(),
                deal.amount
                    .as_ref()
                    .map_or_else(|| "none".to_owned(), money),
                rate(deal.probability.as_ref()),
                deal.contribution.as_ref().map(money).unwrap_or_default(),
                deal.close_date
                    .map(|day| day.to_string())
                    .unwrap_or_default(),
                deal.name.clone().unwrap_or_default(),
            ]
        })
        .collect();
    let columns = [
        ("Deal", Lean::Right),
        ("Stage", Lean::Left),
        ("Amount", Lean::Right),
        ("Probability", Lean::Left),
        ("Expected", Lean::Right),
        ("Close date", Lean::Left),
        ("Name", Lean::Left),
    ];
    output::table(&columns, &rows)?;
    if deals.len() > count {
        output::line(format!(
            "... and {} more open deals (--deals N prints more)",
            deals.len() - count
        ))?;
    }
    Ok(())
}

pub(crate) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// A rate is never printed without its interval and its n.
pub(crate) fn rate(rate: Option<&Rate>) -> String {
    rate.map_or_else(
        || "not enough evidence".to_owned(),
        |rate| {
            format!(
                "{:.0} % ({:.0}-{:.0}), n {}",
                rate.value * 100.0,
                rate.low * 100.0,
                rate.high * 100.0,
                rate.n
            )
        },
    )
}

/// Money with thousands apart and without cents: cents are in the JSON.
pub(crate) fn money(value: &MoneyValue) -> String {
    let whole = value.amount.round().to_string();
    let (sign, digits) = whole
        .strip_prefix('-')
        .map_or(("", whole.as_str()), |rest| ("-", rest));
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}\u{a0}{}", value.currency)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_reads_easily() {
        let value = |amount: &str| MoneyValue {
            amount: crm::parse_amount(amount).unwrap(),
            currency: "EUR".parse().unwrap(),
        };
        assert_eq!(money(&value("1234567.89")), "1\u{a0}234\u{a0}568\u{a0}EUR");
        assert_eq!(money(&value("-999.50")), "-1\u{a0}000\u{a0}EUR");
        assert_eq!(money(&value("0")), "0\u{a0}EUR");
    }

    #[test]
    fn a_rate_carries_its_interval_and_n() {
        let shown = Rate {
            value: 0.31,
            low: 0.24,
            high: 0.38,
            level: 0.95,
            n: 160,
            n_effective: 120.0,
        };
        assert_eq!(rate(Some(&shown)), "31 % (24-38), n 160");
        assert_eq!(rate(None), "not enough evidence");
    }
}

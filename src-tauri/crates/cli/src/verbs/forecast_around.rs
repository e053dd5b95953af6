//! What a forecast says beside its figures: quota, categories, risks, pushes, HubSpot's number.

use analyses::forecast::report::{CategoryRow, ForecastReport, PushRow, QuotaView, RiskRate};

use crate::failure::Failure;
use crate::output::{self, Lean};
use crate::verbs::forecast::{money, percent, rate};

pub(crate) fn print(report: &ForecastReport, deals: usize) -> Result<(), Failure> {
    if let Some(team) = &report.whose.team {
        output::line(format!("Deals of the team {} as it is now", team.name))?;
    } else if let Some(owners) = &report.whose.owners {
        let names = owners
            .iter()
            .map(|owner| owner.name.clone().unwrap_or_else(|| owner.id.to_string()));
        output::line(format!("Deals of {}", names.collect::<Vec<_>>().join(", ")))?;
    }
    for rate in &report.exchange_rates {
        output::line(format!(
            "1 {} counts as {} {} (median of {} deals, {} to {})",
            rate.currency, rate.rate, report.home_currency, rate.deals, rate.lowest, rate.highest
        ))?;
    }
    if let Some(quota) = &report.quota {
        print_quota(quota)?;
        output::line("")?;
    }
    print_categories(&report.categories)?;
    print_risks(&report.risks)?;
    print_pushes(&report.pushes)?;
    print_difference(report, deals)
}

fn print_quota(quota: &QuotaView) -> Result<(), Failure> {
    let entered = match quota.versions {
        0 => "as asked, not entered".to_owned(),
        n => format!("entered {}, version {n}", output::moment(quota.set_at)),
    };
    output::line(format!("Quota {} ({entered})", money(&quota.amount)))?;
    output::line(format!("  Gap to what is closed: {}", money(&quota.gap)))?;
    if let Some(gap) = &quota.expected_gap {
        output::line(format!("  Gap to the forecast: {}", money(gap)))?;
    }
    match &quota.probability {
        Some(share) => output::line(format!(
            "  Reached in {} of {} drawn ends ({:.1}-{:.1} % from drawing alone)",
            percent(share.value),
            share.draws,
            share.low * 100.0,
            share.high * 100.0
        ))?,
        None => output::line("  Whether it is reached: not enough evidence")?,
    }
    if let Some(shortfall) = &quota.expected_shortfall {
        output::line(format!("  Missing on average: {}", money(shortfall)))?;
    }
    if let Some(coverage) = &quota.coverage {
        let high = coverage
            .needed_high
            .map_or_else(|| "no limit".to_owned(), |high| format!("{high:.1}"));
        output::line(format!(
            "  Coverage: {:.1} x the gap is open; {:.1} x is needed ({:.1} to {high}, 4 in 5 drawn \
             ends), that is {}",
            coverage.have,
            coverage.needed,
            coverage.needed_low,
            money(&coverage.needed_amount)
        ))?;
    }
    Ok(())
}

fn print_categories(categories: &[CategoryRow]) -> Result<(), Failure> {
    if categories.iter().all(|row| row.category.is_none()) {
        return Ok(());
    }
    let rows: Vec<Vec<String>> = categories
        .iter()
        .map(|row| {
            vec![
                row.label.clone(),
                row.open_deals.to_string(),
                money(&row.amount),
                money(&row.closing_amount),
                money(&row.hubspot),
                row.expected.as_ref().map(money).unwrap_or_default(),
                rate(row.won.as_ref()),
            ]
        })
        .collect();
    let columns = [
        ("HubSpot category", Lean::Left),
        ("Open", Lean::Right),
        ("Amount", Lean::Right),
        ("Closing in it", Lean::Right),
        ("Weighted", Lean::Right),
        ("Expected", Lean::Right),
        ("Earlier deals won in as much time", Lean::Left),
    ];
    output::table(&columns, &rows)?;
    output::line("")
}

fn print_risks(risks: &[RiskRate]) -> Result<(), Failure> {
    let shown = risks.iter().filter(|risk| risk.open_deals > 0);
    let rows: Vec<Vec<String>> = shown
        .map(|risk| {
            vec![
                risk.label.clone(),
                risk.open_deals.to_string(),
                rate(risk.with.as_ref()),
                rate(risk.without.as_ref()),
            ]
        })
        .collect();
    let Some(first) = risks.first().filter(|_| !rows.is_empty()) else {
        return Ok(());
    };
    let won = format!("Won within {} days", first.horizon_days);
    let columns = [
        ("Risk", Lean::Left),
        ("Open", Lean::Right),
        (won.as_str(), Lean::Left),
        ("Without it, in the same stages", Lean::Left),
    ];
    output::table(&columns, &rows)?;
    output::line("")
}

fn print_pushes(pushes: &[PushRow]) -> Result<(), Failure> {
    let rows: Vec<Vec<String>> = pushes
        .iter()
        .map(|row| {
            vec![
                row.label.clone(),
                row.open_deals.to_string(),
                row.statements.to_string(),
                rate(row.won.as_ref()),
                rate(row.closed.as_ref()),
            ]
        })
        .collect();
    let columns = [
        ("Close month", Lean::Left),
        ("Open", Lean::Right),
        ("Stated before", Lean::Right),
        ("Won by its end", Lean::Left),
        ("Won or lost by then", Lean::Left),
    ];
    output::table(&columns, &rows)?;
    output::line("")
}

fn print_difference(report: &ForecastReport, deals: usize) -> Result<(), Failure> {
    let all = &report.difference_by_deal;
    if all.is_empty() {
        return Ok(());
    }
    let rows: Vec<Vec<String>> = all
        .iter()
        .take(deals)
        .map(|row| {
            vec![
                row.id.to_string(),
                money(&row.hubspot),
                money(&row.ours),
                money(&row.difference),
                row.why.clone(),
            ]
        })
        .collect();
    output::line("Why this is not HubSpot's number, deal by deal")?;
    let columns = [
        ("Deal", Lean::Right),
        ("HubSpot's", Lean::Right),
        ("Ours", Lean::Right),
        ("Difference", Lean::Right),
        ("Why", Lean::Left),
    ];
    output::table(&columns, &rows)?;
    if all.len() > deals {
        output::line(format!("... and {} more deals", all.len() - deals))?;
    }
    output::line("")
}

//! `plumbline report icp`, `plumbline icp`.

use std::collections::BTreeMap;

use analyses::icp::{
    Check, Dimension, IcpReport, Lift, Revenue, Segment, SegmentPart, Tier, Verdict,
};
use app::views::{CopyArgs, CopyId, DeclaredIcpView, IcpArgs, IcpDeclareArgs, IcpView};

use crate::args::{IcpArguments, IcpVerb};
use crate::failure::Failure;
use crate::output::{self, Lean};
use crate::session::Session;
use crate::verbs::snapshot;

pub(crate) async fn report(session: &Session, arguments: IcpArguments) -> Result<(), Failure> {
    let declared = arguments.declare.as_deref().map(declared).transpose()?;
    let (app, copy) = snapshot::copy(session, &arguments.portal.copy).await?;
    let asked = IcpArgs {
        portal: copy,
        as_of: arguments.as_of,
        pipeline: arguments.pipeline,
        dimensions: Some(arguments.by),
        properties: arguments.property,
        horizon_days: arguments.horizon,
        declared,
    };
    let view = app.icp(asked).await?;
    if session.json {
        return output::json(&view);
    }
    snapshot::say(view.snapshot.as_ref())?;
    print(&view, arguments.segments)
}

pub(crate) async fn run(session: &Session, verb: IcpVerb) -> Result<(), Failure> {
    let app = session.open().await?;
    let versions = match verb {
        IcpVerb::Declare {
            portal,
            icp,
            seen_until,
            name,
        } => {
            let asked = IcpDeclareArgs {
                portal: CopyId::Portal(portal.portal),
                declared: declared(&icp)?,
                seen_until,
                name,
            };
            app.icp_declare(asked).await?
        }
        IcpVerb::Show(portal) => {
            let portal = CopyId::Portal(portal.portal);
            app.icp_declared(CopyArgs { portal }).await?
        }
    };
    if session.json {
        return output::json(&versions);
    }
    if versions.is_empty() {
        return output::line("Nothing was declared yet.");
    }
    let rows: Vec<Vec<String>> = versions.iter().map(version).collect();
    let columns = [
        ("Version", Lean::Right),
        ("Declared", Lean::Left),
        ("From data until", Lean::Left),
        ("Name", Lean::Left),
        ("", Lean::Left),
    ];
    output::table(&columns, &rows)
}

fn version(view: &DeclaredIcpView) -> Vec<String> {
    let seen = view.seen_until.map(output::moment);
    let parts = view
        .declared
        .iter()
        .map(|(name, of)| format!("{name}: {}", of.join(" or ")));
    let text = parts.collect::<Vec<_>>().join("; ");
    vec![
        view.version.to_string(),
        output::moment(view.declared_at),
        seen.unwrap_or_default(),
        view.name.clone(),
        if text.is_empty() {
            "taken back".to_owned()
        } else {
            text
        },
    ]
}

/// `industry=Software,size=51-200`. What has no `=` goes on with the value before it, which may hold
/// commas.
fn declared(text: &str) -> Result<BTreeMap<String, Vec<String>>, Failure> {
    let mut declared: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut last: Option<String> = None;
    for part in text.split(',').filter(|part| !part.trim().is_empty()) {
        match (part.split_once('='), &last) {
            (Some((name, value)), _) => {
                let name = name.trim().to_owned();
                let values = declared.entry(name.clone()).or_default();
                values.push(value.trim().to_owned());
                last = Some(name);
            }
            (None, Some(name)) => {
                let values = declared.entry(name.clone()).or_default();
                if let Some(value) = values.last_mut() {
                    value.push(',');
                    value.push_str(part);
                }
            }
            (None, None) => {
                return Err(Failure::usage("Write it as industry=Software,size=51-200."));
            }
        }
    }
    Ok(declared)
}

pub(crate) fn print(view: &IcpView, most: usize) -> Result<(), Failure> {
    let report = &view.report;
    output::line(format!(
        "Deals created since {}, won within {} days, as seen at {}",
        output::moment(report.created_from),
        report.horizon_days,
        output::moment(report.as_of),
    ))?;
    output::line("")?;
    let name = |segment: &Segment| names(view, &segment.parts);
    let mut rows = vec![row("All", &report.all)];
    let shown = report.segments.iter().take(most);
    rows.extend(shown.map(|segment| row(&name(segment), segment)));
    let columns = [
        ("", Lean::Left),
        ("Won", Lean::Left),
        ("Deals", Lean::Right),
        ("Times the others", Lean::Left),
        ("", Lean::Left),
        ("Contacts with a deal", Lean::Left),
        ("Brings a deal", Lean::Right),
        ("Days to win", Lean::Right),
    ];
    output::table(&columns, &rows)?;
    match report.segments.len().saturating_sub(most) {
        0 => {}
        more => output::line(format!("... and {more} more (--segments N prints more)"))?,
    }
    print_strata(view)?;
    print_rules(view)?;
    print_declared(view)?;
    output::line("")?;
    for note in &report.notes {
        let mark = if note.warning { "Warning" } else { "Note" };
        output::line(format!("{mark}: {}", note.message))?;
    }
    print_method(report)
}

fn print_method(report: &IcpReport) -> Result<(), Failure> {
    output::line(format!(
        "Method: {}; {} questions, of whose findings at most {} % are false on average; intervals at 95 %",
        report.method.id, report.questions, report.method.false_discoveries_percent
    ))
}

fn label(view: &IcpView, dimension: &Dimension, value: Option<&str>) -> String {
    let named = view.names.get(&dimension.to_string());
    let name = named.map_or_else(|| dimension.to_string(), |named| named.label.clone());
    let value = value.map(|value| {
        named
            .and_then(|of| of.values.get(value))
            .map_or(value, |v| v)
    });
    format!("{name}: {}", value.unwrap_or("unknown"))
}

fn names(view: &IcpView, parts: &[SegmentPart]) -> String {
    let part = |part: &SegmentPart| label(view, &part.dimension, part.value.as_deref());
    parts.iter().map(part).collect::<Vec<_>>().join(", ")
}

fn percent(share: f64) -> String {
    format!("{:.0}", 100.0 * share)
}

fn row(name: &str, segment: &Segment) -> Vec<String> {
    let rate = segment.win_rate.map(|rate| {
        let [value, low, high] = [rate.value, rate.low, rate.high].map(percent);
        format!("{value} % ({low}-{high})")
    });
    let with_deal = segment.contacts.with_deal.map(|rate| {
        let [value, low, high] = [rate.value, rate.low, rate.high].map(percent);
        format!("{value} % ({low}-{high}) of {}", segment.contacts.n)
    });
    let revenue = |revenue: Revenue| {
        let each = revenue.per_deal;
        format!("{:.0} ({:.0}-{:.0})", each.value, each.low, each.high)
    };
    let days = segment.days_to_win.map(|days| format!("{:.0}", days.value));
    vec![
        name.to_owned(),
        rate.unwrap_or_else(|| "too few".to_owned()),
        segment.n.to_string(),
        times(&segment.lift),
        finding(&segment.lift).to_owned(),
        with_deal.unwrap_or_default(),
        segment.revenue.map(revenue).unwrap_or_default(),
        days.unwrap_or_default(),
    ]
}

fn times(lift: &Lift) -> String {
    if !lift.strata.is_empty() {
        return "see its parts".to_owned();
    }
    let ratio = lift
        .ratio
        .map(|r| format!("{:.2} ({:.2}-{:.2})", r.value, r.low, r.high));
    ratio.unwrap_or_default()
}

fn finding(lift: &Lift) -> &'static str {
    match (lift.found, lift.p) {
        (true, _) => "differs",
        (false, Some(_)) => "like the others",
        (false, None) => "",
    }
}

/// Where one number would mislead: the parts of what would otherwise be a finding.
fn print_strata(view: &IcpView) -> Result<(), Failure> {
    let segments = view.report.segments.iter();
    for segment in segments.filter(|s| s.lift.found && !s.lift.strata.is_empty()) {
        output::line("")?;
        output::line(format!("{}, part by part:", names(view, &segment.parts)))?;
        let rows: Vec<Vec<String>> = segment
            .lift
            .strata
            .iter()
            .map(|stratum| {
                let of = match (&stratum.quarter, &stratum.dimension) {
                    (Some(day), _) => format!("quarter from {day}"),
                    (None, Some(dimension)) => label(view, dimension, stratum.value.as_deref()),
                    (None, None) => String::new(),
                };
                vec![
                    of,
                    format!("{} of {}", stratum.happened, stratum.n),
                    format!("{} of {}", stratum.others_happened, stratum.others),
                ]
            })
            .collect();
        let columns = [
            ("", Lean::Left),
            ("Won", Lean::Right),
            ("Others", Lean::Right),
        ];
        output::table(&columns, &rows)?;
    }
    Ok(())
}

fn print_rules(view: &IcpView) -> Result<(), Failure> {
    let Some(rules) = &view.report.rules else {
        return Ok(());
    };
    output::line("")?;
    if rules.rules.is_empty() {
        return output::line(match rules.enough {
            true => "No rule tells older deals apart.".to_owned(),
            false => format!(
                "Rules need 200 deals watched for the whole horizon, 40 of them won and 40 not; there are {}, {} won.",
                rules.learned_from, rules.won
            ),
        });
    }
    output::line("Rules made from older deals, checked in the newest two quarters:")?;
    let rows = rules.rules.iter().map(|rule| {
        let condition = |c: &analyses::icp::Condition| {
            let is = label(view, &c.dimension, Some(&c.value));
            if c.is { is } else { format!("not {is}") }
        };
        let conditions: Vec<String> = rule.conditions.iter().map(condition).collect();
        let tier = match rule.tier {
            Tier::A => "A",
            Tier::B => "B",
            Tier::C => "C",
            Tier::D => "D",
        };
        vec![tier.to_owned(), conditions.join("; "), checked(&rule.check)]
    });
    let columns = [
        ("Tier", Lean::Left),
        ("", Lean::Left),
        ("Checked", Lean::Left),
    ];
    output::table(&columns, &rows.collect::<Vec<_>>())
}

fn checked(check: &Check) -> String {
    let rate = |rate: Option<stats::Rate>, n: u32| {
        let rate = rate.map_or_else(
            || "too few".to_owned(),
            |r| format!("{} %", percent(r.value)),
        );
        format!("{rate} of {n}")
    };
    let lift = check.lift.map_or_else(String::new, |lift| {
        format!(
            ", {:.2} times ({:.2}-{:.2})",
            lift.value, lift.low, lift.high
        )
    });
    let (own, others) = (
        rate(check.rate, check.n),
        rate(check.others_rate, check.others),
    );
    format!(
        "won {own}, others {others}{lift}, by day {}",
        check.horizon_days
    )
}

fn print_declared(view: &IcpView) -> Result<(), Failure> {
    let Some(declared) = &view.report.declared else {
        return Ok(());
    };
    let parts = declared.declared.values.iter().map(|(dimension, values)| {
        let values = values
            .iter()
            .map(|value| label(view, dimension, Some(value)));
        values.collect::<Vec<_>>().join(" or ")
    });
    let verdict = match (declared.seen_before, declared.check.verdict) {
        (true, _) => "cannot be checked yet: it was made from these quarters' data",
        (_, Verdict::Validated) => "validated",
        (_, Verdict::NotDistinguishable) => "not distinguishable from the others",
        (_, Verdict::Contradicted) => "contradicted",
    };
    output::line("")?;
    output::line(format!(
        "Declared ICP ({}): {verdict} in deals created from {} to before {}; {}",
        parts.collect::<Vec<_>>().join("; "),
        declared.checked_in.from,
        declared.checked_in.until,
        checked(&declared.check)
    ))
}

#[cfg(test)]
mod tests {
    use super::declared;

    fn check(text: &str, expected: &[(&str, &[&str])]) {
        let found = declared(text).unwrap();
        let found: Vec<(&str, Vec<&str>)> = found
            .iter()
            .map(|(name, of)| (name.as_str(), of.iter().map(String::as_str).collect()))
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(name, of)| (*name, of.to_vec()))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn what_is_declared_is_read_with_its_commas() {
        check("", &[]);
        check("industry=Software", &[("industry", &["Software"])]);
        check(
            "industry=Software, size=51-200,industry=Banking",
            &[
                ("industry", &["Software", "Banking"]),
                ("size", &["51-200"]),
            ],
        );
        check(
            "industry=Food, Beverage",
            &[("industry", &["Food, Beverage"])],
        );
        assert!(declared("Software").is_err());
    }
}

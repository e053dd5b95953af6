//! `plumbline report competitors`.

use std::collections::BTreeMap;

use analyses::competitors::text::{Reason, Role};
use analyses::competitors::{Alert, AlertKind, Caution, Cell, CompetitorReport, WhyShare};
use app::views::{CompetitorsArgs, CompetitorsView};
use stats::Rate;

use crate::args::competitors::CompetitorsArguments;
use crate::failure::Failure;
use crate::output::{self, Lean, visible};
use crate::session::Session;
use crate::verbs::snapshot;

pub(crate) async fn run(session: &Session, arguments: CompetitorsArguments) -> Result<(), Failure> {
    let (app, copy) = snapshot::copy(session, &arguments.portal.copy).await?;
    let asked = CompetitorsArgs {
        portal: copy,
        as_of: arguments.as_of,
        pipeline: arguments.pipeline,
        segment: arguments.segment,
    };
    let view = app.competitors(asked).await?;
    if session.json {
        return output::json(&view);
    }
    snapshot::say(view.snapshot.as_ref())?;
    match arguments.competitor {
        None => print(&view),
        Some(wanted) => print_sentences(&view, &wanted),
    }
}

/// What the report calls its competitors.
fn names(view: &CompetitorsView) -> BTreeMap<&str, String> {
    let competitors = view.list.competitors.iter();
    competitors
        .map(|competitor| (competitor.id.as_str(), visible(&competitor.name)))
        .collect()
}

pub(crate) fn print(view: &CompetitorsView) -> Result<(), Failure> {
    let report = &view.report;
    output::line(format!(
        "As of {}: {} deals, {} won, {} lost; {} texts read",
        output::moment(report.as_of),
        report.deals,
        report.won,
        report.lost,
        report.texts
    ))?;
    for caution in &report.cautions {
        output::line(format!("Note: {}", caution_in_words(*caution)))?;
    }
    output::line("")?;
    print_matrix(view)?;
    for logging in &report.logging {
        if let Some(why) = logging.why_share {
            output::line(format!(
                "No win rate from {}: {}.",
                source(logging.source),
                why_in_words(why)
            ))?;
        }
    }
    print_reasons(report)?;
    let names = names(view);
    print_side_by_side(report, &names)?;
    for alert in &report.alerts {
        output::line(alert_in_words(alert, &names))?;
    }
    for row in &report.waiting {
        let meant = row
            .competitor
            .as_ref()
            .and_then(|id| names.get(id.as_str()));
        let what = match meant {
            Some(name) => format!("may be {name}"),
            None => "in no list".to_owned(),
        };
        output::line(format!(
            "Waiting: \"{}\" ({what}), in {} deals",
            visible(&row.name),
            row.deals.len()
        ))?;
    }
    Ok(())
}

fn print_matrix(view: &CompetitorsView) -> Result<(), Failure> {
    let names = names(view);
    let rows: Vec<Vec<String>> = view
        .report
        .cells
        .iter()
        .filter(|cell| cell.stage.is_none())
        .map(|cell| row(cell, &names))
        .collect();
    if rows.is_empty() {
        return output::line("No competitor was found in a closed deal.");
    }
    let columns = [
        ("Competitor", Lean::Left),
        ("Segment", Lean::Left),
        ("Win rate", Lean::Left),
        ("Share of losses", Lean::Left),
        ("q", Lean::Right),
    ];
    output::table(&columns, &rows)
}

fn row(cell: &Cell, names: &BTreeMap<&str, String>) -> Vec<String> {
    let name = names.get(cell.competitor.as_str());
    vec![
        name.cloned().unwrap_or_default(),
        cell.segment.as_deref().map_or("all".to_owned(), |text| {
            if text.is_empty() {
                "not known".to_owned()
            } else {
                visible(text)
            }
        }),
        cell.win_rate.map_or_else(
            || format!("- ({} deals)", cell.deals.len()),
            |rate| in_words(&rate),
        ),
        cell.share_of_losses.map_or_else(
            || format!("- ({})", cell.lost_deals.len()),
            |rate| in_words(&rate),
        ),
        cell.q.map_or_else(String::new, |q| format!("{q:.2}")),
    ]
}

fn in_words(rate: &Rate) -> String {
    format!(
        "{:.0}% ({:.0}-{:.0}), n={}",
        100.0 * rate.value,
        100.0 * rate.low,
        100.0 * rate.high,
        rate.n
    )
}

fn print_reasons(report: &CompetitorReport) -> Result<(), Failure> {
    for row in &report.reasons {
        let share = row.share_of_losses.map(|rate| in_words(&rate));
        output::line(format!(
            "Lost to nobody, {}: {} deals{}",
            reason(row.reason),
            row.deals.len(),
            share.map_or_else(String::new, |share| format!(", {share} of losses"))
        ))?;
    }
    Ok(())
}

/// Competitors side by side, and where deals are lost to them.
fn print_side_by_side(
    report: &CompetitorReport,
    names: &BTreeMap<&str, String>,
) -> Result<(), Failure> {
    for row in &report.adjusted.rows {
        let name = names.get(row.competitor.as_str());
        output::line(format!(
            "Segments held equal, with {} in the deal: odds of winning {:.2} times ({:.2}-{:.2}), n={}",
            name.map_or("", String::as_str),
            row.odds.value,
            row.odds.low,
            row.odds.high,
            row.deals.len()
        ))?;
    }
    for row in report.loss_stages.iter().filter(|row| row.q < CLEAR) {
        let name = names.get(row.competitor.as_str());
        output::line(format!(
            "Deals lost to {} are lost in other stages than those with nobody named, q={:.3}",
            name.map_or("", String::as_str),
            row.q
        ))?;
    }
    Ok(())
}

/// Below this share of false discoveries a difference of stages is printed.
const CLEAR: f64 = 0.1;

/// The sentences behind one competitor's figures.
fn print_sentences(view: &CompetitorsView, wanted: &str) -> Result<(), Failure> {
    let found = view.list.competitors.iter().find(|competitor| {
        competitor.id.as_str() == wanted || competitor.name.eq_ignore_ascii_case(wanted)
    });
    let Some(found) = found else {
        return Err(Failure::usage("There is no such competitor in the list."));
    };
    let mentions = view.report.mentions.iter();
    let rows: Vec<Vec<String>> = mentions
        .filter(|mention| mention.competitor == found.id)
        .map(|mention| {
            vec![
                mention.deal.to_string(),
                mention.at.map_or("not dated".to_owned(), output::moment),
                source(mention.source).to_owned(),
                if mention.negated {
                    "denied".to_owned()
                } else {
                    role(mention.role).to_owned()
                },
                visible(&mention.sentence),
            ]
        })
        .collect();
    let columns = [
        ("Deal", Lean::Right),
        ("When", Lean::Left),
        ("Where", Lean::Left),
        ("As what", Lean::Left),
        ("Sentence", Lean::Left),
    ];
    output::table(&columns, &rows)
}

fn alert_in_words(alert: &Alert, names: &BTreeMap<&str, String>) -> String {
    let name = names.get(alert.competitor.as_str());
    let kind = match alert.kind {
        AlertKind::Surge => "more is lost than before to",
        AlertKind::Newcomer => "new among the losses:",
        AlertKind::FirstSeen => "never named before:",
        AlertKind::InSegment => "more of one segment is lost than before to",
        AlertKind::Money => "more of the money lost goes than before to",
        AlertKind::WinsCollapse => "fewer deals are won than before against",
    };
    let ratio = match (alert.ratio.value, alert.ratio.high) {
        (Some(value), Some(high)) => {
            format!(
                "{value:.1} times as often ({:.1}-{high:.1})",
                alert.ratio.low
            )
        }
        _ => format!("at least {:.1} times as often", alert.ratio.low),
    };
    let place = alert
        .segment
        .as_deref()
        .map_or_else(String::new, |segment| {
            format!(
                " in {}",
                if segment.is_empty() {
                    "no known segment".to_owned()
                } else {
                    visible(segment)
                }
            )
        });
    format!(
        "Alert, week to {}: {kind} {}{}: {} of {}, before {} of {}; {ratio}, p={:.4}",
        output::moment(alert.until),
        name.map_or("", String::as_str),
        place,
        alert.count,
        alert.exposure,
        alert.count_before,
        alert.exposure_before,
        alert.p
    )
}

fn source(source: analyses::competitors::Source) -> &'static str {
    use analyses::competitors::Source;
    match source {
        Source::Property => "competitor properties",
        Source::LossReason => "loss reasons",
        Source::WinReason => "win reasons",
        Source::Note => "notes",
        Source::EmailSubject => "e-mail subjects",
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::LostTo => "lost to",
        Role::Displaced => "replaced",
        Role::Incumbent => "incumbent",
        Role::Evaluated => "evaluated",
        Role::Partner => "partner",
        Role::Mentioned => "mentioned",
    }
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::NoDecision => "no decision",
        Reason::Budget => "budget",
        Reason::Timing => "timing",
        Reason::WentDark => "went dark",
        Reason::FeatureGap => "a feature missing",
    }
}

fn why_in_words(why: WhyShare) -> &'static str {
    match why {
        WhyShare::OnlyLosses => "it is filled where deals are lost alone",
        WhyShare::LoggedAfterLosses => {
            "it names competitors more than twice as often after losses as after wins"
        }
        WhyShare::Undated => "it is not known when it was written",
        WhyShare::Silent => "it names no competitor in a closed deal",
    }
}

fn caution_in_words(caution: Caution) -> &'static str {
    match caution {
        Caution::LossesNotRecorded => "deals were won and none was lost: losses are not recorded.",
        Caution::NoWinRates => {
            "no source names competitors whatever the outcome: there are shares of losses, no win rates."
        }
        Caution::LoggedAfterLosses => {
            "some source names competitors more than twice as often after losses."
        }
        Caution::NamedMoreInLosses => {
            "some source names competitors more often in lost deals than in won ones: what they do to \
             deals and when they are written down look the same here."
        }
        Caution::NamesWaiting => "names wait for you (plumbline competitors confirm).",
    }
}

//! `plumbline report scoring`, and what `plumbline score` does with a portal.

use analyses::scoring::Scored;
use analyses::scoring::report::{Explanation, Group, RecordScore, ScoreCard, SegmentTable};
use app::views::{
    CopyId, OverruleArgs, ScoreCardArgs, ScoreExplainArgs, ScoreModelView, ScoreTrainArgs,
    ScoringArgs, ScoringView,
};
use crm::{PortalId, RecordId};
use stats::Rate;

use crate::args::{CopyPlace, ScoreScope, ScoredArgument, ScoringArguments};
use crate::failure::Failure;
use crate::output::{self, Lean};
use crate::session::Session;
use crate::verbs::forecast::percent;
use crate::verbs::snapshot;

pub(crate) async fn report(session: &Session, arguments: ScoringArguments) -> Result<(), Failure> {
    let (app, copy) = snapshot::copy(session, &arguments.portal.copy).await?;
    let asked = asked(copy, arguments.scope, arguments.as_of);
    let view = app.scoring(asked).await?;
    if session.json {
        return output::json(&view);
    }
    snapshot::say(view.snapshot.as_ref())?;
    print(&view, arguments.deals)
}

fn asked(portal: CopyId, scope: ScoreScope, as_of: Option<String>) -> ScoringArgs {
    ScoringArgs {
        portal,
        of: scope.of.into(),
        as_of,
        pipeline: scope.pipeline,
        horizon_days: Some(scope.horizon),
        properties: scope.property,
    }
}

pub(super) async fn train(
    session: &Session,
    portal: PortalId,
    scope: ScoreScope,
    overrule: Option<(String, String)>,
) -> Result<(), Failure> {
    let asked = ScoreTrainArgs {
        portal,
        of: scope.of.into(),
        pipeline: scope.pipeline,
        horizon_days: Some(scope.horizon),
        properties: scope.property,
        overrule: overrule.map(|(column, reason)| OverruleArgs { column, reason }),
    };
    let trained = session.open().await?.score_train(asked).await?;
    let model = &trained.model;
    if !model.is_published {
        let why = model.card.model.refusals.iter();
        let why: Vec<&str> = why.map(|refusal| refusal.sentence.as_str()).collect();
        return Err(Failure::no_score(&why.join(" ")));
    }
    if session.json {
        return output::json(&trained);
    }
    print_model(model)?;
    let used = if trained.takes_over {
        "in use now"
    } else {
        "kept, not in use"
    };
    output::line(format!(
        "Model {} is {used}. {}",
        model.version, trained.why
    ))?;
    let open = model.card.of.open();
    output::line(format!("{} {open} scored.", trained.scored))
}

pub(super) async fn card(
    session: &Session,
    place: &CopyPlace,
    of: ScoredArgument,
    version: Option<u32>,
) -> Result<(), Failure> {
    let (app, copy) = snapshot::copy(session, place).await?;
    let asked = ScoreCardArgs {
        portal: copy,
        of: of.into(),
        version,
    };
    let model = app.score_card(asked).await?;
    if session.json {
        return output::json(&model);
    }
    print_model(&model)
}

pub(super) async fn explain(
    session: &Session,
    place: &CopyPlace,
    (record, behind): (RecordId, Option<String>),
    scope: ScoreScope,
) -> Result<(), Failure> {
    let (app, copy) = snapshot::copy(session, place).await?;
    let scoring = asked(copy, scope, None);
    let asked = ScoreExplainArgs { scoring, record };
    let view = app.score_explain(asked).await?;
    if session.json {
        return output::json(&view);
    }
    snapshot::say(view.snapshot.as_ref())?;
    let (card, of) = (&view.card, &view.explanation);
    let behind = behind.map(|column| group(of, &column)).transpose()?;
    let (one, many) = (card.of.one(), card.of.many());
    let name = view.name.as_deref().unwrap_or("without a name");
    output::line(format!("{} {}, {name}", capital(one), of.score.record))?;
    output::line(in_a_sentence(&of.score, card))?;
    print_base(card)?;
    output::line("")?;
    let mut rows = vec![vec![
        format!("The mean {one}"),
        String::new(),
        format!("{:+.3}", of.expected_log_odds),
        String::new(),
    ]];
    for (reason, group) in of.reasons.iter().zip(&of.groups) {
        rows.push(vec![
            reason.column.clone(),
            reason.value.clone(),
            format!("{:+.3}", reason.log_odds),
            reason.alike.map_or_else(
                || format!("- of {} {many}", group.n),
                |alike| rate(&alike, card.of),
            ),
        ]);
    }
    rows.push(vec![
        "Together".to_owned(),
        String::new(),
        format!("{:+.3}", of.log_odds),
        String::new(),
    ]);
    let (of_this, alike) = (
        format!("of this {one}"),
        format!("{} alike that were", capital(many)),
    );
    let columns = [
        ("What is known", Lean::Left),
        (of_this.as_str(), Lean::Left),
        ("Log-odds", Lean::Right),
        (alike.as_str(), Lean::Right),
    ];
    output::table(&columns, &rows)?;
    output::line("")?;
    if let Some(group) = behind {
        let ids: Vec<String> = group.records.iter().map(ToString::to_string).collect();
        output::line(format!("{} {}:", group.definition, group.n))?;
        output::line(ids.join(" "))?;
        output::line("")?;
    }
    output::line(&of.caution)
}

/// The group of the reason of a column.
fn group<'a>(of: &'a Explanation, column: &str) -> Result<&'a Group, Failure> {
    let found = of.groups.iter().find(|group| group.id == column);
    found.ok_or_else(|| {
        Failure::usage(&format!(
            "{column} adds nothing to this score. Name a column of the list that score explain prints."
        ))
    })
}

/// Prints the report: the finding, the open deals or the rates in place of scores, and the notes.
pub(crate) fn print(view: &ScoringView, most: usize) -> Result<(), Failure> {
    let report = &view.report;
    output::line(format!(
        "As seen {}; {}",
        output::moment(report.as_of),
        report.card.event.text
    ))?;
    output::line(&report.finding)?;
    print_base(&report.card)?;
    output::line("")?;
    if report.is_published {
        print_scores(view, most)?;
    } else {
        for refusal in &report.card.model.refusals {
            output::line(format!("- {}", refusal.sentence))?;
        }
        for table in &report.segments {
            output::line("")?;
            print_segments(table, &report.card)?;
        }
    }
    output::line("")?;
    for note in &report.notes {
        output::line(format!("Note: {note}"))?;
    }
    output::line(format!("Method: {}", report.method.text))
}

fn print_scores(view: &ScoringView, most: usize) -> Result<(), Failure> {
    let of = view.report.card.of;
    let row = |score: &RecordScore| {
        let why: Vec<String> = score
            .reasons
            .iter()
            .map(|reason| {
                let sign = if reason.log_odds > 0.0 { "+" } else { "-" };
                format!("{sign} {}: {}", reason.column, reason.value)
            })
            .collect();
        vec![
            score.record.to_string(),
            percent(score.probability),
            score
                .came
                .map_or_else(|| "-".to_owned(), |came| rate(&came, of)),
            score.band_label.clone(),
            why.join("; "),
            view.names.get(&score.record).cloned().unwrap_or_default(),
        ]
    };
    let one = capital(of.one());
    let scores = &view.report.scores;
    let rows: Vec<Vec<String>> = scores.iter().take(most).map(row).collect();
    let columns = [
        (one.as_str(), Lean::Right),
        ("Score", Lean::Right),
        ("Of earlier ones given that, came", Lean::Right),
        ("Of all scored", Lean::Left),
        ("Strongest reasons", Lean::Left),
        ("Name", Lean::Left),
    ];
    output::table(&columns, &rows)?;
    match scores.len().saturating_sub(most) {
        0 => Ok(()),
        more => output::line(format!("... and {more} more (--deals N prints more)")),
    }
}

fn print_segments(table: &SegmentTable, card: &ScoreCard) -> Result<(), Failure> {
    output::line(format!(
        "{}: share {}, drawn to the common rate; no score{}",
        table.name,
        card.event.text,
        if table.differ {
            ""
        } else {
            "; no difference beyond chance"
        }
    ))?;
    let row = |segment: &analyses::scoring::report::SegmentRate| {
        let value = segment.value.clone();
        vec![
            value.unwrap_or_else(|| "not known".to_owned()),
            rate(&segment.rate, card.of),
        ]
    };
    let rows: Vec<Vec<String>> = table.rows.iter().map(row).collect();
    output::table(&[("Value", Lean::Left), ("Rate", Lean::Right)], &rows)
}

fn print_base(card: &ScoreCard) -> Result<(), Failure> {
    let of = &card.population;
    let not = match card.of {
        Scored::Deals => "lost",
        Scored::Contacts => "not",
    };
    let base = card
        .base_rate
        .map_or_else(|| "not known".to_owned(), |base| rate(&base, card.of));
    output::line(format!(
        "Base rate {base}, {}. Learnt from {} sightings of {} {} ({} {}, {} {not}) since {}: {}.",
        card.event.text,
        of.rows,
        of.records,
        card.of.many(),
        of.won,
        card.of.happened(),
        of.lost,
        output::moment(of.from),
        of.text
    ))
}

fn print_model(model: &ScoreModelView) -> Result<(), Failure> {
    let card = &model.card;
    output::line(format!(
        "Model {}, trained {}, as of {}: {}",
        model.version,
        output::moment(model.trained_at),
        output::moment(card.as_of),
        card.event.text
    ))?;
    output::line(format!("{} {}", card.event.definition, card.model.why))?;
    print_base(card)?;
    output::line(match (&model.in_use, model.is_published) {
        (Some(why), _) => format!("In use. {why}"),
        (None, true) => "Kept, not in use.".to_owned(),
        (None, false) => "Its scores may not be shown.".to_owned(),
    })?;
    for refusal in &card.model.refusals {
        output::line(format!("- {}", refusal.sentence))?;
    }
    output::line("")?;
    let rows = card.model.contenders.iter().map(|standing| {
        let judged = &standing.judged;
        let auc = &judged.auc;
        let used = card.model.chosen == Some(standing.contender);
        vec![
            standing.name.clone(),
            format!("{:.3} ({:.3}-{:.3})", auc.value, auc.low, auc.high),
            format!("{:.4}", judged.log_loss),
            format!("{:.1} %", 100.0 * judged.skill),
            judged.line.as_ref().map_or_else(
                || "-".to_owned(),
                |line| {
                    let slope = &line.slope;
                    format!("{:.2} ({:.2}-{:.2})", slope.value, slope.low, slope.high)
                },
            ),
            judged.rows.to_string(),
            if used { "used" } else { "" }.to_owned(),
        ]
    });
    let columns = [
        ("Out of time", Lean::Left),
        ("AUC", Lean::Right),
        ("Log loss", Lean::Right),
        ("Brier skill", Lean::Right),
        ("Calibration slope", Lean::Right),
        ("Rows", Lean::Right),
        ("", Lean::Left),
    ];
    output::table(&columns, &rows.collect::<Vec<_>>())?;
    output::line("")?;
    let rows = card.model.weights.iter();
    let rows: Vec<Vec<String>> = rows
        .map(|weight| vec![weight.column.clone(), format!("{:.3}", weight.log_odds)])
        .collect();
    let columns = [
        ("What counts most", Lean::Left),
        ("Mean log-odds", Lean::Right),
    ];
    output::table(&columns, &rows)?;
    for suspect in &card.model.audit.suspects {
        let fate = match &suspect.overruled {
            Some(reason) => format!("let in: {reason}"),
            None => "not learnt from".to_owned(),
        };
        output::line(format!("Suspect: {} ({fate})", suspect.sentence))?;
    }
    for warning in card.model.shifts.iter().flat_map(|shifts| &shifts.warnings) {
        output::line(format!("Drift: {warning}"))?;
    }
    Ok(())
}

fn in_a_sentence(score: &RecordScore, card: &ScoreCard) -> String {
    let came = score.came.map_or_else(String::new, |came| {
        format!(
            " Of earlier {} given about that, {} were.",
            card.of.many(),
            rate(&came, card.of)
        )
    });
    format!(
        "{} likely to be {}; {} of the {}.{came}",
        percent(score.probability),
        card.event.text,
        score.band_label.to_lowercase(),
        card.of.open()
    )
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn rate(rate: &Rate, of: Scored) -> String {
    format!(
        "{} ({:.0}-{:.0}) of {} {}",
        percent(rate.value),
        100.0 * rate.low,
        100.0 * rate.high,
        rate.n,
        of.many()
    )
}

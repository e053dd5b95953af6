//! The models of a portal side by side.

use app::views::{CopyArgs, ScoreModelLine, ScoreUseArgs};
use crm::PortalId;

use crate::args::CopyPlace;
use crate::failure::Failure;
use crate::output::{self, Lean};
use crate::session::Session;
use crate::verbs::snapshot;

pub(super) async fn list(session: &Session, place: &CopyPlace) -> Result<(), Failure> {
    let (app, copy) = snapshot::copy(session, place).await?;
    let models = app.score_models(CopyArgs { portal: copy }).await?;
    if session.json {
        return output::json(&models);
    }
    if models.is_empty() {
        return output::line("No model was kept. Train one: plumbline score train PORTAL");
    }
    print(&models)
}

pub(super) async fn choose(
    session: &Session,
    portal: PortalId,
    version: u32,
) -> Result<(), Failure> {
    let asked = ScoreUseArgs { portal, version };
    let done = session.open().await?.score_use(asked).await?;
    if session.json {
        return output::json(&done);
    }
    output::line(match done.before {
        Some(before) if before == version => format!("Model {version} is in use already."),
        Some(before) => format!(
            "Model {version} is in use now in place of model {before}. To take it back: plumbline score \
             use {portal} {before}"
        ),
        None => format!("Model {version} is in use now."),
    })?;
    output::line(format!("{} open deals scored.", done.scored))
}

fn print(models: &[ScoreModelLine]) -> Result<(), Failure> {
    let row = |model: &ScoreModelLine| {
        let judged = model.judged.as_ref();
        let auc = judged.map(|judged| &judged.auc);
        vec![
            model.version.to_string(),
            output::moment(model.trained_at),
            match &model.pipeline {
                Some(pipeline) => format!("{}, {}", model.event.text, pipeline.label),
                None => model.event.text.clone(),
            },
            model.rows.to_string(),
            auc.map_or_else(
                || "-".to_owned(),
                |auc| format!("{:.3} ({:.3}-{:.3})", auc.value, auc.low, auc.high),
            ),
            judged.map_or_else(
                || "-".to_owned(),
                |judged| format!("{:.4}", judged.log_loss),
            ),
            match (model.in_use.is_some(), model.is_published) {
                (true, _) => "in use",
                (false, true) => "kept",
                (false, false) => "no score",
            }
            .to_owned(),
        ]
    };
    let columns = [
        ("Model", Lean::Right),
        ("Trained", Lean::Left),
        ("Tells", Lean::Left),
        ("Sightings", Lean::Right),
        ("AUC", Lean::Right),
        ("Log loss", Lean::Right),
        ("", Lean::Left),
    ];
    output::table(&columns, &models.iter().map(row).collect::<Vec<_>>())?;
    for model in models {
        say(model)?;
    }
    Ok(())
}

/// What a line has no room for.
fn say(model: &ScoreModelLine) -> Result<(), Failure> {
    let of = model.version;
    if let Some(why) = &model.in_use {
        output::line(format!("Model {of} is in use. {why}"))?;
    }
    for refusal in &model.refusals {
        output::line(format!("Model {of} gives no score. {refusal}"))?;
    }
    if !model.properties.is_empty() {
        output::line(format!(
            "Model {of} learnt from {}, too.",
            model.properties.join(", ")
        ))?;
    }
    for drift in &model.drift {
        output::line(format!("Model {of}, drift: {drift}"))?;
    }
    Ok(())
}

//! The models of a portal side by side: compared, looked at, and one of them used.

use analyses::scoring::report::ScoreCard;
use analyses::scoring::{Model, Scored};
use store::{PortalStore, ScoreModelRow};

use super::{Wanted, keeping};
use crate::app::App;
use crate::hint;
use crate::views::{
    CopyArgs, ScoreCardArgs, ScoreModelLine, ScoreModelView, ScoreUseArgs, ScoreUseView,
};
use crate::wire::WireError;

impl App {
    /// The models that were kept, the newest first.
    ///
    /// # Errors
    /// When the portal is unknown.
    pub async fn score_models(&self, args: CopyArgs) -> Result<Vec<ScoreModelLine>, WireError> {
        let portal = self.copy(args.portal).await?;
        portal.with_store(lines).await
    }

    /// A model that was kept, with its card: the one of a version, else of what is asked about the one in
    /// use, else the newest.
    ///
    /// # Errors
    /// When the portal is unknown, or no such model was kept.
    pub async fn score_card(&self, args: ScoreCardArgs) -> Result<ScoreModelView, WireError> {
        let portal = self.copy(args.portal).await?;
        let (of, version) = (args.of, args.version);
        let found = portal
            .with_store(move |store| find(store, of, version))
            .await?;
        found.ok_or_else(not_kept)
    }

    /// Uses a model that was kept before, and scores the open records with it. The choice is one more step on
    /// record, and choosing the one before takes it back. A later training is held against it as against
    /// any other.
    ///
    /// # Errors
    /// When the portal is unknown, no such model was kept, its scores may not be shown, or another version
    /// of the program learnt it.
    pub async fn score_use(&self, args: ScoreUseArgs) -> Result<ScoreUseView, WireError> {
        let portal = self.portal(args.portal).await?;
        let (now, version) = (self.now(), args.version);
        let (scope, before) = portal
            .with_store(move |store| {
                let all = store.read(store::score_models)?;
                let wanted = all.iter().find(|model| model.version == version);
                let wanted = wanted.ok_or_else(not_kept)?;
                is_usable(store, wanted)?;
                let used = all
                    .iter()
                    .find(|model| model.in_force.is_some() && model.scope == wanted.scope);
                let before = used.map(|model| model.version);
                if before != Some(version) {
                    let why = before.map_or_else(
                        || "Chosen by hand.".to_owned(),
                        |before| format!("Chosen by hand in place of model {before}."),
                    );
                    store.write(|tx| store::choose_score_model(tx, now, version, &why))?;
                }
                Ok((wanted.scope.clone(), before))
            })
            .await?;
        // What a later version of the program scores is not this one's to use.
        let of = Scored::of_event(&scope.event).ok_or_else(not_kept)?;
        let wanted = Wanted {
            of,
            pipeline: scope.pipeline,
            horizon_days: scope.horizon_days,
            properties: Vec::new(),
        };
        let scored = keeping::score_open(&portal, &wanted, now).await?;
        portal.forget_scores().await;
        Ok(ScoreUseView {
            before,
            scored,
            models: portal.with_store(lines).await?,
        })
    }
}

fn is_usable(store: &PortalStore, model: &ScoreModelRow) -> Result<(), WireError> {
    if !model.published {
        return Err(WireError::bad_input(
            format!("The scores of model {} may not be shown.", model.version),
            "Its card says why. Choose another, or train one.",
        ));
    }
    let version = model.version;
    let kept = store.read(|connection| store::score_model(connection, version))?;
    let is_readable = kept.is_some_and(|kept| serde_json::from_str::<Model>(&kept).is_ok());
    if is_readable {
        return Ok(());
    }
    Err(WireError::bad_input(
        format!("Model {version} was learnt by another version of Plumbline."),
        "Its card stays. Choose another, or train one.",
    ))
}

fn not_kept() -> WireError {
    WireError::bad_input("No such model was kept.", hint::TRAIN_SCORE)
}

/// The model of a version; without one, that in use for what is scored, else the newest. None where there
/// is none.
pub(super) fn find(
    store: &PortalStore,
    of: Scored,
    version: Option<u32>,
) -> Result<Option<ScoreModelView>, WireError> {
    let all = store.read(store::score_models)?;
    let mut these = all.iter().filter(|model| model.scope.event == of.event());
    let used = these.clone().find(|model| model.in_force.is_some());
    let found = match version {
        Some(version) => all.iter().find(|model| model.version == version),
        None => used.or_else(|| these.next()),
    };
    let view = |model: &ScoreModelRow| {
        Ok(ScoreModelView {
            card: keeping::card(model)?,
            properties: keeping::settings(model)?.properties,
            version: model.version,
            trained_at: model.trained_at,
            is_published: model.published,
            in_use: model.in_force.clone(),
        })
    };
    found.map(view).transpose()
}

fn lines(store: &PortalStore) -> Result<Vec<ScoreModelLine>, WireError> {
    store.read(store::score_models)?.iter().map(line).collect()
}

fn line(model: &ScoreModelRow) -> Result<ScoreModelLine, WireError> {
    let ScoreCard {
        event,
        pipeline,
        population,
        model: learnt,
        ..
    } = keeping::card(model)?;
    let refusals = learnt.refusals.into_iter();
    Ok(ScoreModelLine {
        version: model.version,
        trained_at: model.trained_at,
        event,
        pipeline,
        rows: population.rows,
        records: population.records,
        contender: learnt.chosen.map(|chosen| chosen.words().to_owned()),
        judged: learnt.judged,
        is_published: model.published,
        refusals: refusals.map(|refusal| refusal.sentence).collect(),
        in_use: model.in_force.clone(),
        properties: keeping::settings(model)?.properties,
        drift: learnt
            .shifts
            .map_or_else(Vec::new, |shifts| shifts.warnings),
    })
}

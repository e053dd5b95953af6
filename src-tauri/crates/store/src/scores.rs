//! Scores: the models that were trained with their cards, which of them is used, and what it said.

use std::collections::BTreeMap;

use crm::{Moment, PipelineId, RecordId};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use crate::error::StoreError;

const ADD_MODEL: &str = include_str!("../../../../sql/store/add_score_model.sql");
const MODELS: &str = include_str!("../../../../sql/store/load_score_models.sql");
const MODEL: &str = include_str!("../../../../sql/store/load_score_model.sql");
const CHOOSE: &str = include_str!("../../../../sql/store/choose_score_model.sql");
const ADD_SCORE: &str = include_str!("../../../../sql/store/add_score.sql");
const FORGET_REASONS: &str = include_str!("../../../../sql/store/forget_score_reasons.sql");
const SCORES: &str = include_str!("../../../../sql/store/load_scores.sql");
const OVERRULE: &str = include_str!("../../../../sql/store/add_score_overrule.sql");
const OVERRULES: &str = include_str!("../../../../sql/store/load_score_overrules.sql");
const SET_PROPERTIES: &str = include_str!("../../../../sql/store/add_score_properties.sql");
const PROPERTIES: &str = include_str!("../../../../sql/store/load_score_properties.sql");

/// What a score tells of. Models of one scope follow each other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ScoreScope {
    /// `deal_won` or `contact_won`.
    pub event: String,
    /// Days within which it happens or not.
    pub horizon_days: u32,
    /// One pipeline, or all.
    pub pipeline: Option<PipelineId>,
}

/// A model to keep.
#[derive(Debug, Clone, PartialEq)]
pub struct NewScoreModel {
    /// What it tells of.
    pub scope: ScoreScope,
    /// Nothing later was learnt from.
    pub as_of: Moment,
    /// When it was trained.
    pub trained_at: Moment,
    /// Whether its card lets its scores be shown.
    pub published: bool,
    /// What it was asked, as JSON.
    pub settings: String,
    /// Its card, as JSON.
    pub card: String,
    /// What it learnt, as JSON; none where nothing is shown.
    pub model: Option<String>,
}

/// A model that was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreModelRow {
    /// Counts up from 1 over all models of the portal.
    pub version: u32,
    /// What it tells of.
    pub scope: ScoreScope,
    /// Nothing later was learnt from.
    pub as_of: Moment,
    /// When it was trained.
    pub trained_at: Moment,
    /// Whether its card lets its scores be shown.
    pub published: bool,
    /// What it was asked, as JSON.
    pub settings: String,
    /// Its card, as JSON.
    pub card: String,
    /// Why it is the one in force; none for one that is not.
    pub in_force: Option<String>,
}

/// What a model said of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreRow {
    /// The record.
    pub record: RecordId,
    /// Nothing later was looked at.
    pub as_of: Moment,
    /// When it was asked.
    pub scored_at: Moment,
    /// From 0 to 1.
    pub probability: f64,
    /// The place among all that were scored with it, 1 the highest.
    pub percentile: f64,
    /// The band by its name.
    pub band: String,
    /// The reasons, as JSON; none of scores that newer ones have replaced.
    pub reasons: Option<String>,
}

/// Keeps a model, and gives it a version.
///
/// # Errors
/// Failures of the database.
pub fn add_score_model(tx: &Transaction<'_>, model: &NewScoreModel) -> Result<u32, StoreError> {
    let scope = &model.scope;
    tx.prepare_cached(ADD_MODEL)?.execute(params![
        scope.event,
        scope.horizon_days,
        scope.pipeline.as_ref().map_or("", PipelineId::as_str),
        model.as_of.millis(),
        model.trained_at.millis(),
        model.published,
        model.settings,
        model.card,
        model.model,
    ])?;
    u32::try_from(tx.last_insert_rowid()).map_err(|_| StoreError::BadValue("a model's version"))
}

/// All models, the newest first.
///
/// # Errors
/// Failures of the database.
pub fn score_models(connection: &Connection) -> Result<Vec<ScoreModelRow>, StoreError> {
    let mut statement = connection.prepare_cached(MODELS)?;
    let rows = statement.query_map([], |row| {
        let pipeline: String = row.get(3)?;
        Ok(ScoreModelRow {
            version: row.get(0)?,
            scope: ScoreScope {
                event: row.get(1)?,
                horizon_days: row.get(2)?,
                pipeline: (!pipeline.is_empty()).then(|| PipelineId::new(pipeline)),
            },
            as_of: Moment::from_millis(row.get(4)?),
            trained_at: Moment::from_millis(row.get(5)?),
            published: row.get(6)?,
            settings: row.get(7)?,
            card: row.get(8)?,
            in_force: row.get(9)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What a model has learnt, as JSON; none where nothing was kept.
///
/// # Errors
/// Failures of the database.
pub fn score_model(connection: &Connection, version: u32) -> Result<Option<String>, StoreError> {
    let found = connection
        .prepare_cached(MODEL)?
        .query_row([version], |row| row.get(0))
        .optional()?;
    Ok(found.flatten())
}

/// Puts a model in force for its scope.
///
/// # Errors
/// Failures of the database.
pub fn choose_score_model(
    tx: &Transaction<'_>,
    at: Moment,
    version: u32,
    why: &str,
) -> Result<(), StoreError> {
    tx.prepare_cached(CHOOSE)?
        .execute(params![at.millis(), version, why])?;
    Ok(())
}

/// Keeps what a model said of records at one moment. The words of its older scores go.
///
/// # Errors
/// Failures of the database.
pub fn add_scores(
    tx: &Transaction<'_>,
    version: u32,
    scores: &[ScoreRow],
) -> Result<(), StoreError> {
    let mut add = tx.prepare_cached(ADD_SCORE)?;
    for score in scores {
        add.execute(params![
            score.record.get(),
            version,
            score.as_of.millis(),
            score.scored_at.millis(),
            score.probability,
            score.percentile,
            score.band,
            score.reasons,
        ])?;
    }
    if let Some(newest) = scores.iter().map(|score| score.as_of).max() {
        tx.prepare_cached(FORGET_REASONS)?
            .execute(params![version, newest.millis()])?;
    }
    Ok(())
}

/// What a model said last, the highest first.
///
/// # Errors
/// Failures of the database.
pub fn newest_scores(connection: &Connection, version: u32) -> Result<Vec<ScoreRow>, StoreError> {
    let mut statement = connection.prepare_cached(SCORES)?;
    let rows = statement.query_map([version], |row| {
        Ok(ScoreRow {
            record: RecordId::new(row.get(0)?),
            as_of: Moment::from_millis(row.get(1)?),
            scored_at: Moment::from_millis(row.get(2)?),
            probability: row.get(3)?,
            percentile: row.get(4)?,
            band: row.get(5)?,
            reasons: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Lets a suspected column in for a typed reason, or, without one, no longer.
///
/// # Errors
/// Failures of the database.
pub fn overrule_suspect(
    tx: &Transaction<'_>,
    at: Moment,
    event: &str,
    column: &str,
    reason: &str,
) -> Result<(), StoreError> {
    tx.prepare_cached(OVERRULE)?
        .execute(params![at.millis(), event, column, reason])?;
    Ok(())
}

/// The suspected columns that are let in, each with its reason.
///
/// # Errors
/// Failures of the database.
pub fn overruled_suspects(
    connection: &Connection,
    event: &str,
) -> Result<BTreeMap<String, String>, StoreError> {
    let mut statement = connection.prepare_cached(OVERRULES)?;
    let rows = statement.query_map([event], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Has scores of an event learn from these properties from now on, beside the usual ones.
///
/// # Errors
/// Failures of the database.
pub fn set_score_properties(
    tx: &Transaction<'_>,
    at: Moment,
    event: &str,
    properties: &[String],
) -> Result<(), StoreError> {
    let list = serde_json::to_string(properties)
        .map_err(|_| StoreError::BadValue("a list of properties"))?;
    tx.prepare_cached(SET_PROPERTIES)?
        .execute(params![at.millis(), event, list])?;
    Ok(())
}

/// The properties that scores of an event learn from beside the usual ones. None where nobody has chosen
/// yet.
///
/// # Errors
/// Failures of the database.
pub fn score_properties(
    connection: &Connection,
    event: &str,
) -> Result<Option<Vec<String>>, StoreError> {
    let found: Option<String> = connection
        .prepare_cached(PROPERTIES)?
        .query_row([event], |row| row.get(0))
        .optional()?;
    let read = |list: String| serde_json::from_str(&list);
    found
        .map(read)
        .transpose()
        .map_err(|_| StoreError::BadValue("a list of properties"))
}

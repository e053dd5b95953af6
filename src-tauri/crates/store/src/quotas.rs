//! Quotas, as the user enters them: every version is kept with its time.

use crm::{Currency, Moment, OwnerId, PipelineId, TeamId, parse_amount};
use jiff::civil::Date;
use rusqlite::types::Type;
use rusqlite::{Connection, Row, Transaction, params};
use rust_decimal::Decimal;

use crate::error::StoreError;

const ADD: &str = include_str!("../../../../sql/store/add_quota.sql");
const LOAD: &str = include_str!("../../../../sql/store/load_quotas.sql");

/// Whose deals count towards a quota.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum QuotaOf {
    /// Everybody's.
    All,
    /// A team's.
    Team(TeamId),
    /// One owner's.
    Owner(OwnerId),
}

/// What a quota is for. Two versions of the same one agree in all of this.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct QuotaScope {
    /// The first day of the period, in the portal's calendar.
    pub first_day: Date,
    /// The last day, which belongs to it.
    pub last_day: Date,
    /// One pipeline, or all.
    pub pipeline: Option<PipelineId>,
    /// Whose deals count.
    pub whose: QuotaOf,
}

/// One version of a quota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaVersion {
    /// When it was entered, by this machine's clock.
    pub set_at: Moment,
    /// What it is for.
    pub scope: QuotaScope,
    /// The amount; none takes the quota back.
    pub amount: Option<Decimal>,
    /// Its currency.
    pub currency: Currency,
}

/// Keeps one more version. None is ever changed or removed.
///
/// # Errors
/// Failures of the database.
pub fn add_quota(tx: &Transaction<'_>, version: &QuotaVersion) -> Result<(), StoreError> {
    let scope = &version.scope;
    let (whose, whose_id) = match &scope.whose {
        QuotaOf::All => ("all", String::new()),
        QuotaOf::Team(team) => ("team", team.to_string()),
        QuotaOf::Owner(owner) => ("owner", owner.to_string()),
    };
    tx.prepare_cached(ADD)?.execute(params![
        version.set_at.millis(),
        scope.first_day.to_string(),
        scope.last_day.to_string(),
        scope.pipeline.as_ref().map_or("", PipelineId::as_str),
        whose,
        whose_id,
        version.amount.map(|amount| amount.to_string()),
        version.currency.code(),
    ])?;
    Ok(())
}

/// Every version that was entered up to a moment, oldest first.
///
/// # Errors
/// Failures of the database, and rows that make no sense.
pub fn quotas(connection: &Connection, until: Moment) -> Result<Vec<QuotaVersion>, StoreError> {
    let mut statement = connection.prepare_cached(LOAD)?;
    let rows = statement.query_map([until.millis()], version)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn version(row: &Row<'_>) -> rusqlite::Result<QuotaVersion> {
    let text = |column: usize| row.get::<_, String>(column);
    let senseless =
        |column: usize| rusqlite::Error::InvalidColumnType(column, "quota".to_owned(), Type::Text);
    let day = |column: usize| text(column)?.parse().map_err(|_| senseless(column));
    let whose_id = text(5)?;
    let whose = match text(4)?.as_str() {
        "all" => QuotaOf::All,
        "team" => QuotaOf::Team(TeamId::new(whose_id)),
        _ => QuotaOf::Owner(whose_id.parse().map_err(|_| senseless(5))?),
    };
    let amount: Option<String> = row.get(6)?;
    let amount = match amount {
        None => None,
        Some(text) => Some(parse_amount(&text).ok_or_else(|| senseless(6))?),
    };
    Ok(QuotaVersion {
        set_at: Moment::from_millis(row.get(0)?),
        scope: QuotaScope {
            first_day: day(1)?,
            last_day: day(2)?,
            pipeline: Some(text(3)?)
                .filter(|id| !id.is_empty())
                .map(PipelineId::new),
            whose,
        },
        amount,
        currency: text(7)?.parse().map_err(|_| senseless(7))?,
    })
}

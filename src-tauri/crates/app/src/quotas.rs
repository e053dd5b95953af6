//! Quotas: entered by the user, every version kept with its time.

use std::collections::HashSet;

use analyses::forecast::report::MoneyValue;
use analyses::forecast::{Period, Quota, Whose};
use crm::{FiscalYear, Moment, PipelineId, parse_amount};
use rust_decimal::Decimal;
use store::{PortalStore, QuotaOf, QuotaScope, QuotaVersion, StoreError};
use timeline::Timeline;

use crate::app::App;
use crate::forecasting::{Standing, zone};
use crate::open_portal::OpenPortal;
use crate::period;
use crate::views::{QuotaEntry, QuotaListArgs, QuotaSetArgs};
use crate::whose;
use crate::wire::WireError;

/// The largest quota: a trillion of anything is a slip of a hand.
const MOST: u64 = 1_000_000_000_000;

impl App {
    /// Enters a quota, and tells all versions of all quotas.
    ///
    /// # Errors
    /// When the portal, pipeline, team or owner is unknown, or the period or amount makes no sense.
    pub async fn quota_set(&self, args: QuotaSetArgs) -> Result<Vec<QuotaEntry>, WireError> {
        let portal = self.portal(args.portal).await?;
        let Standing {
            info, fiscal_year, ..
        } = portal.standing(args.pipeline.as_ref()).await?;
        let now = self.now();
        let days = period::days(&args.period, now.date_in(&zone(&info)), fiscal_year)?;
        let timeline = portal.timeline().await?;
        let whose = whose::asked(&timeline, args.team, args.owner)?;
        let version = QuotaVersion {
            set_at: now,
            scope: scope(days, args.pipeline, &whose),
            amount: args.amount.as_deref().map(amount).transpose()?,
            currency: timeline.clock().home_currency,
        };
        portal
            .with_store(move |store| Ok(store.write_durable(|tx| store::add_quota(tx, &version))?))
            .await?;
        entries(&portal, now).await
    }

    /// All versions of all quotas, the newest first.
    ///
    /// # Errors
    /// When the portal is unknown or the day makes no sense.
    pub async fn quotas(&self, args: QuotaListArgs) -> Result<Vec<QuotaEntry>, WireError> {
        let portal = self.copy(args.portal).await?;
        let now = self.now_in(&portal);
        let until = match &args.as_of {
            None => now,
            Some(day) => {
                let info = portal.with_store(|store| Ok(store.info()?)).await?;
                period::end_of(period::day(day)?, &zone(&info), now)?
            }
        };
        entries(&portal, until).await
    }
}

/// The quota of a period and scope, as known at a moment.
///
/// # Errors
/// Failures of the database.
pub(crate) fn known(
    store: &PortalStore,
    until: Moment,
    of: &QuotaScope,
) -> Result<Option<Quota>, StoreError> {
    let all = store.read(|connection| store::quotas(connection, until))?;
    let versions: Vec<_> = all.iter().filter(|version| version.scope == *of).collect();
    let newest = versions.last();
    Ok(newest.and_then(|newest| {
        Some(Quota {
            amount: newest.amount?,
            currency: newest.currency,
            set_at: newest.set_at,
            versions: u32::try_from(versions.len()).unwrap_or(u32::MAX),
        })
    }))
}

/// An amount that was asked with, not entered.
///
/// # Errors
/// When it is no amount.
pub(crate) fn as_asked(text: &str, timeline: &Timeline, at: Moment) -> Result<Quota, WireError> {
    Ok(Quota {
        amount: amount(text)?,
        currency: timeline.clock().home_currency,
        set_at: at,
        versions: 0,
    })
}

/// What a quota for these days and deals is filed under.
pub(crate) fn scope(days: period::Days, pipeline: Option<PipelineId>, whose: &Whose) -> QuotaScope {
    QuotaScope {
        first_day: days.first,
        last_day: days.last,
        pipeline,
        whose: match whose {
            Whose::All => QuotaOf::All,
            Whose::Team(team) => QuotaOf::Team(team.clone()),
            Whose::Owner(owner) => QuotaOf::Owner(*owner),
        },
    }
}

fn amount(text: &str) -> Result<Decimal, WireError> {
    parse_amount(text)
        .filter(|amount| *amount > Decimal::ZERO && *amount <= Decimal::from(MOST))
        .filter(|amount| amount.normalize().scale() <= 2)
        .ok_or_else(|| {
            WireError::bad_input(
                "This is not an amount for a quota.",
                "Write it as plain digits above zero, in the portal's currency: 120000.00.",
            )
        })
}

async fn entries(portal: &OpenPortal, until: Moment) -> Result<Vec<QuotaEntry>, WireError> {
    let (versions, year) = portal
        .with_store(move |store| {
            Ok(store.read(|connection| {
                Ok((
                    store::quotas(connection, until)?,
                    store::fiscal_year(connection)?,
                ))
            })?)
        })
        .await?;
    let mut seen = HashSet::new();
    let newest_first = versions.into_iter().rev();
    Ok(newest_first
        .map(|version| {
            let current = seen.insert(version.scope.clone());
            entry(version, current, year)
        })
        .collect())
}

fn entry(version: QuotaVersion, current: bool, year: FiscalYear) -> QuotaEntry {
    let QuotaScope {
        first_day,
        last_day,
        pipeline,
        whose,
    } = version.scope;
    let (team, owner) = match whose {
        QuotaOf::All => (None, None),
        QuotaOf::Team(team) => (Some(team), None),
        QuotaOf::Owner(owner) => (None, Some(owner)),
    };
    let currency = version.currency;
    QuotaEntry {
        label: Period {
            first_day,
            last_day,
        }
        .label(year),
        first_day,
        last_day,
        pipeline,
        team,
        owner,
        amount: version.amount.map(|amount| {
            let mut amount = amount.round_dp(2);
            amount.rescale(2);
            MoneyValue { amount, currency }
        }),
        set_at: version.set_at,
        current,
    }
}

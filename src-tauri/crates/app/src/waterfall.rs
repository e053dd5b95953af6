//! What moved the open pipeline between two days.

use analyses::forecast::Period;
use analyses::waterfall::{self, WaterfallQuestion};
use crm::Moment;
use jiff::SignedDuration;

use crate::app::{App, blocking};
use crate::forecasting::{Standing, zone};
use crate::hint;
use crate::period;
use crate::views::{PeriodChoice, WaterfallArgs, WaterfallView};
use crate::whose;
use crate::wire::WireError;

impl App {
    /// What moved the open pipeline from before a first day to the end of a last one, never later
    /// than the moment up to which the copy is complete.
    ///
    /// # Errors
    /// When the portal or the pipeline is unknown, the portal was never synced, or the days make no
    /// sense.
    pub async fn waterfall(&self, args: WaterfallArgs) -> Result<WaterfallView, WireError> {
        let portal = self.copy(args.portal).await?;
        let Standing {
            info,
            fiscal_year,
            complete_to,
            ..
        } = portal.standing(args.pipeline.as_ref()).await?;
        let zone = zone(&info);
        let (first, last) = (period::day(&args.from)?, period::day(&args.to)?);
        let from = Moment::start_of(first, &zone).plus(SignedDuration::from_millis(-1));
        let to = period::end_of(last, &zone, complete_to)?;
        if from >= to {
            return Err(WireError::bad_input(
                "The first day comes after the last, or the copy does not reach it.",
                "Choose an earlier first day.",
            ));
        }
        let closing = args
            .closing
            .map(|(first, last)| {
                let days = PeriodChoice::Days { first, last };
                period::days(&days, to.date_in(&zone), fiscal_year)
            })
            .transpose()?;
        let timeline = portal.timeline().await?;
        let question = WaterfallQuestion {
            from,
            to,
            pipeline: args.pipeline,
            whose: whose::asked(&timeline, args.team, args.owner)?,
            closing: closing.map(|days| Period {
                first_day: days.first,
                last_day: days.last,
            }),
        };
        let report = blocking(move || Ok(waterfall::waterfall(&timeline, &question))).await?;
        let report = report.ok_or_else(|| {
            WireError::bad_input("This portal has no such pipeline.", hint::CHOOSE_PIPELINE)
        })?;
        Ok(WaterfallView {
            portal: args.portal,
            snapshot: portal.snapshot(),
            report,
        })
    }
}

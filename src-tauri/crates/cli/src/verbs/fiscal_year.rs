//! `plumbline fiscal-year`.

use app::views::{CopyArgs, FiscalYearArgs, FiscalYearView};
use crm::PortalId;

use crate::failure::Failure;
use crate::output;
use crate::session::Session;

/// What people call the months, in their order.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(crate) async fn run(
    session: &Session,
    portal: PortalId,
    first_month: Option<i8>,
) -> Result<(), Failure> {
    let app = session.open().await?;
    let view = match first_month {
        Some(first_month) => {
            let args = FiscalYearArgs {
                portal,
                first_month,
            };
            app.fiscal_year_set(args).await?
        }
        None => {
            app.fiscal_year(CopyArgs {
                portal: portal.into(),
            })
            .await?
        }
    };
    if session.json {
        return output::json(&view);
    }
    output::line(sentence(view))
}

fn sentence(view: FiscalYearView) -> String {
    let months = MONTHS.iter().cycle();
    let begins: Vec<&str> = months
        .skip(usize::try_from(view.first_month.first_month() - 1).unwrap_or(0))
        .step_by(3)
        .take(4)
        .copied()
        .collect();
    format!(
        "The fiscal year begins in {}: quarters begin in {}.",
        begins[0],
        begins.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(first_month: i8, quarters: &str) {
        let view = FiscalYearView {
            first_month: first_month.try_into().unwrap(),
        };
        let first = MONTHS[first_month as usize - 1];
        let expected = format!("The fiscal year begins in {first}: quarters begin in {quarters}.");
        assert_eq!(sentence(view), expected);
    }

    #[test]
    fn the_months_in_which_quarters_begin_are_told() {
        check(1, "January, April, July, October");
        check(2, "February, May, August, November");
        check(12, "December, March, June, September");
    }
}

//! The fewest calls in which HubSpot's API gives what a first load keeps, from its page limits.

use std::fmt;

use hubspot::limits;
use sync::{SyncOptions, SyncReport};

/// A part of the sum.
#[derive(Debug)]
pub(crate) struct Part {
    what: String,
    pub(crate) calls: u64,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.what, self.calls)
    }
}

/// What each stream of a finished first load costs at least.
pub(crate) fn calls(report: &SyncReport, options: &SyncOptions) -> Vec<Part> {
    let rows = |name: &str| {
        let found = report.streams.iter().find(|stream| stream.stream == name);
        found.map_or(0, |stream| stream.rows)
    };
    let mut parts = Vec::new();
    for stream in &report.streams {
        let parted: Vec<&str> = stream.stream.split('/').collect();
        // An empty list is known by asking; where there is nobody to ask about, nothing is asked.
        let (rows, page, least) = match parted.as_slice() {
            ["records", object] => {
                let plan = options
                    .objects
                    .iter()
                    .find(|plan| plan.object.as_str() == *object);
                let with_history = plan.is_some_and(|plan| !plan.history.is_empty());
                let page = if with_history {
                    limits::PAGE_WITH_HISTORY
                } else {
                    limits::PAGE
                };
                (stream.rows, page, 1)
            }
            ["associations", from, _] => {
                let from = rows(&format!("records/{from}"));
                (from, limits::ASSOCIATION_INPUTS, 0)
            }
            ["labels", ..] => (1, 1, 1),
            _ => continue,
        };
        let page = u64::try_from(page).unwrap();
        parts.push(Part {
            what: format!("{}: {rows} / {page}", stream.stream),
            calls: rows.div_ceil(page).max(least),
        });
    }
    let types = u64::try_from(options.objects.len()).unwrap();
    let pipelines = options.objects.iter().filter(|plan| plan.pipelines).count();
    parts.push(Part {
        what: format!(
            "account, schemas, owners here and gone, {types} types, {pipelines} with pipelines"
        ),
        calls: 4 + types + u64::try_from(pipelines).unwrap(),
    });
    parts
}

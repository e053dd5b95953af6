//! The calls that the simulator counted, by the budget they eat.

use std::collections::BTreeMap;

use serde_json::Value;

/// Calls by budget and by route.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    pub(crate) general: u64,
    pub(crate) associations: u64,
    pub(crate) search: u64,
    pub(crate) by_route: BTreeMap<String, u64>,
}

impl Requests {
    /// From the control route `requests`.
    pub(crate) fn of(counted: &Value) -> Self {
        let mut requests = Self::default();
        for (route, count) in counted.as_object().into_iter().flatten() {
            let count = count.as_u64().unwrap_or(0);
            let budget = if route.ends_with("/search") {
                &mut requests.search
            } else if route.contains("/crm/associations/")
                || route.contains("/crm/v4/associations/")
            {
                &mut requests.associations
            } else {
                &mut requests.general
            };
            *budget += count;
            requests.by_route.insert(route.clone(), count);
        }
        requests
    }

    pub(crate) fn all(&self) -> u64 {
        self.general + self.associations + self.search
    }
}

//! Faults that tests switch on: what goes wrong on which route, and how often.

use serde::Deserialize;
use serde_json::json;

use super::exchange::{Payload, Reply};

/// One fault, as the control address takes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Fault {
    /// A method; any when left out.
    #[serde(default)]
    pub method: Option<String>,
    /// What the path begins with; any when left out.
    #[serde(default)]
    pub path: Option<String>,
    /// What the path has somewhere; any when left out.
    #[serde(default)]
    pub contains: Option<String>,
    /// Strikes from this call on, counted from one over the calls that match.
    #[serde(default = "one")]
    pub nth: u64,
    /// How many calls it strikes; every one when left out.
    #[serde(default)]
    pub times: Option<u64>,
    /// Answers with this status instead.
    #[serde(default)]
    pub status: Option<u16>,
    /// Answers with this body: text that begins with `<` is sent as HTML, an object as JSON.
    #[serde(default)]
    pub body: Option<serde_json::Value>,
    /// A `Retry-After` header, in seconds.
    #[serde(default)]
    pub retry_after: Option<u64>,
    /// Waits this long before answering.
    #[serde(default)]
    pub delay_ms: u64,
    /// Closes the connection instead of answering.
    #[serde(default)]
    pub cut: bool,
    /// Closes the connection after this many bytes of the body.
    #[serde(default)]
    pub truncate: Option<usize>,
    /// Sends the body a byte at a time, so many milliseconds apart.
    #[serde(default)]
    pub trickle_ms: Option<u64>,
    /// Sends so many bytes of blanks in front of the body, and never holds them in memory: JSON
    /// allows them, clients should not keep them.
    #[serde(default)]
    pub padding: Option<u64>,
    /// Says that the body is compressed, which it is not.
    #[serde(default)]
    pub gzip: bool,
    /// Lets the call take effect before its answer is spoilt: the way a write is done and its
    /// confirmation lost.
    #[serde(default)]
    pub after: bool,
}

fn one() -> u64 {
    1
}

impl Fault {
    /// A fault that answers every call with a status and a body.
    pub(crate) fn answering(status: u16, body: serde_json::Value) -> Self {
        Self {
            method: None,
            path: None,
            contains: None,
            nth: 1,
            times: None,
            status: Some(status),
            body: Some(body),
            retry_after: None,
            delay_ms: 0,
            cut: false,
            truncate: None,
            trickle_ms: None,
            padding: None,
            gzip: false,
            after: false,
        }
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        self.method
            .as_deref()
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self
                .path
                .as_deref()
                .is_none_or(|prefix| path.starts_with(prefix))
            && self
                .contains
                .as_deref()
                .is_none_or(|part| path.contains(part))
    }

    /// Whether the call is answered as if nothing was wrong, only late or cut short.
    pub(crate) fn spares_the_call(&self) -> bool {
        self.status.is_none() && !self.cut
    }

    /// The spoilt answer.
    pub(crate) fn reply(&self, id: &str) -> Reply {
        let status = self.status.unwrap_or(500);
        let payload = match &self.body {
            Some(serde_json::Value::String(text)) if text.is_empty() => Payload::Empty,
            Some(serde_json::Value::String(text)) => Payload::Html(text.clone()),
            Some(value) => Payload::Json(value.clone()),
            None => Payload::Json(json!({
                "status": "error",
                "message": "internal error",
                "correlationId": id,
            })),
        };
        let headers = self
            .retry_after
            .iter()
            .map(|seconds| ("retry-after", seconds.to_string()))
            .collect();
        Reply {
            status,
            headers,
            payload,
        }
    }
}

/// The faults that are switched on, with the number of calls that each has seen.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<(Fault, u64)>);

impl Faults {
    /// Switches a fault on.
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push((fault, 0));
    }

    /// Switches all faults off. Says how many there were.
    pub(crate) fn clear(&mut self) -> usize {
        std::mem::take(&mut self.0).len()
    }

    /// Counts a call, and gives the first fault that strikes it.
    pub(crate) fn strike(&mut self, method: &str, path: &str) -> Option<Fault> {
        let mut striking = None;
        for (fault, seen) in &mut self.0 {
            if !fault.matches(method, path) {
                continue;
            }
            *seen += 1;
            let begun = *seen >= fault.nth;
            let over = fault
                .times
                .is_some_and(|times| *seen >= fault.nth.saturating_add(times));
            if begun && !over && striking.is_none() {
                let mut found = fault.clone();
                found.after |= found.spares_the_call();
                striking = Some(found);
            }
        }
        striking
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(fault: serde_json::Value, calls: usize) -> Vec<bool> {
        let mut faults = Faults::default();
        faults.add(serde_json::from_value(fault).unwrap());
        (0..calls)
            .map(|_| faults.strike("GET", "/crm/owners/2026-09").is_some())
            .collect()
    }

    #[test]
    fn faults_strike_the_calls_they_name() {
        assert_eq!(struck(json!({ "status": 500 }), 3), [true, true, true]);
        assert_eq!(
            struck(json!({ "nth": 2, "times": 1 }), 4),
            [false, true, false, false]
        );
        assert_eq!(struck(json!({ "nth": 3 }), 4), [false, false, true, true]);
        assert_eq!(struck(json!({ "method": "POST" }), 1), [false]);
        assert_eq!(struck(json!({ "path": "/crm/objects" }), 1), [false]);
        assert_eq!(
            struck(json!({ "contains": "owners", "method": "get" }), 1),
            [true]
        );
    }

    #[test]
    fn a_misspelt_switch_is_refused() {
        assert!(serde_json::from_value::<Fault>(json!({ "statuz": 500 })).is_err());
    }
}

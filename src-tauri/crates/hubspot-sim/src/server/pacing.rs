//! HubSpot's rate limits (developers.hubspot.com, "API usage guidelines"), with numbers that tests
//! may lower.

use std::collections::VecDeque;
use std::time::Duration;

use crm::Moment;

use super::auth::Credential;
use super::refusal::Refusal;
use crate::portal::Portal;
use crate::portal::plan::Plan;

/// How many calls fit into which time.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub(crate) struct Allowance {
    /// An OAuth app's calls in ten seconds.
    pub oauth: usize,
    /// A static token's calls in ten seconds, on an Enterprise account.
    pub fixed: usize,
    /// Searches of the whole account in a second.
    pub search: usize,
    /// Association calls in ten seconds.
    pub associations: usize,
    /// A static token's calls in a day of the portal.
    pub daily: usize,
}

impl Allowance {
    /// The numbers of an Enterprise account.
    pub(crate) const REAL: Self = Self {
        oauth: 110,
        fixed: 190,
        search: 5,
        associations: 150,
        daily: 1_000_000,
    };

    /// The numbers of an account with this subscription.
    pub(crate) fn of(plan: Plan) -> Self {
        let (fixed, associations, daily) = match plan {
            Plan::Free | Plan::Starter => (100, 100, 250_000),
            Plan::Professional => (190, 150, 625_000),
            Plan::Enterprise => (190, 150, 1_000_000),
        };
        Self {
            fixed,
            associations,
            daily,
            ..Self::REAL
        }
    }
}

/// Which limit a call falls under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Nearly everything.
    General,
    /// Search: five a second for the account, and no headers.
    Search,
    /// Association batches and labels.
    Associations,
}

const TEN_SECONDS: Duration = Duration::from_secs(10);
const SECOND: Duration = Duration::from_secs(1);

/// Calls seen within a rolling window.
#[derive(Debug, Default)]
struct Window(VecDeque<Duration>);

impl Window {
    /// Counts a call unless the window is full. Says how many more fit.
    fn take(&mut self, at: Duration, span: Duration, most: usize) -> Option<usize> {
        while self.0.front().is_some_and(|first| *first + span <= at) {
            self.0.pop_front();
        }
        if self.0.len() >= most {
            return None;
        }
        self.0.push_back(at);
        Some(most - self.0.len())
    }
}

/// The counters of one simulator.
#[derive(Debug)]
pub(crate) struct Pacer {
    /// The numbers, or none when limits are off.
    pub allowance: Option<Allowance>,
    oauth: Window,
    fixed: Window,
    search: Window,
    associations: Window,
    day: Option<jiff::civil::Date>,
    today: usize,
}

/// Headers that go with an answer.
pub(crate) type Headers = Vec<(&'static str, String)>;

impl Pacer {
    /// Counters at zero.
    pub(crate) fn new(allowance: Option<Allowance>) -> Self {
        Self {
            allowance,
            oauth: Window::default(),
            fixed: Window::default(),
            search: Window::default(),
            associations: Window::default(),
            day: None,
            today: 0,
        }
    }

    /// Counts a call, or refuses it. `elapsed` is real time since the start, `now` the world's.
    pub(crate) fn admit(
        &mut self,
        lane: Lane,
        credential: Credential,
        portal: &Portal,
        elapsed: Duration,
        now: Moment,
    ) -> Result<Headers, Refusal> {
        let Some(allowance) = self.allowance else {
            return Ok(Headers::new());
        };
        let daily = match credential {
            Credential::Static => Some(self.count_today(allowance, portal, now)?),
            Credential::OAuth => None,
        };
        let group = |name: &str| format!("publicapi:{name}:{}", portal.id);
        let ten_secondly = |name: &str| {
            let message = "You have reached your ten_secondly_rolling limit.";
            Refusal::rate("TEN_SECONDLY_ROLLING", message, &group(name))
        };
        let (most, left) = match lane {
            Lane::Search => {
                self.search
                    .take(elapsed, SECOND, allowance.search)
                    .ok_or_else(|| {
                        let message = "You have reached your secondly limit.";
                        Refusal::rate("SECONDLY", message, &group("crm-search-secondly"))
                    })?;
                return Ok(Headers::new());
            }
            Lane::Associations => {
                let left = self
                    .associations
                    .take(elapsed, TEN_SECONDS, allowance.associations);
                (
                    allowance.associations,
                    left.ok_or_else(|| ten_secondly("associations-ten-secondly"))?,
                )
            }
            Lane::General => {
                let (window, most) = match credential {
                    Credential::OAuth => (&mut self.oauth, allowance.oauth),
                    Credential::Static => (&mut self.fixed, allowance.fixed),
                };
                let left = window.take(elapsed, TEN_SECONDS, most);
                (
                    most,
                    left.ok_or_else(|| ten_secondly("app-api-calls-ten-secondly"))?,
                )
            }
        };
        let mut headers: Headers = vec![
            ("x-hubspot-ratelimit-max", most.to_string()),
            ("x-hubspot-ratelimit-remaining", left.to_string()),
            (
                "x-hubspot-ratelimit-interval-milliseconds",
                "10000".to_owned(),
            ),
        ];
        if let Some(daily_left) = daily {
            headers.push(("x-hubspot-ratelimit-daily", allowance.daily.to_string()));
            headers.push((
                "x-hubspot-ratelimit-daily-remaining",
                daily_left.to_string(),
            ));
        }
        Ok(headers)
    }

    /// A static token's calls since midnight, and how many a day allows.
    pub(crate) fn daily(&self) -> (usize, usize) {
        let allowance = self.allowance.unwrap_or(Allowance::REAL);
        (self.today, allowance.daily)
    }

    /// The daily counter starts anew at midnight of the portal's zone.
    fn count_today(
        &mut self,
        allowance: Allowance,
        portal: &Portal,
        now: Moment,
    ) -> Result<usize, Refusal> {
        let zone = jiff::tz::TimeZone::get(portal.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
        let today = now.date_in(&zone);
        if self.day != Some(today) {
            (self.day, self.today) = (Some(today), 0);
        }
        if self.today >= allowance.daily {
            let group = format!("publicapi:private-apps-api-calls-daily:{}", portal.id);
            return Err(Refusal::rate(
                "DAILY",
                "You have reached your daily limit.",
                &group,
            ));
        }
        self.today += 1;
        Ok(allowance.daily - self.today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_roll() {
        let mut window = Window::default();
        let at = Duration::from_millis;
        assert_eq!(window.take(at(0), SECOND, 2), Some(1));
        assert_eq!(window.take(at(600), SECOND, 2), Some(0));
        assert_eq!(window.take(at(999), SECOND, 2), None);
        assert_eq!(window.take(at(1_000), SECOND, 2), Some(0));
        assert_eq!(window.take(at(1_500), SECOND, 2), None);
    }

    #[test]
    fn the_day_ends_at_the_portals_midnight() {
        let portal = Portal::empty(1);
        let mut pacer = Pacer::new(Some(Allowance {
            daily: 2,
            ..Allowance::REAL
        }));
        let mut call = |text: &str| {
            let now = text.parse().unwrap();
            pacer
                .admit(
                    Lane::General,
                    Credential::Static,
                    &portal,
                    Duration::ZERO,
                    now,
                )
                .is_ok()
        };
        assert!(call("2026-11-20T22:00:00Z"));
        assert!(call("2026-11-20T22:10:00Z"));
        assert!(!call("2026-11-20T22:59:59Z"));
        // Midnight in Berlin.
        assert!(call("2026-11-20T23:00:00Z"));
    }
}

//! The simulator's state and the one road that every request takes through it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crm::Moment;
use serde::Serialize;

use super::auth::{Auth, Grant};
use super::exchange::{Reply, Request};
use super::faults::{Fault, Faults};
use super::link_limits::LinkLimits;
use super::lists::List;
use super::pacing::{Allowance, Lane, Pacer};
use super::refusal::{Answer, Refusal};
use super::route::{self, Area, Route};
use super::scenario::{self, Quirks};
use super::{associations, control, definitions, directory, oauth, objects, validations};
use crate::options::{Limits, SimOptions};
use crate::portal::kind::Kind;
use crate::portal::property::Prop;
use crate::portal::record::Record;
use crate::world::World;

/// The world's clock: it starts at `now`, runs with the machine's and can be moved on.
#[derive(Debug)]
pub(crate) struct Clock {
    base: Moment,
    started: Instant,
    moved: i64,
    /// Whether the machine's time is left out, so that only a test moves it.
    held: bool,
}

impl Clock {
    fn new(base: Moment) -> Self {
        Self {
            base,
            started: Instant::now(),
            moved: 0,
            held: false,
        }
    }

    /// Real time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// The present: what writes and tokens are stamped with.
    pub(crate) fn now(&self) -> Moment {
        if self.held {
            return self.lived();
        }
        let elapsed = i64::try_from(self.elapsed().as_millis()).unwrap_or(i64::MAX);
        Moment::from_millis(self.base.millis() + self.moved + elapsed)
    }

    /// The present without the seconds that passed by themselves. The world's life follows this
    /// one, or what happens would depend on how fast a test runs.
    pub(crate) fn lived(&self) -> Moment {
        Moment::from_millis(self.base.millis() + self.moved)
    }

    /// From now on the clock moves only when it is moved.
    pub(crate) fn hold(&mut self) {
        self.held = true;
    }

    /// Moves the clock on.
    pub(crate) fn advance(&mut self, millis: i64) {
        self.moved += millis.max(0);
    }
}

/// One property written by a client.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Written {
    /// When.
    pub at: Moment,
    /// Which call.
    pub call: &'static str,
    /// The object type's plural name.
    pub object_type: &'static str,
    /// The record's id.
    pub id: String,
    /// The property, or what else was written.
    pub property: String,
    /// The value before; `None` when it was never set.
    pub old: Option<String>,
    /// The value since.
    pub new: Option<String>,
}

/// Everything.
pub(crate) struct Simulation {
    /// The portal and its life.
    pub world: World,
    /// Tokens.
    pub auth: Auth,
    /// Rate limits.
    pub pacer: Pacer,
    /// Switched-on faults.
    pub faults: Faults,
    /// Every write, in order.
    pub ledger: Vec<Written>,
    /// Calls by method and path pattern.
    pub requests: BTreeMap<String, u64>,
    /// The world's clock.
    pub clock: Clock,
    /// How long search does not know of a change, in milliseconds.
    pub search_lag: i64,
    /// Whether the simulator was stopped: connections that clients keep open get no answer either.
    pub stopped: bool,
    /// Whether pages hold half of what was asked for and still go on: real ones do so at times,
    /// and clients that stop at a short page lose the rest.
    pub short_pages: bool,
    /// Properties that an administrator made compulsory: 2026-09 refuses writes to records that
    /// lack them (HubSpot's changelog, "CRM API write validation enforcement", 2026-08-11).
    pub compulsory: Vec<(Kind, Prop)>,
    /// What scenarios have switched on.
    pub quirks: Quirks,
    /// Addresses that were deleted for privacy, in lower case: they cannot come back.
    pub forgotten: BTreeSet<String>,
    /// Records that the token has lost the right to see.
    pub hidden: Vec<(Kind, Record)>,
    /// Lists of records.
    pub lists: Vec<List>,
    /// The last number given to a pipeline or a stage.
    pub last_number: u64,
    /// Limits that the portal set for associations.
    pub link_limits: LinkLimits,
    /// Longest body of a search, in characters; `None` for no limit. HubSpot's guide says 3,000,
    /// its specification puts that limit on the free text, and longer bodies are seen to work.
    pub longest_search: Option<usize>,
}

impl Simulation {
    /// A simulator of a world that exists already.
    pub(crate) fn new(world: World, options: &SimOptions, port: u16) -> Self {
        let allowance = match options.limits {
            Limits::Real => Some(Allowance::REAL),
            Limits::Off => None,
        };
        Self {
            world,
            auth: Auth::new(options.seed, port),
            pacer: Pacer::new(allowance),
            faults: Faults::default(),
            ledger: Vec::new(),
            requests: BTreeMap::new(),
            clock: Clock::new(options.now),
            search_lag: 0,
            stopped: false,
            short_pages: false,
            compulsory: Vec::new(),
            quirks: Quirks::default(),
            forgotten: BTreeSet::new(),
            hidden: Vec::new(),
            lists: Vec::new(),
            last_number: 1_204_000,
            link_limits: LinkLimits::default(),
            longest_search: None,
        }
    }

    /// Answers a request, and says which fault is to spoil the answer.
    pub(crate) fn handle(&mut self, request: &Request) -> (Reply, Option<Fault>) {
        let segments = request.segments();
        if let ["__control", rest @ ..] = segments.as_slice() {
            return (control::answer(self, request, rest), None);
        }
        *self
            .requests
            .entry(pattern(&request.method, &segments))
            .or_default() += 1;
        let fault = self.faults.strike(&request.method, &request.path);
        if let Some(fault) = &fault
            && !fault.after
        {
            // The call is lost before it was understood: nothing happens in the portal.
            return (fault.reply(&self.auth.uuid()), Some(fault.clone()));
        }
        let mut reply = match self.answer(request, &segments) {
            Ok(reply) => reply,
            Err(refusal) => refusal.reply(&self.auth.uuid()),
        };
        reply
            .headers
            .push(("x-hubspot-correlation-id", self.auth.uuid()));
        if let Some(fault) = &fault
            && fault.status.is_some()
        {
            reply = fault.reply(&self.auth.uuid());
        }
        (reply, fault)
    }

    fn answer(&mut self, request: &Request, segments: &[&str]) -> Answer {
        let not_found = || Refusal::missing("resource not found");
        let route = route::parse(segments).ok_or_else(not_found)?;
        if let Some(reply) = scenario::before(self, request, &route) {
            return Ok(reply);
        }
        match route.area {
            Area::OAuth => return oauth::answer(self, request, &route.rest, route.version),
            Area::PrivateApps => return oauth::private_app(self, request, &route.rest),
            _ => {}
        }
        let grant = self
            .auth
            .authenticate(request.bearer.as_deref(), self.clock.now())?;
        let lane = lane(&route);
        let (elapsed, now) = (self.clock.elapsed(), self.clock.now());
        let headers = self
            .pacer
            .admit(lane, grant.credential, &self.world.portal, elapsed, now)?;
        let answer = self.perform(request, &route, &grant);
        let mut reply = answer.or_else(|refusal| Ok(refusal.reply(&self.auth.uuid())))?;
        scenario::after(self, request, &route, &mut reply);
        reply.headers.extend(headers);
        Ok(reply)
    }

    fn perform(&mut self, request: &Request, route: &Route<'_>, grant: &Grant) -> Answer {
        match route.area {
            Area::Objects => objects::answer(self, request, route, grant),
            Area::Associations => associations::answer(self, request, route, grant),
            Area::Properties => definitions::answer(self, request, &route.rest, grant),
            Area::Validations => validations::answer(self, request, &route.rest, grant),
            _ => directory::answer(self, request, route, grant),
        }
    }

    /// How many records a page of `limit` really holds.
    pub(crate) fn page_of(&self, limit: usize) -> usize {
        if self.short_pages {
            limit.div_ceil(2)
        } else {
            limit
        }
    }

    /// How far search is behind at this call, in milliseconds.
    pub(crate) fn lag(&self) -> i64 {
        if self.quirks.uneven_lag && self.quirks.calls.is_multiple_of(2) {
            0
        } else {
            self.search_lag
        }
    }

    /// A number for something new: HubSpot names pipelines and stages by numbers.
    pub(crate) fn next_number(&mut self) -> String {
        self.last_number += 37;
        self.last_number.to_string()
    }

    /// Remembers a write.
    pub(crate) fn record(&mut self, written: Written) {
        self.ledger.push(written);
    }
}

fn lane(route: &Route<'_>) -> Lane {
    match (route.area, route.rest.as_slice()) {
        (Area::Objects, [_, "search"]) => Lane::Search,
        (Area::Associations, _) => Lane::Associations,
        _ => Lane::General,
    }
}

/// A path with its ids left out, for counting.
fn pattern(method: &str, segments: &[&str]) -> String {
    let mut pattern = method.to_owned();
    pattern.push(' ');
    for segment in segments {
        let is_id = segment.bytes().all(|byte| byte.is_ascii_digit());
        let is_secret = segment.len() > 30;
        pattern.push('/');
        pattern.push_str(if is_id || is_secret { "{}" } else { segment });
    }
    pattern
}

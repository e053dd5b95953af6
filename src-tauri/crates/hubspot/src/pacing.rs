//! How fast a portal is called.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crm::Moment;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::bucket::{Bucket, Place};
use crate::call::Lane;
use crate::day::{Book, Leave};
use crate::transport::Answer;
use crate::{Budget, Clock, Error, Usage, limits, wall};

/// The pace of one portal's client. Corrected at run time by what HubSpot's headers say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pacing {
    /// Calls in [`Pacing::interval`] of everything that has no budget of its own.
    pub general: u32,
    /// Searches a second.
    pub searches_per_second: u32,
    /// Association calls in [`Pacing::interval`].
    pub associations: u32,
    /// The window of the two burst budgets.
    pub interval: Duration,
    /// How often a call is repeated at most.
    pub repeats: u32,
    /// The longest time one call may take, repeats included.
    pub deadline: Duration,
    /// How long a call waits, beyond its repeats, for a network that was there before.
    pub patience: Duration,
    /// How long a second of waiting before a repeat lasts; tests shorten it.
    pub second: Duration,
    /// Whether calls slow down and stop when too many of the day's fail: HubSpot wants errors under
    /// 5 % of a day's requests (usage guidelines). The simulator does not mind.
    pub guards_error_rate: bool,
    /// Seeds the jitter of the waits, so that a run can be repeated.
    pub seed: u64,
}

impl Pacing {
    /// For an app connected over OAuth.
    #[must_use]
    pub fn oauth(seed: u64) -> Self {
        Self {
            general: limits::OAUTH_BURST,
            searches_per_second: limits::SEARCHES_PER_SECOND,
            associations: limits::ASSOCIATIONS_BURST,
            interval: limits::BURST_INTERVAL,
            repeats: limits::REPEATS,
            deadline: limits::CALL_DEADLINE,
            patience: limits::NETWORK_PATIENCE,
            second: Duration::from_secs(1),
            guards_error_rate: true,
            seed,
        }
    }

    /// For a static token: as slow as the smallest plan, until a header says more.
    #[must_use]
    pub fn static_token(seed: u64) -> Self {
        Self {
            general: limits::STATIC_BURST,
            ..Self::oauth(seed)
        }
    }

    /// As fast as the other side answers, for a HubSpot on this machine without limits.
    #[must_use]
    pub fn unlimited(seed: u64) -> Self {
        Self {
            general: u32::MAX,
            searches_per_second: u32::MAX,
            associations: u32::MAX,
            // A simulator that is gone does not come back.
            patience: Duration::ZERO,
            guards_error_rate: false,
            ..Self::oauth(seed)
        }
    }
}

/// Paces one client's calls.
pub(crate) struct Pacer {
    pacing: Pacing,
    general: Bucket,
    search: Bucket,
    associations: Bucket,
    search_slots: Semaphore,
    chance: Mutex<ChaCha8Rng>,
    book: Mutex<Book>,
}

/// A call's turn; held while the call is under way.
pub(crate) struct Turn<'a> {
    bucket: &'a Bucket,
    place: Place,
    /// Whether this call asks whether the day's budget is still spent.
    pub(crate) asks_again: bool,
    #[allow(dead_code, reason = "held, not read")]
    slot: Option<SemaphorePermit<'a>>,
}

impl Turn<'_> {
    /// The call's answer is here.
    pub(crate) fn answered(&self) {
        self.bucket.answered(self.place);
    }

    /// HubSpot said 429: nobody goes for a while, and everybody more slowly after it.
    pub(crate) fn refused(&self, wait: Duration) {
        self.bucket.refused(wait);
    }
}

impl Pacer {
    pub(crate) fn new(pacing: Pacing) -> Self {
        let searches = pacing.searches_per_second;
        Self {
            general: Bucket::new(pacing.general, pacing.interval),
            search: Bucket::new(searches, Duration::from_secs(1)),
            associations: Bucket::new(pacing.associations, pacing.interval),
            search_slots: Semaphore::new(limits::SEARCHES_AT_ONCE),
            chance: Mutex::new(ChaCha8Rng::seed_from_u64(pacing.seed)),
            book: Mutex::new(Book::new(pacing.guards_error_rate)),
            pacing,
        }
    }

    pub(crate) fn pacing(&self) -> &Pacing {
        &self.pacing
    }

    /// Waits for a turn on a budget.
    ///
    /// # Errors
    /// [`crate::Kind::DailyLimit`] without sending anything while the day's budget is known to be spent,
    /// [`crate::Kind::ErrorRate`] while too many of its calls have failed.
    pub(crate) async fn admit(&self, lane: Lane, clock: &dyn Clock) -> Result<Turn<'_>, Error> {
        let Leave { wait, asks_again } = self.book().ask(clock.now())?;
        if !wait.is_zero() {
            wall::rest(clock, wait.mul_f64(self.pacing.second.as_secs_f64())).await;
        }
        // The semaphore is never closed, so the error cannot come.
        let slot = match lane {
            Lane::Search => self.search_slots.acquire().await.ok(),
            Lane::General | Lane::Associations => None,
        };
        let bucket = self.bucket(lane);
        let place = bucket.take().await;
        Ok(Turn {
            bucket,
            place,
            asks_again,
            slot,
        })
    }

    /// Takes in what an answer's headers tell about the budgets.
    pub(crate) fn learn(
        &self,
        turn: &Turn<'_>,
        lane: Lane,
        answer: &Answer,
        now: Moment,
        usage: &mut Usage,
    ) {
        if lane == Lane::Search {
            // Search answers carry no budget of their own; what stands there is somebody else's.
            return;
        }
        let interval = answer.number("x-hubspot-ratelimit-interval-milliseconds");
        let interval = interval.map_or(self.pacing.interval, Duration::from_millis);
        let max = answer.number("x-hubspot-ratelimit-max");
        let remaining = answer.number("x-hubspot-ratelimit-remaining");
        if let (Some(limit), Some(remaining)) = (max, remaining) {
            let small = |number| u32::try_from(number).unwrap_or(u32::MAX);
            turn.bucket
                .learn(turn.place, small(limit), small(remaining), interval);
            if lane == Lane::General {
                usage.burst = Some(Budget {
                    limit,
                    remaining,
                    interval,
                });
            }
        }
        let daily = answer.number("x-hubspot-ratelimit-daily");
        let daily_remaining = answer.number("x-hubspot-ratelimit-daily-remaining");
        if let (Some(limit), Some(remaining)) = (daily, daily_remaining) {
            self.book().told(now, limit, remaining);
            let interval = Duration::from_secs(24 * 3600);
            usage.daily = Some(Budget {
                limit,
                remaining,
                interval,
            });
        }
    }

    /// A number in `0.0..1.0`, from the seed.
    pub(crate) fn chance(&self) -> f64 {
        let mut random = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        f64::from(random.next_u32()) / (f64::from(u32::MAX) + 1.0)
    }

    fn bucket(&self, lane: Lane) -> &Bucket {
        match lane {
            Lane::General => &self.general,
            Lane::Search => &self.search,
            Lane::Associations => &self.associations,
        }
    }

    /// The count of the portal's day.
    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! One portal's client: token, pace, repeats and counts around every call.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crm::Moment;
use reqwest::header::AUTHORIZATION;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, timeout};

use crate::answer::Malformed;
use crate::call::Call;
use crate::pacing::{Pacer, Turn};
use crate::transport::{self, Answer, Unanswered};
use crate::wall::{self, TheirClock};
use crate::{
    Addresses, Clock, DayStore, Error, Kind, Origin, Pacing, TokenSource, Usage, classify, repeats,
};

/// After this many steps the waits for a lost network grow no more: it is found back in seconds.
const LOST_STEPS: u32 = 2;

/// Speaks with one portal. Cheap to clone; clones share the pace.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

struct Shared {
    http: reqwest::Client,
    addresses: Addresses,
    tokens: Arc<dyn TokenSource>,
    pacer: Pacer,
    clock: Arc<dyn Clock>,
    usage: Mutex<Usage>,
    their_clock: TheirClock,
    /// Whether any call of this client was ever answered: then there is a network to return.
    was_answered: AtomicBool,
}

/// How one attempt ended without a result.
struct Failed {
    error: Error,
    /// Whether HubSpot may have acted on it.
    reached: bool,
}

impl Client {
    /// A client for the portal that `tokens` belong to.
    ///
    /// # Errors
    /// [`Kind::Network`] when no HTTP client can be set up on this machine.
    pub fn new(
        addresses: Addresses,
        tokens: Arc<dyn TokenSource>,
        pacing: Pacing,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        let http = transport::http_client(&addresses.api)?;
        Ok(Self(Arc::new(Shared {
            http,
            addresses,
            tokens,
            pacer: Pacer::new(pacing),
            clock,
            usage: Mutex::default(),
            their_clock: TheirClock::default(),
            was_answered: AtomicBool::new(false),
        })))
    }

    /// Goes on with the portal's day where an earlier client of it stopped, and keeps the count in
    /// `store` from now on: seldom while calls are made, and when [`Client::save_day`] is called.
    /// `zone` is the portal's time zone, by which days end. Blocks.
    pub fn keep_day(&self, zone: &str, store: Arc<dyn DayStore>) {
        let saved = store.load();
        let mut book = self.0.pacer.book();
        book.learn_zone(zone, self.0.clock.now());
        book.restore(saved, store);
    }

    /// Saves the count of the portal's day, if any of it is not saved. For the end of work. Blocks.
    pub fn save_day(&self) {
        let due = self.0.pacer.book().due(self.0.clock.now(), true);
        if let Some((store, count)) = due {
            store.save(&count);
        }
    }

    /// What this client has spent so far, and what the portal's day has left.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let usage = self.0.usage.lock().unwrap_or_else(PoisonError::into_inner);
        Usage {
            today: self.0.pacer.book().count().cloned(),
            ..usage.clone()
        }
    }

    /// Lets one call through although the day's budget is known to be spent, for a person who wants
    /// it tried now: HubSpot may have raised the limit. If it has not, all is as before.
    pub fn ask_again(&self) {
        self.0.pacer.book().ask_again(self.0.clock.now());
    }

    /// HubSpot's own time, as the `Date` of its answers lets us know it: never later than it is
    /// there, and a second or two behind at most, unless the machine slept since the last answer.
    /// Our clock's time as long as there was no answer. Ends of search windows are made from this:
    /// a record changed after such an end has a later modified date for certain.
    #[must_use]
    pub fn hubspot_now(&self) -> Moment {
        self.0.their_clock.now(self.0.clock.now())
    }

    pub(crate) fn learn_zone(&self, zone: &str) {
        self.0.pacer.book().learn_zone(zone, self.0.clock.now());
    }

    /// Makes a call, repeats it where that may help, and reads the answer.
    ///
    /// Dropping the future stops between any two steps; nothing is left behind but the request that
    /// may be under way.
    pub(crate) async fn send<T>(
        &self,
        call: &Call,
        read: impl Fn(&[u8]) -> Result<T, Malformed>,
    ) -> Result<T, Error> {
        self.send_for(call, |_, body| read(body)).await
    }

    /// The same, for answers whose status says more than that they are a success.
    pub(crate) async fn send_for<T>(
        &self,
        call: &Call,
        read: impl Fn(u16, &[u8]) -> Result<T, Malformed>,
    ) -> Result<T, Error> {
        let shared = &*self.0;
        let pacing = shared.pacer.pacing();
        let mut token = shared.tokens.bearer().await?;
        let mut renewed = false;
        let mut done = 0;
        let mut deadline: Option<Instant> = None;
        let mut lost_at: Option<Instant> = None;
        loop {
            let turn = shared.pacer.admit(call.lane, &*shared.clock).await;
            let turn = turn.map_err(|error| error.on_route(call.route))?;
            let deadline = *deadline.get_or_insert_with(|| Instant::now() + pacing.deadline);
            let Failed { error, reached } = match self
                .attempt(call, &turn, &token, deadline, done > 0, &read)
                .await
            {
                Ok(value) => return Ok(value),
                Err(failed) => failed,
            };
            let error = error.on_route(call.route);
            if error.kind() == Kind::Reauth && !renewed {
                renewed = true;
                token = match shared.tokens.renew(&token).await {
                    Ok(token) => token,
                    // A token that cannot be renewed: the 401 itself says more.
                    Err(refusal) if refusal.kind() == Kind::Reauth => return Err(error),
                    Err(refusal) => return Err(refusal),
                };
                continue;
            }
            let chance = shared.pacer.chance();
            // Asking for a network that is gone costs HubSpot nothing, so it is asked for often.
            let is_lost = !reached
                && error.kind() == Kind::Network
                && shared.was_answered.load(Ordering::Relaxed);
            let patient =
                is_lost && lost_at.get_or_insert_with(Instant::now).elapsed() < pacing.patience;
            let tries = if is_lost { done.min(LOST_STEPS) } else { done };
            let wait = repeats::wait(&error, call.repeat, reached, tries, chance)
                .map(|wait| wait.mul_f64(pacing.second.as_secs_f64()))
                .filter(|_| patient || done < pacing.repeats)
                .filter(|wait| Instant::now() + *wait < deadline);
            let Some(wait) = wait else { return Err(error) };
            if matches!(error.kind(), Kind::RateLimited { .. }) {
                turn.refused(wait);
            }
            tracing::debug!(
                route = call.route,
                http = error.origin().http,
                repeat = done + 1,
                wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                "call is repeated"
            );
            drop(turn);
            wall::rest(&*shared.clock, wait).await;
            done += 1;
            if !renewed {
                token = shared.tokens.bearer().await?;
            }
        }
    }

    async fn attempt<T>(
        &self,
        call: &Call,
        turn: &Turn<'_>,
        token: &SecretString,
        deadline: Instant,
        is_repeat: bool,
        read: impl Fn(u16, &[u8]) -> Result<T, Malformed>,
    ) -> Result<T, Failed> {
        let shared = &*self.0;
        let unsent = |error| Failed {
            error,
            reached: false,
        };
        let url = call.url(&shared.addresses.api).map_err(unsent)?;
        let request = call
            .request(&shared.http, url)
            .header(AUTHORIZATION, bearer(token).map_err(unsent)?);
        let left = deadline
            .saturating_duration_since(Instant::now())
            .max(Duration::from_millis(1));
        let cut_off = |kind| {
            Err(Unanswered {
                kind,
                http: None,
                reached: true,
            })
        };
        let outcome = tokio::select! {
            biased;
            outcome = timeout(left, transport::exchange(request)) => {
                outcome.unwrap_or_else(|_| cut_off(Kind::Timeout))
            }
            () = wall::woken(&*shared.clock) => cut_off(Kind::Network),
        };
        let result = match outcome {
            Ok(answer) => {
                turn.answered();
                self.judge(call, turn, &answer, read)
            }
            Err(unanswered) => {
                if turn.asks_again {
                    shared.pacer.book().ask_again(shared.clock.now());
                }
                Err(Failed {
                    error: unanswered.into(),
                    reached: unanswered.reached,
                })
            }
        };
        let http = result.as_ref().err().and_then(|f| f.error.origin().http);
        if result.as_ref().err().is_none_or(|failed| failed.reached) {
            self.count(http.is_some_and(|status| status >= 400));
        }
        let mut usage = shared.usage.lock().unwrap_or_else(PoisonError::into_inner);
        usage.calls += 1;
        usage.repeats += u64::from(is_repeat);
        if result.is_err() {
            usage.errors += 1;
            usage.rate_limited += u64::from(http == Some(429));
        }
        result
    }

    /// Counts a call of the day, and has the count saved when it is time.
    fn count(&self, is_error: bool) {
        let shared = &*self.0;
        let now = shared.clock.now();
        let mut book = shared.pacer.book();
        book.called(now, is_error);
        if let Some((store, count)) = book.due(now, false) {
            tokio::task::spawn_blocking(move || store.save(&count));
        }
    }

    /// What an answer means, for the caller and for the pace.
    fn judge<T>(
        &self,
        call: &Call,
        turn: &Turn<'_>,
        answer: &Answer,
        read: impl Fn(u16, &[u8]) -> Result<T, Malformed>,
    ) -> Result<T, Failed> {
        let shared = &*self.0;
        let now = shared.clock.now();
        shared.was_answered.store(true, Ordering::Relaxed);
        if let Some(date) = answer.date() {
            shared.their_clock.learn(date);
        }
        if turn.asks_again {
            let mut book = shared.pacer.book();
            match answer.status {
                // Whatever it was asked, it took the call; its headers have the last word.
                200..=428 | 430..=499 => book.reopen(),
                429 => {}
                // What is broken does not know about budgets.
                _ => book.ask_again(now),
            }
        }
        {
            let mut usage = shared.usage.lock().unwrap_or_else(PoisonError::into_inner);
            shared.pacer.learn(turn, call.lane, answer, now, &mut usage);
        }
        if (200..300).contains(&answer.status) {
            return read(answer.status, &answer.body).map_err(|Malformed| {
                let origin = Origin {
                    http: Some(answer.status),
                    ..Origin::default()
                };
                Failed {
                    error: Error::new(Kind::Malformed, origin),
                    reached: true,
                }
            });
        }
        let mut error = classify::data(answer);
        if let Kind::DailyLimit { .. } = error.kind() {
            let ask_again = Some(shared.pacer.book().spend(now));
            error = Error::new(Kind::DailyLimit { ask_again }, error.origin().clone());
        }
        Err(Failed {
            error,
            reached: true,
        })
    }
}

/// The header that carries a token. A token with line breaks in it, as pasted ones have, is none.
fn bearer(token: &SecretString) -> Result<reqwest::header::HeaderValue, Error> {
    let text = format!("Bearer {}", token.expose_secret());
    let mut value = reqwest::header::HeaderValue::from_str(&text).map_err(|_| {
        Error::from(Kind::InvalidRequest(
            "the token holds characters no token has",
        ))
    })?;
    value.set_sensitive(true);
    Ok(value)
}

//! One portal's client: token, pace, repeats and counts around every call.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::AUTHORIZATION;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, timeout};

use crate::answer::Malformed;
use crate::call::Call;
use crate::pacing::{Pacer, Turn};
use crate::transport::{self, Answer, Unanswered};
use crate::{Addresses, Clock, Error, Kind, Origin, Pacing, TokenSource, Usage, classify, repeats};

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
        })))
    }

    /// What this client has spent so far.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.0
            .usage
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The pacing, for what a call teaches about the portal.
    pub(crate) fn pacer(&self) -> &Pacer {
        &self.0.pacer
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
        loop {
            let turn = shared.pacer.admit(call.lane, shared.clock.now()).await;
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
            let wait = repeats::wait(&error, call.repeat, reached, done, chance)
                .map(|wait| wait.mul_f64(pacing.second.as_secs_f64()))
                .filter(|wait| done < pacing.repeats && Instant::now() + *wait < deadline);
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
            tokio::time::sleep(wait).await;
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
        let outcome = timeout(left, transport::exchange(request))
            .await
            .unwrap_or(Err(Unanswered {
                kind: Kind::Timeout,
                http: None,
                reached: true,
            }));
        let result = match outcome {
            Ok(answer) => {
                turn.answered();
                self.judge(call, turn, &answer, read)
            }
            Err(unanswered) => Err(Failed {
                error: unanswered.into(),
                reached: unanswered.reached,
            }),
        };
        let mut usage = shared.usage.lock().unwrap_or_else(PoisonError::into_inner);
        usage.calls += 1;
        usage.repeats += u64::from(is_repeat);
        if let Err(failed) = &result {
            usage.errors += 1;
            usage.rate_limited += u64::from(failed.error.origin().http == Some(429));
        }
        result
    }

    /// What an answer means, for the caller and for the pace.
    fn judge<T>(
        &self,
        call: &Call,
        turn: &Turn<'_>,
        answer: &Answer,
        read: impl Fn(u16, &[u8]) -> Result<T, Malformed>,
    ) -> Result<T, Failed> {
        {
            let mut usage = self.0.usage.lock().unwrap_or_else(PoisonError::into_inner);
            self.0.pacer.learn(turn, call.lane, answer, &mut usage);
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
        let error = classify::data(answer);
        if error.kind() == Kind::DailyLimit {
            self.0.pacer.close_for_the_day(self.0.clock.now());
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

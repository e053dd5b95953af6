//! What can go wrong, classified once.

use std::fmt;
use std::time::Duration;

use crm::{Moment, RecordId};

/// Everything a call can fail with.
///
/// `Display` and `Debug` hold codes, counts and ids: never an answer's body, a token, a name or an
/// address.
#[derive(Debug, Clone)]
pub struct Error(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    kind: Kind,
    origin: Origin,
}

/// The classes of failure, each of which somebody acts on in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Too many calls, even after waiting: come back after this long.
    RateLimited {
        /// How long HubSpot wants quiet.
        retry_after: Duration,
    },
    /// The day's calls are spent; the budget returns at midnight of the portal's time zone.
    DailyLimit {
        /// When one call asks HubSpot whether that still holds, where a portal's client said it: in
        /// an hour, or at the midnight if that is sooner. Until then nothing is sent.
        ask_again: Option<Moment>,
    },
    /// Not sent: nearly one in twenty of the day's calls was an error, which is what HubSpot allows
    /// an app at most. Calls go on by themselves.
    ErrorRate {
        /// When they go on: after a pause that doubles, at the portal's midnight at the latest.
        until: Moment,
    },
    /// HubSpot is overloaded, locked or broken, and repeats did not help.
    Unavailable {
        /// How long to wait, where HubSpot said so.
        retry_after: Option<Duration>,
    },
    /// The portal moves between data centres: pause it.
    Moving {
        /// How long HubSpot expects it to take; up to 24 hours.
        retry_after: Option<Duration>,
    },
    /// The token is not accepted, and renewing did not help or is not possible.
    Reauth,
    /// Access was withdrawn: the app was uninstalled, or the portal is gone. Keep the data, ask to
    /// reconnect.
    Disconnected,
    /// The app's own settings are wrong.
    App(AppFault),
    /// The authorization code or its verifier was not accepted: start the flow again.
    CodeRefused,
    /// The token lacks scopes, or its owner a permission; [`Origin::missing_scopes`] may name them.
    MissingScopes,
    /// Not allowed for another reason: often the plan lacks the object type.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// It already exists.
    Conflict,
    /// The request's content was refused; [`Origin::codes`] may say why.
    Validation,
    /// The URL was too long, or too many things were asked for at once: split the request.
    TooLong,
    /// Refused by HubSpot for a reason that this crate does not know.
    Refused,
    /// Not sent, because it breaks a documented limit.
    InvalidRequest(&'static str),
    /// The answer was longer than [`crate::limits::ANSWER_BYTES`].
    AnswerTooLarge,
    /// The answer was not what HubSpot documents: HTML, nothing, or another shape.
    Malformed,
    /// The pages of a list would never end: a cursor came twice, or page after page was empty.
    EndlessPages,
    /// The answer speaks of another portal than the one connected.
    WrongPortal,
    /// No connection, or it broke.
    Network,
    /// No answer in time, repeats included.
    Timeout,
    /// The place where tokens rest failed, so that no token could be used.
    TokenStore,
}

/// What is wrong with the app's own settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppFault {
    /// The client id is unknown (`BAD_CLIENT_ID`).
    ClientId,
    /// The client secret is wrong (`BAD_CLIENT_SECRET`).
    ClientSecret,
    /// The redirect address is not registered (`BAD_REDIRECT_URI`).
    RedirectUri,
    /// A scope is not one of the app's (`BAD_SCOPES`).
    Scopes,
    /// Something else about the app (`invalid_client`, `unauthorized_client`).
    Other,
}

/// Where an error comes from: safe to log, all of it optional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The route, as a template without ids.
    pub route: Option<&'static str>,
    /// The HTTP status.
    pub http: Option<u16>,
    /// HubSpot's `category`.
    pub category: Option<String>,
    /// HubSpot's `subCategory`.
    pub sub_category: Option<String>,
    /// Which limit a 429 speaks of.
    pub policy: Option<String>,
    /// The codes of the single errors, such as `PROPERTY_DOESNT_EXIST`, without repeats.
    pub codes: Vec<String>,
    /// The properties that a validation names, without repeats.
    pub properties: Vec<String>,
    /// The scopes that a 403 names.
    pub missing_scopes: Vec<String>,
    /// HubSpot's id of the call, for its support.
    pub correlation_id: Option<String>,
    /// HubSpot's own words. For a person's eyes only.
    pub message: Option<RemoteText>,
}

/// Words that came from outside and may hold names, addresses or hostile markup. Hidden from
/// `Debug`, so that no log gets them by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct RemoteText(String);

impl RemoteText {
    /// Long enough for every message seen; the rest of a longer one is cut.
    const LONGEST: usize = 2_000;

    /// Takes the words, cut to a sane length.
    pub(crate) fn new(text: &str) -> Self {
        Self(text.chars().take(Self::LONGEST).collect())
    }

    /// The words, to be shown as plain text to the person whose portal it is, and never logged.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RemoteText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RemoteText({} bytes)", self.0.len())
    }
}

/// One input of a batch that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputError {
    /// The records that the refusal names; may be empty.
    pub ids: Vec<RecordId>,
    /// The inputs that it names by their `objectWriteTraceId`; may be empty.
    pub traces: Vec<String>,
    /// HubSpot's category, such as `OBJECT_NOT_FOUND`.
    pub category: Option<String>,
    /// The codes of the single errors.
    pub codes: Vec<String>,
    /// The properties named.
    pub properties: Vec<String>,
    /// HubSpot's own words.
    pub message: Option<RemoteText>,
}

impl Error {
    /// An error of a class, from somewhere.
    pub(crate) fn new(kind: Kind, origin: Origin) -> Self {
        Self(Box::new(Inner { kind, origin }))
    }

    /// The class.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Where it comes from.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.0.origin
    }

    pub(crate) fn on_route(mut self, route: &'static str) -> Self {
        self.0.origin.route.get_or_insert(route);
        self
    }

    /// Whether the same call may succeed later without anybody doing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self.0.kind {
            Kind::RateLimited { .. }
            | Kind::DailyLimit { .. }
            | Kind::ErrorRate { .. }
            | Kind::Unavailable { .. }
            | Kind::Moving { .. }
            | Kind::Network
            | Kind::Timeout => true,
            Kind::Reauth
            | Kind::Disconnected
            | Kind::App(_)
            | Kind::CodeRefused
            | Kind::MissingScopes
            | Kind::Forbidden
            | Kind::NotFound
            | Kind::Conflict
            | Kind::Validation
            | Kind::TooLong
            | Kind::Refused
            | Kind::InvalidRequest(_)
            | Kind::AnswerTooLarge
            | Kind::Malformed
            | Kind::EndlessPages
            | Kind::WrongPortal
            | Kind::TokenStore => false,
        }
    }

    /// How long to wait before trying again, where that is known.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self.0.kind {
            Kind::RateLimited { retry_after } => Some(retry_after),
            Kind::Unavailable { retry_after } | Kind::Moving { retry_after } => retry_after,
            _ => None,
        }
    }

    /// Whether a write that failed this way may have been carried out all the same. Then only
    /// reading back can tell.
    #[must_use]
    pub fn outcome_is_unknown(&self) -> bool {
        match self.0.kind {
            Kind::Unavailable { .. } => self.0.origin.http != Some(423),
            Kind::Network | Kind::Timeout | Kind::AnswerTooLarge | Kind::Malformed => true,
            _ => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.kind)?;
        let origin = &self.0.origin;
        if let Some(route) = origin.route {
            write!(f, " on {route}")?;
        }
        if let Some(http) = origin.http {
            write!(f, ", HTTP {http}")?;
        }
        for (name, value) in [
            ("category", &origin.category),
            ("policy", &origin.policy),
            ("correlation id", &origin.correlation_id),
        ] {
            if let Some(value) = value {
                write!(f, ", {name} {value}")?;
            }
        }
        if !origin.codes.is_empty() {
            write!(f, ", codes {}", origin.codes.join(" "))?;
        }
        Ok(())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RateLimited { .. } => "HubSpot's rate limit is reached",
            Self::DailyLimit { .. } => "HubSpot's daily limit is reached",
            Self::ErrorRate { .. } => "too many of today's calls failed",
            Self::Unavailable { .. } => "HubSpot is not available",
            Self::Moving { .. } => "the portal is moving between data centres",
            Self::Reauth => "HubSpot does not accept the token",
            Self::Disconnected => "HubSpot has withdrawn access to the portal",
            Self::App(fault) => return write!(f, "HubSpot does not accept the app's {fault}"),
            Self::CodeRefused => "HubSpot does not accept the authorization code",
            Self::MissingScopes => "the token lacks scopes",
            Self::Forbidden => "HubSpot does not allow this",
            Self::NotFound => "HubSpot knows no such thing",
            Self::Conflict => "it already exists in HubSpot",
            Self::Validation => "HubSpot refused the content of the request",
            Self::TooLong => "the request was too long",
            Self::Refused => "HubSpot refused the request",
            Self::InvalidRequest(why) => return write!(f, "the request was not sent: {why}"),
            Self::AnswerTooLarge => "the answer was too large",
            Self::Malformed => "the answer was not one of HubSpot's",
            Self::EndlessPages => "HubSpot's pages did not come to an end",
            Self::WrongPortal => "the answer came from another portal",
            Self::Network => "the connection failed",
            Self::Timeout => "there was no answer in time",
            Self::TokenStore => "the token store failed",
        })
    }
}

impl fmt::Display for AppFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClientId => "client id",
            Self::ClientSecret => "client secret",
            Self::RedirectUri => "redirect address",
            Self::Scopes => "scopes",
            Self::Other => "credentials",
        })
    }
}

impl std::error::Error for Error {}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Self::new(kind, Origin::default())
    }
}

//! One attempt to connect a portal, from the consent page to tokens.

use std::sync::Arc;
use std::time::Duration;

use crm::PortalId;
use oauth2::RedirectUrl;
use rand_core::CryptoRng;
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

use super::authorize::{self, Secrets};
use super::callback::{Awaited, Callback};
use super::endpoint::{Introspection, TokenEndpoint};
use super::listener::Listener;
use super::{OpenError, Opener, OwnApp, Scopes, redirect_uri};
use crate::{AccountInfo, Addresses, Client, Clock, Error, Kind, Pacing, StaticToken, TokenSet};

/// How long a person has to answer. A declined consent redirects nowhere, so an end is needed.
const ATTEMPT_LIMIT: Duration = Duration::from_secs(5 * 60);

/// A portal, connected. Nothing is stored yet.
#[derive(Debug)]
pub struct Connection {
    /// The tokens, to be stored before they are used further.
    pub tokens: TokenSet,
    /// Who the portal is; to be shown and confirmed, since the browser may have been signed in to
    /// another one than the person thinks.
    pub portal: AccountInfo,
    /// The portal's domain, where HubSpot told it: the nearest thing to a name.
    pub domain: Option<String>,
    /// The scopes that were granted. Optional ones may silently be missing.
    pub scopes: Vec<String>,
}

/// Why an attempt to connect ended.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ConnectError {
    /// None of the redirect ports is free on this machine.
    #[error("none of the redirect ports is free")]
    PortsTaken,
    /// The attempt was cancelled.
    #[error("connecting was cancelled")]
    Cancelled,
    /// Nobody answered the consent page in five minutes.
    #[error("HubSpot's consent page was not answered in time")]
    TimedOut,
    /// The person, or HubSpot, said no.
    #[error("HubSpot was not allowed to connect ({0})")]
    Denied(String),
    /// The consent page could not be shown.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The consent was given for another portal than the one to be reconnected.
    #[error("another portal ({got}) was connected than the one expected ({expected})")]
    WrongPortal {
        /// The portal to be reconnected.
        expected: PortalId,
        /// The portal that answered.
        got: PortalId,
    },
    /// HubSpot refused, or could not be reached.
    #[error(transparent)]
    HubSpot(#[from] Error),
}

/// Connects a portal: listens, shows the consent page, takes the code, exchanges it, and asks who
/// the portal is.
///
/// With `portal` the attempt reconnects that one, and any other is refused. Dropping the future, or
/// `cancel`, closes the listener at once.
///
/// # Errors
/// [`ConnectError`] says how the attempt ended. Nothing is left behind.
#[allow(
    clippy::too_many_arguments,
    reason = "each is one thing that the attempt needs from outside"
)]
pub async fn connect(
    app: &OwnApp,
    scopes: &Scopes,
    addresses: &Addresses,
    opener: &dyn Opener,
    randomness: &mut (dyn CryptoRng + Send),
    cancel: CancellationToken,
    portal: Option<PortalId>,
    clock: Arc<dyn Clock>,
) -> Result<Connection, ConnectError> {
    let attempt = attempt(app, scopes, addresses, opener, randomness, portal, clock);
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(ConnectError::Cancelled),
        outcome = attempt => outcome,
    }
}

async fn attempt(
    app: &OwnApp,
    scopes: &Scopes,
    addresses: &Addresses,
    opener: &dyn Opener,
    randomness: &mut (dyn CryptoRng + Send),
    portal: Option<PortalId>,
    clock: Arc<dyn Clock>,
) -> Result<Connection, ConnectError> {
    let endpoint = TokenEndpoint::new(addresses.clone(), app.clone())?;
    let listener = Listener::bind(&app.redirect_ports)
        .await
        .ok_or(ConnectError::PortsTaken)?;
    let redirect = RedirectUrl::new(redirect_uri(listener.port()))
        .map_err(|_| Error::from(Kind::InvalidRequest("the redirect address is none")))?;
    let secrets = Secrets::new(app.pkce, randomness);
    let page = authorize::url(app, scopes, addresses, portal, &redirect, &secrets)?;
    let awaited = Awaited {
        port: listener.port(),
        state: secrets.state.clone(),
        page: page.clone(),
    };
    let consent = consent(listener, &awaited, opener);
    let callback = match tokio::time::timeout(ATTEMPT_LIMIT, consent).await {
        Ok(callback) => callback?,
        Err(_) => return Err(ConnectError::TimedOut),
    };
    // From here on the listener is closed.
    let code = match callback {
        Callback::Code(code) => code,
        Callback::Denied(error) => return Err(ConnectError::Denied(error)),
    };
    let tokens = endpoint
        .exchange(code, redirect, &secrets, clock.now())
        .await?;
    identify(&endpoint, addresses, tokens, portal, clock).await
}

/// Shows the page and waits for its redirect. An opener that fails ends the attempt; one that is
/// done does not.
async fn consent(
    listener: Listener,
    awaited: &Awaited,
    opener: &dyn Opener,
) -> Result<Callback, ConnectError> {
    let callback = listener.callback(awaited);
    tokio::pin!(callback);
    tokio::select! {
        biased;
        callback = &mut callback => return Ok(callback),
        opened = opener.open(&awaited.page) => opened?,
    }
    Ok(callback.await)
}

/// Asks whose tokens they are, by every way there is, and lets no two answers differ.
async fn identify(
    endpoint: &TokenEndpoint,
    addresses: &Addresses,
    mut tokens: TokenSet,
    expected: Option<PortalId>,
    clock: Arc<dyn Clock>,
) -> Result<Connection, ConnectError> {
    let told = match endpoint.introspect(&tokens.access).await {
        Ok(told) => told,
        // Only the domain is lost where the token answer itself named portal and scopes.
        Err(_) if tokens.portal.is_some() && !tokens.scopes.is_empty() => Introspection {
            active: true,
            ..Introspection::default()
        },
        Err(error) => return Err(error.into()),
    };
    if !told.active {
        return Err(Error::from(Kind::Reauth).into());
    }
    let source = Arc::new(StaticToken::new(tokens.access.clone()));
    let client = Client::new(addresses.clone(), source, Pacing::oauth(0), clock)?;
    let portal = client.account().await?;
    let claims = [tokens.portal, told.hub_id];
    if claims.iter().flatten().any(|claim| *claim != portal.portal) {
        return Err(Error::from(Kind::WrongPortal).into());
    }
    if let Some(expected) = expected.filter(|expected| *expected != portal.portal) {
        return Err(ConnectError::WrongPortal {
            expected,
            got: portal.portal,
        });
    }
    tokens.portal = Some(portal.portal);
    if tokens.scopes.is_empty() {
        tokens.scopes = told.scopes;
    }
    Ok(Connection {
        scopes: tokens.scopes.clone(),
        domain: told.hub_domain,
        tokens,
        portal,
    })
}

/// Withdraws a grant. Access tokens that are out live on, 30 minutes at most.
///
/// # Errors
/// [`Kind::Disconnected`] when HubSpot no longer knows the grant, which is as good.
pub async fn revoke(
    app: &OwnApp,
    addresses: &Addresses,
    refresh: &SecretString,
) -> Result<(), Error> {
    TokenEndpoint::new(addresses.clone(), app.clone())?
        .revoke(refresh)
        .await
}

//! The calls that give, renew, explain and revoke tokens.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crm::{Moment, PortalId};
use jiff::SignedDuration;
use oauth2::basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenType};
use oauth2::{
    AccessToken, AsyncHttpClient, AuthType, AuthorizationCode, ClientId, ClientSecret,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl,
    RefreshToken, StandardRevocableToken, StandardTokenIntrospectionResponse, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use super::OwnApp;
use super::authorize::Secrets;
use crate::classify::{self, Grant};
use crate::transport::{self, Answer, Unanswered};
use crate::{
    API_VERSION, Addresses, BoxFuture, Error, Kind, Origin, TokenSet, answer, limits, wire,
};

/// How often a token call is repeated after a failure that passes by itself. Ours: the caller holds
/// the portal's only turn to renew, and will be back.
const REPEATS: u32 = 3;

/// The first wait between such repeats; it doubles.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// An app's way to HubSpot's token calls.
#[derive(Clone)]
pub(crate) struct TokenEndpoint {
    http: reqwest::Client,
    addresses: Addresses,
    app: OwnApp,
}

/// The oauth2 crate's client, over HubSpot's answers.
type OAuthClient = oauth2::Client<
    BasicErrorResponse,
    Grants,
    StandardTokenIntrospectionResponse<oauth2::EmptyExtraTokenFields, BasicTokenType>,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// What a token call answers. Only two fields are relied on; the rest is optional in practice.
#[derive(Deserialize, Serialize)]
struct Grants {
    #[serde(skip_serializing)]
    access_token: AccessToken,
    #[serde(default, skip_serializing)]
    refresh_token: Option<RefreshToken>,
    #[serde(default, deserialize_with = "wire::integer")]
    expires_in: i64,
    #[serde(default, deserialize_with = "wire::id")]
    hub_id: Option<PortalId>,
    #[serde(default, deserialize_with = "wire::list")]
    scopes: Vec<String>,
}

impl fmt::Debug for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grants")
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}

impl oauth2::TokenResponse for Grants {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &BasicTokenType::Bearer
    }

    fn expires_in(&self) -> Option<Duration> {
        Some(life(self.expires_in))
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token
            .as_ref()
            .filter(|token| !token.secret().is_empty())
    }

    /// HubSpot sends a list under another name; see the field.
    fn scopes(&self) -> Option<&Vec<oauth2::Scope>> {
        None
    }
}

/// A token's life. Nothing, less than nothing and more than a week are nonsense.
fn life(seconds: i64) -> Duration {
    match u64::try_from(seconds).map(Duration::from_secs) {
        Ok(life) if !life.is_zero() && life <= limits::TOKEN_LIFE_CAP => life,
        _ => limits::TOKEN_LIFE,
    }
}

/// What HubSpot says about a token.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Introspection {
    /// The one field that every answer has (RFC 7662, 2.2).
    #[serde(deserialize_with = "wire::flag")]
    pub(crate) active: bool,
    #[serde(default, deserialize_with = "wire::id")]
    pub(crate) hub_id: Option<PortalId>,
    #[serde(default, deserialize_with = "wire::text")]
    pub(crate) hub_domain: Option<String>,
    #[serde(default, deserialize_with = "wire::list")]
    pub(crate) scopes: Vec<String>,
}

impl TokenEndpoint {
    pub(crate) fn new(addresses: Addresses, app: OwnApp) -> Result<Self, Error> {
        Ok(Self {
            http: transport::http_client(&addresses.api)?,
            addresses,
            app,
        })
    }

    /// Exchanges an authorization code.
    pub(crate) async fn exchange(
        &self,
        code: SecretString,
        redirect: RedirectUrl,
        secrets: &Secrets,
        now: Moment,
    ) -> Result<TokenSet, Error> {
        let client = self.client()?.set_redirect_uri(redirect);
        let call = OneCall::new(&self.http, Grant::Code);
        let mut request =
            client.exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()));
        if let Some(verifier) = &secrets.verifier {
            let verifier = PkceCodeVerifier::new(verifier.expose_secret().to_owned());
            request = request.set_pkce_verifier(verifier);
        }
        let exchange = async { call.result(request.request_async(&call).await.ok()) };
        self.in_time(TOKEN, exchange).await?.into_tokens(None, now)
    }

    /// Ends a token call that takes too long.
    async fn in_time<T>(
        &self,
        route: &'static str,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let outcome = tokio::time::timeout(self.app.deadline, call).await;
        outcome.unwrap_or_else(|_| Err(Error::from(Kind::Timeout).on_route(route)))
    }

    /// Renews. Failures that pass by themselves are waited for a little.
    pub(crate) async fn refresh(&self, old: &TokenSet, now: Moment) -> Result<TokenSet, Error> {
        self.in_time(TOKEN, self.refresh_patiently(old, now)).await
    }

    async fn refresh_patiently(&self, old: &TokenSet, now: Moment) -> Result<TokenSet, Error> {
        let client = self.client()?;
        let token = RefreshToken::new(old.refresh.expose_secret().to_owned());
        let mut done = 0;
        loop {
            let call = OneCall::new(&self.http, Grant::Refresh);
            let outcome = client
                .exchange_refresh_token(&token)
                .request_async(&call)
                .await;
            match call.result(outcome.ok()) {
                Ok(grants) => return grants.into_tokens(Some(old), now),
                Err(error) if error.is_transient() && done < REPEATS => {
                    let wait = FIRST_WAIT * 2_u32.pow(done);
                    tokio::time::sleep(error.retry_after().unwrap_or(wait).min(wait)).await;
                    done += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Asks what a token is. An unknown one is answered as not active.
    pub(crate) async fn introspect(&self, access: &SecretString) -> Result<Introspection, Error> {
        let asked = self.form("token/introspect", access, "access_token");
        let answer = self.in_time(INTROSPECT, asked).await?;
        answer::one(&answer.body).map_err(|_| malformed(&answer).on_route(INTROSPECT))
    }

    /// Revokes a refresh token. Access tokens that are out live on, 30 minutes at most.
    pub(crate) async fn revoke(&self, refresh: &SecretString) -> Result<(), Error> {
        let asked = self.form("token/revoke", refresh, "refresh_token");
        let answer = self.in_time(REVOKE, asked).await?;
        // The status says all, and what else comes is not looked at (RFC 7009, 2.2); but a page for
        // people does not come from HubSpot's revocation.
        if answer.is_html() {
            return Err(malformed(&answer).on_route(REVOKE));
        }
        Ok(())
    }

    async fn form(&self, path: &str, token: &SecretString, hint: &str) -> Result<Answer, Error> {
        let route = if hint == "access_token" {
            INTROSPECT
        } else {
            REVOKE
        };
        let request = self.http.post(self.address(path)?).form(&[
            ("client_id", self.app.client_id.as_str()),
            ("client_secret", self.app.client_secret.expose_secret()),
            ("token", token.expose_secret()),
            ("token_type_hint", hint),
        ]);
        let answer = transport::exchange(request).await.map_err(Error::from);
        let answer = answer.map_err(|error| error.on_route(route))?;
        if (200..300).contains(&answer.status) {
            Ok(answer)
        } else {
            Err(classify::token(&answer, Grant::Refresh).on_route(route))
        }
    }

    fn client(&self) -> Result<OAuthClient, Error> {
        let secret = self.app.client_secret.expose_secret().to_owned();
        Ok(
            oauth2::Client::new(ClientId::new(self.app.client_id.clone()))
                .set_client_secret(ClientSecret::new(secret))
                // In the body, as HubSpot wants it; the crate's own choice would be a header.
                .set_auth_type(AuthType::RequestBody)
                .set_token_uri(TokenUrl::from_url(self.address("token")?)),
        )
    }

    fn address(&self, path: &str) -> Result<Url, Error> {
        let address = self
            .addresses
            .api
            .join(&format!("/oauth/{API_VERSION}/{path}"));
        address.map_err(|_| Kind::InvalidRequest("the token call has no address").into())
    }
}

/// A success that is none of HubSpot's.
fn malformed(answer: &Answer) -> Error {
    let origin = Origin {
        http: Some(answer.status),
        ..Origin::default()
    };
    Error::new(Kind::Malformed, origin)
}

#[cfg(feature = "fuzzing")]
pub(crate) fn read_token_answers(bytes: &[u8]) {
    let now = Moment::from_millis(0);
    if let Ok(grants) = serde_json::from_slice::<Grants>(bytes) {
        let _ = grants.into_tokens(None, now);
    }
    let _ = serde_json::from_slice::<Introspection>(bytes);
}

const TOKEN: &str = "/oauth/{v}/token";
const INTROSPECT: &str = "/oauth/{v}/token/introspect";
const REVOKE: &str = "/oauth/{v}/token/revoke";

impl Grants {
    /// The tokens, at our clock's time. What the answer leaves out stays as it was: a good refresh
    /// token is never replaced by nothing.
    fn into_tokens(self, old: Option<&TokenSet>, now: Moment) -> Result<TokenSet, Error> {
        use oauth2::TokenResponse;
        let malformed = || Error::from(Kind::Malformed).on_route(TOKEN);
        let refresh = match (self.refresh_token(), old) {
            (Some(new), _) => new.secret().clone().into(),
            (None, Some(old)) => old.refresh.clone(),
            (None, None) => return Err(malformed()),
        };
        if self.access_token.secret().is_empty() {
            return Err(malformed());
        }
        let life = SignedDuration::try_from(life(self.expires_in)).map_err(|_| malformed())?;
        let scopes = match old {
            Some(old) if self.scopes.is_empty() => old.scopes.clone(),
            _ => self.scopes,
        };
        Ok(TokenSet {
            access: self.access_token.secret().clone().into(),
            refresh,
            issued_at: now,
            expires_at: now.plus(life),
            portal: self.hub_id,
            scopes,
        })
    }
}

/// One token call: keeps the error by our own table, since the oauth2 crate knows RFC 6749's fields
/// alone and would quote the body.
struct OneCall<'a> {
    http: &'a reqwest::Client,
    grant: Grant,
    error: Mutex<Option<Error>>,
}

impl<'a> OneCall<'a> {
    fn new(http: &'a reqwest::Client, grant: Grant) -> Self {
        Self {
            http,
            grant,
            error: Mutex::default(),
        }
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Unsent> {
        let answer = match self.answer(request).await {
            Ok(answer) if (200..300).contains(&answer.status) => {
                // The crate's parser would fill the fields from a list's items in order.
                if answer::nothing(answer.status, &answer.body).is_err() {
                    return self.fail(malformed(&answer));
                }
                answer
            }
            Ok(answer) => return self.fail(classify::token(&answer, self.grant)),
            Err(unanswered) => return self.fail(unanswered.into()),
        };
        let mut response = HttpResponse::new(answer.body);
        *response.headers_mut() = answer.headers;
        Ok(response)
    }

    async fn answer(&self, request: HttpRequest) -> Result<Answer, Unanswered> {
        let request =
            reqwest::Request::try_from(request).map_err(|error| Unanswered::from(&error))?;
        transport::exchange(reqwest::RequestBuilder::from_parts(
            self.http.clone(),
            request,
        ))
        .await
    }

    fn fail(&self, error: Error) -> Result<HttpResponse, Unsent> {
        *self.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.on_route(TOKEN));
        Err(Unsent)
    }

    fn result(&self, grants: Option<Grants>) -> Result<Grants, Error> {
        let error = self
            .error
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        grants.ok_or_else(|| error.unwrap_or_else(|| Error::from(Kind::Malformed).on_route(TOKEN)))
    }
}

impl<'c> AsyncHttpClient<'c> for OneCall<'_> {
    type Error = Unsent;
    type Future = BoxFuture<'c, Result<HttpResponse, Unsent>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

/// The error is kept beside.
#[derive(Debug, thiserror::Error)]
#[error("the token call failed")]
struct Unsent;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(body: &[u8]) -> Option<TokenSet> {
        let grants: Grants = serde_json::from_slice(body).ok()?;
        grants.into_tokens(None, Moment::from_millis(0)).ok()
    }

    #[test]
    fn a_life_that_is_nonsense_counts_as_the_usual_one() {
        for (seconds, minutes) in [
            ("1800", 30),
            ("\"600\"", 10),
            ("0", 30),
            ("-1", 30),
            ("604800", 7 * 24 * 60),
            ("604801", 30),
            ("9223372036854775807", 30),
            ("1e300", 30),
            ("null", 30),
        ] {
            let body = format!(
                r#"{{"access_token":"a","refresh_token":"r","expires_in":{seconds},"id_token":7}}"#
            );
            let tokens = read(body.as_bytes()).unwrap();
            assert_eq!(tokens.expires_at.millis(), minutes * 60_000, "{seconds}");
        }
    }

    #[test]
    fn neither_dump_nor_debug_shows_a_token() {
        let body = br#"{"access_token":"canary-a","refresh_token":"canary-r","expires_in":1800}"#;
        let grants: Grants = serde_json::from_slice(body).unwrap();
        let shown = format!("{grants:?} {}", serde_json::to_string(&grants).unwrap());
        assert!(!shown.contains("canary"), "{shown}");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(read(&body).is_none());
            let _ = serde_json::from_slice::<Introspection>(&body);
        }

        #[test]
        fn no_field_panics(
            odd in prop::sample::select(vec!["null", "7", "-7", "[]", "[7]", "{}", "\"x\"", "true", "1e99"]),
            field in prop::sample::select(vec![
                "access_token", "refresh_token", "expires_in", "hub_id", "scopes", "active", "hub_domain",
            ]),
        ) {
            let body = format!(r#"{{"token_type":"bearer","{field}":{odd}}}"#);
            let _ = (read(body.as_bytes()), serde_json::from_str::<Introspection>(&body));
        }
    }
}

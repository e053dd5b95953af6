//! The same faults on the token calls, which are forms of their own and no calls of a client.
//! Whatever happens, a grant is taken for withdrawn on an explicit refusal alone, and the tokens in
//! the store are the old ones or the new ones, whole.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crm::{Moment, PortalId};
use futures_util::StreamExt as _;
use hubspot::oauth::{ConnectError, OpenError, Opener, OwnApp, Scopes, connect, revoke};
use hubspot::{
    Addresses, BoxFuture, Clock as _, Error, OAuthTokens, StoredTokens, TokenSet, TokenSource,
    TokenStore, TokenStoreError,
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use secrecy::ExposeSecret;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::edge::{Edge, Good, Say};
use crate::matrix::{self, End, Fault, On};
use crate::{HANG, Morning, class};

/// Cases at once: most of their time is waiting between repeats.
const AT_ONCE: usize = 24;

/// What a renewal is asked at most: once, and three times more.
const MOST_RENEWALS: usize = 4;

/// What no error may show: tokens, code and secret of these tests all hold it.
const CANARY: &str = "canary";

/// A token call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TokenRoute {
    Exchange,
    Refresh,
    Introspect,
    Revoke,
}

impl TokenRoute {
    const ALL: [Self; 4] = [
        Self::Exchange,
        Self::Refresh,
        Self::Introspect,
        Self::Revoke,
    ];

    fn template(self) -> &'static str {
        match self {
            Self::Exchange | Self::Refresh => "/oauth/{v}/token",
            Self::Introspect => "/oauth/{v}/token/introspect",
            Self::Revoke => "/oauth/{v}/token/revoke",
        }
    }

    /// The routes that the call takes, the one that fails first.
    fn routes(self) -> Vec<Good> {
        // Without portal and scopes, connecting has to ask what the token is.
        let given = r#"{"token_type":"bearer","expires_in":1800,"access_token":"new-canary","refresh_token":"next-canary"}"#;
        let token = ("/token", 200, given);
        let told = r#"{"active":true,"hub_id":4242,"hub_domain":"acme.test","scopes":["oauth"]}"#;
        let introspect = ("/introspect", 200, told);
        let account = r#"{"portalId":4242,"timeZone":"Europe/Berlin","companyCurrency":"EUR"}"#;
        let details = ("/details", 200, account);
        match self {
            Self::Exchange | Self::Refresh => vec![token, introspect, details],
            Self::Introspect => vec![introspect, token, details],
            Self::Revoke => vec![("/revoke", 204, "")],
        }
    }
}

pub(crate) fn templates() -> impl Iterator<Item = &'static str> {
    TokenRoute::ALL.into_iter().map(TokenRoute::template)
}

fn own_app(fault: &Fault, redirect_port: u16) -> OwnApp {
    OwnApp {
        redirect_ports: vec![redirect_port],
        deadline: Duration::from_millis(if fault.slow { 300 } else { 120_000 }),
        ..OwnApp::new("client", "secret-canary".into())
    }
}

/// A browser in which everything is allowed at once.
struct Allowing;

impl Opener for Allowing {
    fn open<'a>(&'a self, page: &'a Url) -> BoxFuture<'a, Result<(), OpenError>> {
        let parameter = |name| {
            let mut all = page.query_pairs();
            all.find(|(key, _)| key == name).unwrap().1.into_owned()
        };
        let redirect: Url = parameter("redirect_uri").parse().unwrap();
        let (port, path) = (redirect.port().unwrap(), redirect.path().to_owned());
        let state = parameter("state");
        Box::pin(async move {
            let mut socket = tokio::net::TcpStream::connect(("127.0.0.1", port))
                .await
                .unwrap();
            let head = format!(
                "GET {path}?code=code-canary&state={state} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n"
            );
            socket.write_all(head.as_bytes()).await.unwrap();
            let _ = socket.read_to_end(&mut Vec::new()).await;
            Ok(())
        })
    }
}

/// Keeps the tokens of one grant in memory.
struct Kept(Mutex<TokenSet>);

impl Kept {
    /// Tokens that are long over.
    fn old() -> Self {
        let issued_at = Moment::from_millis(1);
        Self(Mutex::new(TokenSet {
            access: "old-canary".into(),
            refresh: "first-canary".into(),
            issued_at,
            expires_at: issued_at,
            portal: Some(PortalId::new(4242)),
            scopes: vec!["oauth".to_owned()],
        }))
    }

    fn both(&self) -> (String, String) {
        let tokens = self.0.lock().unwrap();
        let both = (&tokens.access, &tokens.refresh);
        (
            both.0.expose_secret().to_owned(),
            both.1.expose_secret().to_owned(),
        )
    }
}

impl TokenStore for Kept {
    fn load(&self) -> Result<StoredTokens, TokenStoreError> {
        Ok(self.0.lock().unwrap().clone())
    }

    fn save(&self, tokens: &TokenSet) -> Result<(), TokenStoreError> {
        *self.0.lock().unwrap() = tokens.clone();
        Ok(())
    }
}

/// A port that nobody else has, in either family.
async fn free_port() -> u16 {
    loop {
        let v4 = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = v4.local_addr().unwrap().port();
        if TcpListener::bind(("::1", port)).await.is_ok() {
            return port;
        }
    }
}

async fn connecting(addresses: Addresses, fault: &Fault) -> Result<(), Error> {
    loop {
        let ended = connect(
            &own_app(fault, free_port().await),
            &Scopes::reading(),
            &addresses,
            &Allowing,
            &mut ChaCha20Rng::seed_from_u64(5),
            CancellationToken::new(),
            None,
            Arc::new(Morning),
        )
        .await;
        match ended {
            Ok(connection) => {
                let access = connection.tokens.access.expose_secret();
                assert_eq!(access, "new-canary");
                return Ok(());
            }
            Err(ConnectError::HubSpot(error)) => return Err(error),
            // Another case was faster.
            Err(ConnectError::PortsTaken) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// One renewal; says what is wrong with the tokens afterwards, if anything is.
async fn renewing(addresses: Addresses, fault: &Fault) -> Result<(), Error> {
    let kept = Arc::new(Kept::old());
    let portal = PortalId::new(4242);
    let clock = Arc::new(Morning);
    let app = own_app(fault, 1);
    let tokens = OAuthTokens::new(app, addresses, portal, Arc::clone(&kept), clock)?;
    let bearer = tokens.bearer().await;
    let (access, refresh) = kept.both();
    let whole = if bearer.is_ok() {
        ("new-canary", "next-canary")
    } else {
        ("old-canary", "first-canary")
    };
    assert_eq!((access.as_str(), refresh.as_str()), whole, "in the store");
    assert!(kept.0.lock().unwrap().issued_at <= Morning.now());
    bearer.map(|bearer| assert_eq!(bearer.expose_secret(), "new-canary"))
}

/// How a case must end: by HubSpot's table of token errors, where a refusal that names no reason is
/// just that, and by what each call makes of its answer.
fn expected(route: TokenRoute, fault: &Fault) -> End {
    let repeats = route == TokenRoute::Refresh;
    let passing = |class| {
        if repeats {
            End::Done
        } else {
            End::Error(class)
        }
    };
    let ignored = |class| {
        if route == TokenRoute::Revoke {
            End::Done
        } else {
            End::Error(class)
        }
    };
    match fault.name {
        "nothing wrong" => End::Done,
        "530" => End::Error("Unavailable"),
        "401 once" => End::Error("Refused"),
        "429 secondly once" | "429 ten-secondly once" => passing("RateLimited"),
        "423 once" | "500 once" | "503 once" | "520 page once" | "524 once" => {
            passing("Unavailable")
        }
        "cut once" => passing("Network"),
        "a page with 200"
        | "a page with 200 once"
        | "broken compression"
        | "redirect elsewhere" => End::Error("Malformed"),
        _ => match fault.script.first() {
            Some(Say::Status(200, ..) | Say::HalfBody | Say::LengthTooShort)
            | Some(Say::NotText | Say::Nested) => ignored("Malformed"),
            _ => match fault.reading {
                End::Error(
                    "Validation" | "Reauth" | "MissingScopes" | "Forbidden" | "NotFound"
                    | "Conflict" | "TooLong",
                ) => End::Error("Refused"),
                end => end,
            },
        },
    }
}

/// One case; says what is wrong with it.
async fn walk(route: TokenRoute, fault: &Fault, wanted: End) -> Option<String> {
    let edge = Edge::start_among(route.routes()).await;
    edge.play(fault.script.clone());
    let addresses = Addresses::loopback(&edge.base).unwrap();
    let call = async {
        match route {
            TokenRoute::Exchange | TokenRoute::Introspect => connecting(addresses, fault).await,
            TokenRoute::Refresh => renewing(addresses, fault).await,
            TokenRoute::Revoke => {
                let app = own_app(fault, 1);
                revoke(&app, &addresses, &"first-canary".into()).await
            }
        }
    };
    let found = match tokio::time::timeout(HANG, call).await {
        Err(_) => Some("hangs".to_owned()),
        Ok(outcome) => judge(route, fault, wanted, outcome, edge.asked()),
    };
    found.map(|what| format!("{route:?} / {}: {what}", fault.name))
}

fn judge(
    route: TokenRoute,
    fault: &Fault,
    wanted: End,
    outcome: Result<(), Error>,
    asked: usize,
) -> Option<String> {
    let most = if route == TokenRoute::Refresh {
        MOST_RENEWALS
    } else {
        1
    };
    // What ends at a short deadline may end before it was sent.
    if (asked == 0 && !fault.slow) || asked > most {
        return Some(format!("asked {asked} times"));
    }
    match (outcome, wanted) {
        (Ok(()), End::Done) => None,
        (Ok(()), _) => Some(format!("succeeds, not {wanted:?}")),
        (Err(error), _) if format!("{error} {error:?}").contains(CANARY) => {
            Some("shows a secret".to_owned())
        }
        (Err(error), End::Error(name)) if class(&error) == name => None,
        (Err(error), _) => Some(format!("ends {}, not {wanted:?}", class(&error))),
    }
}

/// HubSpot's refusals, each with the class for a code's exchange and for the rest.
const REFUSALS: [(&str, &str, &str, &str); 10] = [
    (
        "BAD_REFRESH_TOKEN",
        "invalid_grant",
        "CodeRefused",
        "Disconnected",
    ),
    (
        "BAD_AUTH_CODE",
        "invalid_grant",
        "CodeRefused",
        "CodeRefused",
    ),
    (
        "BAD_CODE_VERIFIER",
        "invalid_grant",
        "CodeRefused",
        "CodeRefused",
    ),
    ("BAD_CLIENT_ID", "invalid_client", "App", "App"),
    ("BAD_CLIENT_SECRET", "invalid_client", "App", "App"),
    ("BAD_REDIRECT_URI", "invalid_request", "App", "App"),
    ("BAD_SCOPES", "invalid_scope", "App", "App"),
    ("BAD_HUB", "access_denied", "Disconnected", "Disconnected"),
    ("", "invalid_grant", "CodeRefused", "Disconnected"),
    ("", "invalid_request", "Refused", "Refused"),
];

fn refusals() -> Vec<(TokenRoute, Fault, End)> {
    let mut all = Vec::new();
    for (status, error, of_code, of_others) in REFUSALS {
        for route in TokenRoute::ALL {
            let body = format!(r#"{{"error":"{error}","status":"{status}","message":"canary"}}"#);
            let class = if route == TokenRoute::Exchange {
                of_code
            } else {
                of_others
            };
            let fault = Fault {
                name: if status.is_empty() { error } else { status },
                script: vec![Say::Status(400, &[], body)],
                on: On::Every,
                reading: End::Error(class),
                writing: End::Error(class),
                may_have_acted: false,
                slow: false,
            };
            all.push((route, fault, End::Error(class)));
        }
    }
    all
}

/// All cases; says what went wrong.
pub(crate) async fn walk_all() -> Vec<String> {
    let mut cases = refusals();
    for route in TokenRoute::ALL {
        let faults = matrix::all().into_iter();
        cases.extend(faults.filter(|fault| fault.on == On::Every).map(|fault| {
            let wanted = expected(route, &fault);
            (route, fault, wanted)
        }));
    }
    let walks = cases
        .iter()
        .map(|(route, fault, wanted)| walk(*route, fault, *wanted));
    futures_util::stream::iter(walks)
        .buffer_unordered(AT_ONCE)
        .filter_map(std::future::ready)
        .collect()
        .await
}

//! Nobody comes in without the key, and nobody by another name.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::path::Path;
use std::sync::Arc;

use app::{App, Environment, SystemClock};
use axum::Router;
use axum::body::Body;
use browser_host::{Key, NobodysBrowser, Pages, PagesError, router};
use http::{Request, StatusCode, header};
use tower::ServiceExt;

const AUTHORITY: &str = "127.0.0.1:4711";

fn pages(folder: &Path) -> Pages {
    std::fs::create_dir_all(folder.join("assets")).unwrap();
    std::fs::write(folder.join("index.html"), "<!doctype html>").unwrap();
    std::fs::write(folder.join("assets/a.js"), "0").unwrap();
    std::fs::write(folder.join("notes.txt"), "not a page").unwrap();
    Pages::read(folder).unwrap()
}

struct Host {
    router: Router,
    key: Key,
    _folder: tempfile::TempDir,
}

async fn host() -> Host {
    let folder = tempfile::tempdir().unwrap();
    let app = App::open(Environment {
        data_dir: folder.path().join("data"),
        passphrase: Some("four words and more".to_owned().into()),
        clock: Arc::new(SystemClock),
        opener: Arc::new(NobodysBrowser),
        approver: "test".to_owned(),
        demo_wanted: false,
        demo_limits: hubspot_sim::Limits::Off,
    })
    .await
    .unwrap();
    let key = Key::random().unwrap();
    let pages = pages(&folder.path().join("ui"));
    let router = router(app, pages, key.clone(), AUTHORITY.to_owned());
    Host {
        router,
        key,
        _folder: folder,
    }
}

struct Ask<'a> {
    method: &'a str,
    path: &'a str,
    host: &'a str,
    origin: Option<&'a str>,
    cookie: Option<String>,
}

impl Host {
    fn cookie(&self) -> Option<String> {
        Some(format!("other=1; plumbline_host={}", self.key.text()))
    }

    async fn ask(&self, ask: Ask<'_>) -> http::Response<Body> {
        let mut request = Request::builder()
            .method(ask.method)
            .uri(ask.path)
            .header(header::HOST, ask.host);
        if let Some(origin) = ask.origin {
            request = request.header(header::ORIGIN, origin);
        }
        if let Some(cookie) = ask.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let request = request.body(Body::from("{}")).unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }
}

#[tokio::test]
async fn the_key_opens_and_nothing_else_does() {
    let host = host().await;
    let right = Ask {
        method: "POST",
        path: "/call/status",
        host: AUTHORITY,
        origin: Some("http://127.0.0.1:4711"),
        cookie: host.cookie(),
    };
    assert_eq!(host.ask(right).await.status(), StatusCode::OK);

    let check = async |name: &str, ask: Ask<'_>| {
        let status = host.ask(ask).await.status();
        assert_eq!(status, StatusCode::FORBIDDEN, "{name}");
    };
    let (method, path) = ("POST", "/call/status");
    let wrong = Some(format!("plumbline_host={}", "0".repeat(64)));
    check(
        "no key",
        Ask {
            method,
            path,
            host: AUTHORITY,
            origin: None,
            cookie: None,
        },
    )
    .await;
    check(
        "wrong key",
        Ask {
            method,
            path,
            host: AUTHORITY,
            origin: None,
            cookie: wrong,
        },
    )
    .await;
    check(
        "another name for this machine",
        Ask {
            method,
            path,
            host: "evil.example:4711",
            origin: None,
            cookie: host.cookie(),
        },
    )
    .await;
    check(
        "a page from elsewhere",
        Ask {
            method,
            path,
            host: AUTHORITY,
            origin: Some("http://evil.example"),
            cookie: host.cookie(),
        },
    )
    .await;
    check(
        "the pages without a key",
        Ask {
            method: "GET",
            path: "/",
            host: AUTHORITY,
            origin: None,
            cookie: None,
        },
    )
    .await;
    check(
        "entering with a wrong key",
        Ask {
            method: "GET",
            path: "/enter?key=1",
            host: AUTHORITY,
            origin: None,
            cookie: None,
        },
    )
    .await;
}

#[tokio::test]
async fn entering_sets_the_cookie_and_forgets_the_key() {
    let host = host().await;
    let path = format!("/enter?key={}", host.key.text());
    let ask = Ask {
        method: "GET",
        path: &path,
        host: AUTHORITY,
        origin: None,
        cookie: None,
    };
    let response = host.ask(ask).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(response.headers()[header::LOCATION], "/");
    let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
        "{cookie}"
    );
}

#[tokio::test]
async fn pages_come_with_the_windows_own_policy() {
    let host = host().await;
    let get = |path: &'static str| Ask {
        method: "GET",
        path,
        host: AUTHORITY,
        origin: None,
        cookie: host.cookie(),
    };
    let index = host.ask(get("/")).await;
    assert_eq!(index.status(), StatusCode::OK);
    let policy = index.headers()[header::CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap();
    for rule in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
    ] {
        assert!(policy.contains(rule), "{rule} in {policy}");
    }
    assert_eq!(host.ask(get("/assets/a.js")).await.status(), StatusCode::OK);
    for path in [
        "/notes.txt",
        "/assets",
        "/../Cargo.toml",
        "/assets/%2e%2e/notes.txt",
    ] {
        assert_eq!(
            host.ask(get(path)).await.status(),
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_refusal_keeps_its_shape() {
    let host = host().await;
    let ask = Ask {
        method: "POST",
        path: "/call/no_such_call",
        host: AUTHORITY,
        origin: None,
        cookie: host.cookie(),
    };
    let response = host.ask(ask).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let body = axum::body::to_bytes(response.into_body(), 10_000)
        .await
        .unwrap();
    let error: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(error["code"], "bad_input");
    assert_eq!(error["retryable"], false);
}

#[test]
fn unbuilt_pages_are_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(
        Pages::read(folder.path()),
        Err(PagesError::NotBuilt)
    ));
    assert!(matches!(
        Pages::read(&folder.path().join("none")),
        Err(PagesError::Read(_))
    ));
}

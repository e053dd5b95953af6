//! The way from the window to the use cases, walked on Tauri's windowless runtime: what is open to
//! the page is answered, what is not is refused, and errors have the shape that the page expects.
#![allow(
    clippy::unwrap_used,
    reason = "a test ends where what it prepares is not there"
)]

use std::path::Path;
use std::sync::Arc;

use app::{Environment, ErrorCode, SystemClock, WireError};
use hubspot::oauth::ConsentFollower;
use plumbline_desktop::{UseCases, assemble, context};
use secrecy::SecretString;
use serde_json::{Value, json};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::{InvokeRequest, WebviewWindow};
use tauri::{App, WebviewWindowBuilder};
use tempfile::TempDir;

/// The page that the bundle serves, as the web view names it.
const OUR_PAGE: &str = if cfg!(windows) {
    "http://tauri.localhost"
} else {
    "tauri://localhost"
};

/// The real config, permissions and command on a runtime without a window.
struct Shell {
    // The window's handle reaches into the app, which must outlive it.
    window: WebviewWindow<MockRuntime>,
    _app: App<MockRuntime>,
    _data: TempDir,
}

/// The shell with a window called `label`, on a data folder that is new.
fn shell(label: &str) -> Shell {
    let data = tempfile::tempdir().unwrap();
    let use_cases = UseCases::open(environment(data.path()));
    shell_on(label, use_cases, data)
}

fn shell_on(label: &str, use_cases: UseCases, data: TempDir) -> Shell {
    let app = assemble(mock_builder(), use_cases)
        .build(context())
        .unwrap();
    let window = WebviewWindowBuilder::new(&app, label, tauri::WebviewUrl::default())
        // Without it Tauri makes a folder among the user's own.
        .data_directory(data.path().join("web"))
        .build();
    Shell {
        window: window.unwrap(),
        _app: app,
        _data: data,
    }
}

fn environment(data_dir: &Path) -> Environment {
    Environment {
        data_dir: data_dir.join("plumbline"),
        passphrase: Some(SecretString::from("a passphrase for one test")),
        clock: Arc::new(SystemClock),
        opener: Arc::new(ConsentFollower),
        approver: "a test".to_owned(),
        demo_wanted: false,
        demo_limits: hubspot_sim::Limits::Off,
    }
}

impl Shell {
    fn invoke(&self, page: &str, command: &str, body: Value) -> Result<Value, Value> {
        let request = InvokeRequest {
            cmd: command.to_owned(),
            callback: tauri::ipc::CallbackFn(0),
            error: tauri::ipc::CallbackFn(1),
            url: page.parse().unwrap(),
            body: body.into(),
            headers: tauri::http::HeaderMap::default(),
            invoke_key: INVOKE_KEY.to_owned(),
        };
        get_ipc_response(&self.window, request).map(|answer| answer.deserialize().unwrap())
    }
}

#[test]
fn a_call_is_answered_by_the_use_case() {
    let shell = shell("main");
    let body = json!({ "name": "portals", "args": {} });
    assert_eq!(shell.invoke(OUR_PAGE, "call", body).unwrap(), json!([]));
    let body = json!({ "name": "status", "args": {} });
    let status = shell.invoke(OUR_PAGE, "call", body).unwrap();
    assert_eq!(status["demo_wanted"], json!(false), "{status}");
}

#[test]
fn when_the_data_cannot_be_opened_every_call_says_why() {
    let reason = WireError::new(ErrorCode::NewerData, "It is newer.", "Update Plumbline.");
    let use_cases = UseCases(Err(reason.clone()));
    let shell = shell_on("main", use_cases, tempfile::tempdir().unwrap());
    let body = json!({ "name": "portals", "args": {} });
    let error = shell.invoke(OUR_PAGE, "call", body).unwrap_err();
    assert_eq!(error, serde_json::to_value(reason).unwrap());
}

#[test]
fn a_call_that_does_not_exist_is_told_in_the_shape_that_the_page_expects() {
    let shell = shell("main");
    let body = json!({ "name": "no_such_call", "args": {} });
    let error = shell.invoke(OUR_PAGE, "call", body).unwrap_err();
    let keys: Vec<&str> = error
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(keys, ["code", "hint", "message", "retryable"], "{error}");
    assert_eq!(error["code"], json!("bad_input"));
    assert!(
        error["message"].is_string() && error["hint"].is_string(),
        "{error}"
    );
    assert_eq!(error["retryable"], json!(false));
}

#[test]
fn nothing_but_the_call_is_open_to_the_page() {
    let shell = shell("main");
    // What Tauri and its plugins could do, and the page has no business doing.
    for command in [
        "plugin:opener|open_url",
        "plugin:window|set_title",
        "plugin:webview|create_webview_window",
        "plugin:event|emit",
        "plugin:app|version",
        "plugin:path|resolve_directory",
        "another_command",
    ] {
        let refused = shell.invoke(OUR_PAGE, command, json!({})).unwrap_err();
        let text = refused.as_str().unwrap_or_default();
        assert!(
            text.contains("not allowed") || text.contains("not found"),
            "{command}: {refused}"
        );
    }
}

#[test]
fn another_page_reaches_nothing() {
    let shell = shell("main");
    for page in [
        "https://evil.example/",
        "http://127.0.0.1:4000/",
        "tauri://localhost.evil.example/",
    ] {
        let body = json!({ "name": "no_such_call", "args": {} });
        let refused = shell.invoke(page, "call", body).unwrap_err();
        assert!(
            refused.as_str().unwrap_or_default().contains("not allowed"),
            "{page}: {refused}"
        );
    }
}

#[test]
fn a_window_that_no_capability_names_reaches_nothing() {
    let shell = shell("another");
    let body = json!({ "name": "no_such_call", "args": {} });
    let refused = shell.invoke(OUR_PAGE, "call", body).unwrap_err();
    assert!(
        refused.as_str().unwrap_or_default().contains("not allowed"),
        "{refused}"
    );
}

#[test]
fn the_page_can_listen_to_events() {
    let shell = shell("main");
    let body = json!({ "event": "plumbline", "target": { "kind": "Any" }, "handler": 7 });
    let listener = shell.invoke(OUR_PAGE, "plugin:event|listen", body).unwrap();
    assert!(listener.is_u64(), "{listener}");
}

/// What the config promises about the page, so that a hurried edit of it does not pass unseen.
#[test]
fn the_content_policy_lets_nothing_in_from_outside() {
    let config = context::<MockRuntime>().config().clone();
    assert!(!config.app.with_global_tauri);
    assert!(config.app.security.freeze_prototype);
    assert!(!config.app.security.asset_protocol.enable);
    let policy = config.app.security.csp.unwrap().to_string();
    let directives: Vec<(&str, &str)> = policy
        .split(';')
        .filter_map(|directive| directive.trim().split_once(' '))
        .collect();
    let of = |name: &str| {
        directives
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, to)| *to)
    };
    assert_eq!(of("default-src"), Some("'none'"), "{policy}");
    assert_eq!(of("script-src"), Some("'self'"), "{policy}");
    assert_eq!(of("style-src"), Some("'self'"), "{policy}");
    assert_eq!(
        of("connect-src"),
        Some("ipc: http://ipc.localhost"),
        "{policy}"
    );
    for closed in ["frame-src", "object-src", "base-uri", "form-action"] {
        assert_eq!(of(closed), Some("'none'"), "{closed}: {policy}");
    }
}

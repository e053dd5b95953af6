//! The window: where it may go, and what it is called.

use tauri::webview::{NewWindowResponse, Url};
use tauri::{App, Manager, Runtime, WebviewWindowBuilder};

/// Opens the window that `tauri.conf.json` describes.
///
/// # Errors
/// When the system has no display or no web view.
pub(crate) fn open<R: Runtime>(app: &App<R>) -> tauri::Result<()> {
    for config in &app.config().app.windows {
        WebviewWindowBuilder::from_config(app.handle(), config)?
            .on_navigation(is_our_own_page)
            .on_new_window(|_, _| NewWindowResponse::Deny)
            .on_document_title_changed(|window, title| {
                // A title that cannot be set leaves the old one; the page itself says the same.
                drop(window.set_title(&title));
            })
            .build()?;
    }
    Ok(())
}

/// Puts the window in front, as when the app is started a second time.
pub(crate) fn bring_to_front<R: Runtime>(app: &tauri::AppHandle<R>) {
    for window in app.webview_windows().values() {
        // Each of these may be refused by a window manager; none is worth ending the app for.
        drop(window.unminimize());
        drop(window.show());
        drop(window.set_focus());
    }
}

/// Whether `url` is a page of the bundle. A link out of it, planted or not, leads nowhere: what
/// should open in the system's browser is asked for by a call.
fn is_our_own_page(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // Windows' and Android's web views know no schemes of one's own.
        "http" | "https" => cfg!(windows) && url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_bundle_can_be_navigated_to() {
        let check = |url: &str, expected: bool| {
            assert_eq!(is_our_own_page(&url.parse().unwrap()), expected, "{url}");
        };
        check("tauri://localhost/index.html", true);
        check("tauri://localhost/#/forecast", true);
        check("tauri://localhost.evil.example/", false);
        check("https://app.hubspot.com/contacts/1/record/0-3/2", false);
        check("http://127.0.0.1:4000/oauth/authorize", false);
        check("http://tauri.localhost.evil.example/", false);
        check("http://tauri.localhost/", cfg!(windows));
        check("file:///etc/passwd", false);
        check("data:text/html,<p>hello", false);
        check("javascript:alert(1)", false);
    }
}

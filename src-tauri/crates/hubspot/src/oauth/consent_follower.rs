//! An opener without a browser, for the demo portal and for tests.

use reqwest::header::LOCATION;
use url::Url;

use super::{OpenError, Opener};
use crate::BoxFuture;
use crate::address::is_loopback;
use crate::transport;

/// Redirects followed at most: the consent page, its answer, the listener.
const HOPS: usize = 5;

/// Answers a consent page on this machine by following its link with `id="allow"`, and the
/// redirect that comes of it, over HTTP. Never leaves the machine: a real portal's consent is a
/// person's to give.
#[derive(Debug, Clone, Default)]
pub struct ConsentFollower;

impl Opener for ConsentFollower {
    fn open<'a>(&'a self, url: &'a Url) -> BoxFuture<'a, Result<(), OpenError>> {
        Box::pin(async move { follow(url).await.ok_or(OpenError::NotFollowed) })
    }
}

async fn follow(page: &Url) -> Option<()> {
    let http = transport::http_client(page).ok()?;
    let mut url = page.clone();
    let mut allowed = false;
    for _ in 0..HOPS {
        if !is_loopback(&url) {
            return None;
        }
        let answer = transport::exchange(http.get(url.clone())).await.ok()?;
        match answer.status {
            301..=303 | 307 | 308 => {
                url = url
                    .join(answer.headers.get(LOCATION)?.to_str().ok()?)
                    .ok()?;
            }
            200 if !allowed => {
                let page = String::from_utf8_lossy(&answer.body);
                url = url.join(&allow_link(&page)?).ok()?;
                allowed = true;
            }
            200 => return Some(()),
            _ => return None,
        }
    }
    None
}

/// The target of the link with `id="allow"`.
fn allow_link(page: &str) -> Option<String> {
    page.split("<a ").skip(1).find_map(|rest| {
        let tag = rest.split('>').next()?;
        let is_it = attribute(tag, "id")? == "allow";
        is_it.then(|| attribute(tag, "href").map(|href| href.replace("&amp;", "&")))?
    })
}

/// A quoted attribute of a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = format!(" {tag}")
        .find(&format!(" {name}=\""))
        .map(|start| tag.split_at(start))?;
    rest.split('"').nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_is_found_among_others() {
        let page = r#"<p><a href="/no">No</a>
            <a class="x" id="deny" href="/deny?x=1">Deny</a>
            <a href="/oauth/allow?a=1&amp;b=2" id="allow">Allow</a></p>"#;
        assert_eq!(allow_link(page).as_deref(), Some("/oauth/allow?a=1&b=2"));
        assert_eq!(allow_link(r#"<a id="allow">no target</a>"#), None);
        assert_eq!(allow_link("<p>an error page</p>"), None);
    }

    #[tokio::test]
    async fn it_never_leaves_this_machine() {
        let elsewhere = "https://app.hubspot.com/oauth/authorize".parse().unwrap();
        assert_eq!(
            ConsentFollower.open(&elsewhere).await,
            Err(OpenError::NotFollowed)
        );
    }
}

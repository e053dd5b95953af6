//! Where HubSpot is: the real one, or one on this machine.

use url::{Host, Url};

/// The two places a portal is reached at: the API and the page that asks for consent.
///
/// There are only two ways to make one, so that a token can never be sent to a third party's host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    /// The root of the API, without a path.
    pub api: Url,
    /// The page where a person grants access.
    pub authorize: Url,
}

/// The address given is not one of this machine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("only loopback addresses are accepted: http://127.0.0.1, http://localhost or http://[::1]")]
pub struct NotLoopback;

/// HubSpot's API host; it routes to the portal's own region by itself (HubSpot product blog,
/// "Routing API traffic").
const API: &str = "https://api.hubapi.com/";

/// HubSpot's consent page, as its own SDKs spell it (`OauthDiscovery.ts`).
const AUTHORIZE: &str = "https://app.hubspot.com/oauth/authorize";

impl Addresses {
    /// HubSpot itself.
    #[must_use]
    #[allow(clippy::expect_used, reason = "two literals, parsed in a test")]
    pub fn hubspot() -> Self {
        Self {
            api: API.parse().expect("a literal URL"),
            authorize: AUTHORIZE.parse().expect("a literal URL"),
        }
    }

    /// A HubSpot on this machine, such as `http://127.0.0.1:4100`.
    ///
    /// # Errors
    /// [`NotLoopback`] unless the address is plain `http`, names `127.0.0.1`, `localhost` or
    /// `[::1]`, and carries nothing but a port: a token is never sent to another host than HubSpot's.
    pub fn loopback(base: &str) -> Result<Self, NotLoopback> {
        let api: Url = base.parse().map_err(|_| NotLoopback)?;
        let bare = api.path() == "/"
            && api.query().is_none()
            && api.fragment().is_none()
            && api.username().is_empty()
            && api.password().is_none();
        if api.scheme() != "http" || !bare || !is_loopback(&api) {
            return Err(NotLoopback);
        }
        let authorize = api.join("oauth/authorize").map_err(|_| NotLoopback)?;
        Ok(Self { api, authorize })
    }

    /// Whether this is a HubSpot on this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.api)
    }
}

/// Whether a URL's host is this machine, by name or by one of the two usual addresses.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address == std::net::Ipv4Addr::LOCALHOST,
        Some(Host::Ipv6(address)) => address == std::net::Ipv6Addr::LOCALHOST,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hubspots_own_addresses_are_https() {
        let addresses = Addresses::hubspot();
        assert_eq!(addresses.api.as_str(), API);
        assert_eq!(addresses.authorize.scheme(), "https");
        assert!(!addresses.is_loopback());
    }

    #[test]
    fn this_machine_is_accepted() {
        for base in [
            "http://127.0.0.1:4100",
            "http://localhost:4100/",
            "http://[::1]:4100",
        ] {
            let addresses = Addresses::loopback(base).unwrap();
            assert!(addresses.is_loopback(), "{base}");
            assert_eq!(addresses.authorize.path(), "/oauth/authorize");
        }
    }

    #[test]
    fn every_other_host_is_refused() {
        for base in [
            "https://127.0.0.1:4100",
            "http://127.0.0.2:4100",
            "http://0.0.0.0:4100",
            "http://localhost.evil.test",
            "http://127.0.0.1.evil.test",
            "http://127.0.0.1@evil.test",
            "http://user@127.0.0.1:4100",
            "http://user:pass@localhost",
            "http://evil.test#127.0.0.1",
            "http://127.0.0.1:4100/path",
            "http://127.0.0.1:4100/?q",
            "http://[::ffff:127.0.0.1]:1",
            "https://api.hubapi.com",
            "ftp://localhost",
            "localhost:4100",
            "",
        ] {
            assert_eq!(Addresses::loopback(base), Err(NotLoopback), "{base}");
        }
    }
}

//! The address of the consent page.

use std::fmt::Write as _;

use crm::PortalId;
use oauth2::{ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope};
use rand_core::CryptoRng;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{OwnApp, Scopes};
use crate::{Addresses, Error, Kind};

/// What one attempt keeps to itself: never stored, never reused.
pub(crate) struct Secrets {
    /// Ties the answer to this attempt.
    pub(crate) state: SecretString,
    /// Ties the exchange to this attempt, where the app sends a proof key.
    pub(crate) verifier: Option<SecretString>,
}

/// Bytes of chance in a secret: 256 bits, of which RFC 9700 asks for 128; as 64 hexadecimal digits it
/// also fits the 43 to 128 characters of a verifier (RFC 7636).
const SECRET_BYTES: usize = 32;

impl Secrets {
    pub(crate) fn new(pkce: bool, randomness: &mut (dyn CryptoRng + Send)) -> Self {
        Self {
            state: secret(randomness),
            verifier: pkce.then(|| secret(randomness)),
        }
    }
}

fn secret(randomness: &mut (dyn CryptoRng + Send)) -> SecretString {
    let mut bytes = [0_u8; SECRET_BYTES];
    randomness.fill_bytes(&mut bytes);
    let mut text = String::with_capacity(2 * SECRET_BYTES);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _written = write!(text, "{byte:02x}");
    }
    text.into()
}

/// The address to open. With a portal, HubSpot's page is bound to that account.
pub(crate) fn url(
    app: &OwnApp,
    scopes: &Scopes,
    addresses: &Addresses,
    portal: Option<PortalId>,
    redirect: &RedirectUrl,
    secrets: &Secrets,
) -> Result<Url, Error> {
    let page = page(&addresses.authorize, portal)?;
    let state = secrets.state.expose_secret().to_owned();
    let client = oauth2::basic::BasicClient::new(ClientId::new(app.client_id.clone()))
        .set_auth_uri(oauth2::AuthUrl::from_url(page))
        .set_redirect_uri(redirect.clone());
    let mut request = client
        .authorize_url(move || CsrfToken::new(state))
        .add_scopes(scopes.required.iter().cloned().map(Scope::new));
    if !scopes.optional.is_empty() {
        // Singular, as in both of HubSpot's SDKs; the prose of its documentation says otherwise.
        request = request.add_extra_param("optional_scope", scopes.optional.join(" "));
    }
    if let Some(verifier) = &secrets.verifier {
        let verifier = PkceCodeVerifier::new(verifier.expose_secret().to_owned());
        request =
            request.set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
    }
    let (mut url, _state) = request.url();
    // HubSpot's SDKs spell a space `%20`; a plus that is meant is already `%2B` here.
    let query = url.query().map(|query| query.replace('+', "%20"));
    url.set_query(query.as_deref());
    Ok(url)
}

/// `/oauth/authorize`, or `/oauth/{portal}/authorize`, which chooses the account beforehand.
fn page(authorize: &Url, portal: Option<PortalId>) -> Result<Url, Error> {
    match portal {
        None => Ok(authorize.clone()),
        Some(portal) => authorize
            .join(&format!("{portal}/authorize"))
            .map_err(|_| Kind::InvalidRequest("the consent page has no address").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;
    use std::collections::BTreeMap;

    fn parts(pkce: bool, portal: Option<u64>) -> (Url, BTreeMap<String, String>, Secrets) {
        let app = OwnApp {
            pkce,
            ..OwnApp::new("client-1", "hidden".into())
        };
        let mut random = ChaCha20Rng::seed_from_u64(7);
        let secrets = Secrets::new(pkce, &mut random);
        let redirect = RedirectUrl::new(super::super::redirect_uri(17431)).unwrap();
        let url = url(
            &app,
            &Scopes::reading(),
            &Addresses::hubspot(),
            portal.map(PortalId::new),
            &redirect,
            &secrets,
        )
        .unwrap();
        let pairs = url.query_pairs().into_owned().collect();
        (url, pairs, secrets)
    }

    #[test]
    fn the_page_is_hubspots_and_names_what_is_asked() {
        let (url, pairs, secrets) = parts(true, None);
        assert!(
            url.as_str()
                .starts_with("https://app.hubspot.com/oauth/authorize?")
        );
        assert_eq!(pairs["client_id"], "client-1");
        assert_eq!(
            pairs["redirect_uri"],
            "http://localhost:17431/oauth/callback"
        );
        assert_eq!(pairs["scope"], Scopes::reading().required.join(" "));
        assert_eq!(
            pairs["optional_scope"],
            Scopes::reading().optional.join(" ")
        );
        assert_eq!(pairs["state"], secrets.state.expose_secret());
        assert_eq!(pairs["code_challenge_method"], "S256");
        assert!(
            url.query()
                .unwrap()
                .contains("scope=oauth%20crm.objects.contacts.read%20")
        );
        assert!(!url.query().unwrap().contains('+'));
    }

    #[test]
    fn secrets_are_long_fresh_and_stay_out_of_the_address() {
        let (url, _, secrets) = parts(true, None);
        let verifier = secrets.verifier.unwrap();
        assert_eq!(verifier.expose_secret().len(), 64);
        assert_ne!(verifier.expose_secret(), secrets.state.expose_secret());
        assert!(!url.as_str().contains(verifier.expose_secret()));
        assert!(!url.as_str().contains("hidden"));
    }

    #[test]
    fn the_proof_key_can_be_switched_off_and_the_state_never() {
        let (_, pairs, secrets) = parts(false, None);
        assert!(secrets.verifier.is_none());
        assert!(!pairs.contains_key("code_challenge"));
        assert_eq!(pairs["state"].len(), 64);
    }

    #[test]
    fn a_known_portal_is_chosen_beforehand() {
        let (url, ..) = parts(true, Some(4242));
        assert_eq!(url.path(), "/oauth/4242/authorize");
    }
}

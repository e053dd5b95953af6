//! Tokens: who may do what until when.

use std::collections::{BTreeSet, HashMap};

use crm::Moment;

use super::refusal::Refusal;
use crate::world::Dice;

/// Access tokens live half an hour (`expires_in: 1800`, HubSpot's guide to OAuth tokens).
pub(crate) const TOKEN_SECONDS: i64 = 1_800;

/// An authorization code is good for a minute, once. HubSpot does not say how long; clients that
/// follow the redirect at once never notice.
const CODE_SECONDS: i64 = 60;

/// Every scope that the app declares.
pub(crate) const SCOPES: [&str; 35] = [
    "oauth",
    "crm.objects.contacts.read",
    "crm.objects.contacts.write",
    "crm.objects.companies.read",
    "crm.objects.companies.write",
    "crm.objects.deals.read",
    "crm.objects.deals.write",
    "crm.objects.custom.read",
    "crm.objects.custom.write",
    "crm.objects.owners.read",
    "crm.objects.leads.read",
    "crm.objects.leads.write",
    "crm.objects.line_items.read",
    "crm.objects.line_items.write",
    "crm.objects.products.read",
    "crm.objects.products.write",
    "crm.objects.quotes.read",
    "crm.objects.quotes.write",
    "crm.schemas.line_items.read",
    "crm.schemas.quotes.read",
    "e-commerce",
    "tickets",
    "crm.lists.write",
    "crm.schemas.contacts.read",
    "crm.schemas.contacts.write",
    "crm.schemas.companies.read",
    "crm.schemas.companies.write",
    "crm.schemas.deals.read",
    "crm.schemas.deals.write",
    "crm.schemas.custom.read",
    "crm.schemas.custom.write",
    "sales-email-read",
    "crm.lists.read",
    "crm.export",
    "crm.objects.contacts.sensitive.read.v2",
];

/// What the server does with a PKCE challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pkce {
    /// A code that was asked for with a challenge needs the verifier.
    Enforced,
    /// Challenges and verifiers are not looked at.
    Ignored,
    /// A challenge leads to an error page: the switch for clients that must do without.
    Rejected,
}

/// The three classes of scopes that an app declares (HubSpot's changelog, "Advanced auth and scope
/// settings for public apps", 2024-10-21).
#[derive(Debug, Clone, Default)]
pub(crate) struct Declared {
    /// Must be in `scope` every time.
    pub required: BTreeSet<String>,
    /// May be in `scope`, and nowhere else.
    pub conditional: BTreeSet<String>,
    /// May be in `optional_scope`, and nowhere else.
    pub optional: BTreeSet<String>,
}

impl Declared {
    /// Whether an authorize URL asks for what the app declares.
    pub(crate) fn fits(&self, scope: &BTreeSet<String>, optional: &BTreeSet<String>) -> bool {
        self.required.is_subset(scope)
            && scope
                .iter()
                .all(|one| self.required.contains(one) || self.conditional.contains(one))
            && optional.is_subset(&self.optional)
    }
}

/// The kind of credential, which decides the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credential {
    /// A marketplace app's access token.
    OAuth,
    /// A private app's token or a service key.
    Static,
}

/// What a token may do.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    /// OAuth or static.
    pub credential: Credential,
    /// The scopes.
    pub scopes: BTreeSet<String>,
    /// When it ends, if it does.
    pub expires: Option<Moment>,
}

impl Grant {
    /// Whether one of the scopes is there.
    pub(crate) fn allows(&self, any_of: &[&str]) -> bool {
        any_of.iter().any(|scope| self.scopes.contains(*scope))
    }

    /// Refuses the call unless one of the scopes is there.
    pub(crate) fn require(&self, any_of: &[&str]) -> Result<(), Refusal> {
        if self.allows(any_of) {
            Ok(())
        } else {
            Err(Refusal::scopes(any_of))
        }
    }
}

/// A consent that waits for its token call.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    /// Where the code was sent.
    pub redirect_uri: String,
    /// What was granted.
    pub scopes: BTreeSet<String>,
    /// The S256 challenge, if one was sent.
    pub challenge: Option<String>,
    issued: Moment,
}

/// Where the app may be redirected to, exactly.
pub(crate) const REDIRECTS: [&str; 3] = [
    "http://localhost:17431/oauth/callback",
    "http://localhost:17432/oauth/callback",
    "http://localhost:17433/oauth/callback",
];

/// All tokens of a simulator.
pub(crate) struct Auth {
    dice: Dice,
    /// The app's id.
    pub client_id: String,
    /// The app's secret.
    pub client_secret: String,
    /// The static token.
    pub token: String,
    /// What is done with PKCE.
    pub pkce: Pkce,
    /// Whether a refresh gives a new refresh token and ends the old one.
    pub rotates: bool,
    /// How long tokens are at least. Real ones are a few hundred characters; they vary, and clients
    /// must not cut them.
    pub token_length: usize,
    /// Which scopes the app declares as what; `None` lets every scope be asked for in either way,
    /// as apps could before October 2024.
    pub declared: Option<Declared>,
    /// The user who consents.
    pub user_id: u64,
    access: HashMap<String, Grant>,
    refresh: HashMap<String, BTreeSet<String>>,
    codes: HashMap<String, Code>,
}

impl Auth {
    /// Fresh credentials. The port keeps apart the tokens of two simulators with the same seed, so
    /// that a client that mixes up its portals is found out.
    pub(crate) fn new(seed: u64, port: u16) -> Self {
        let mut dice = Dice::new(seed, "tokens", u64::from(port));
        let client_id = uuid(&mut dice);
        let client_secret = uuid(&mut dice);
        let token = format!("pat-eu1-{}", uuid(&mut dice));
        let grant = Grant {
            credential: Credential::Static,
            scopes: SCOPES.iter().map(|scope| (*scope).to_owned()).collect(),
            expires: None,
        };
        Self {
            dice,
            client_id,
            client_secret,
            access: HashMap::from([(token.clone(), grant)]),
            token,
            pkce: Pkce::Enforced,
            rotates: false,
            token_length: 0,
            declared: None,
            user_id: 7_700,
            refresh: HashMap::new(),
            codes: HashMap::new(),
        }
    }

    /// A number that nobody has seen yet, for correlation ids.
    pub(crate) fn uuid(&mut self) -> String {
        uuid(&mut self.dice)
    }

    /// Issues a code.
    pub(crate) fn issue_code(
        &mut self,
        redirect_uri: &str,
        scopes: BTreeSet<String>,
        challenge: Option<String>,
        now: Moment,
    ) -> String {
        let code = format!("eu1-{}", uuid(&mut self.dice));
        let kept = Code {
            redirect_uri: redirect_uri.to_owned(),
            scopes,
            challenge,
            issued: now,
        };
        self.codes.insert(code.clone(), kept);
        code
    }

    /// Takes a code: it works once, and not for long.
    pub(crate) fn take_code(&mut self, code: &str, now: Moment) -> Option<Code> {
        let found = self.codes.remove(code)?;
        (now.since(found.issued).as_secs() <= CODE_SECONDS).then_some(found)
    }

    /// Issues an access token. Real ones are a few hundred characters long; columns must hold 512.
    pub(crate) fn issue_access(&mut self, scopes: BTreeSet<String>, now: Moment) -> String {
        let token: String = std::iter::once("CNeu".to_owned())
            .chain((0..8).map(|_| uuid(&mut self.dice)))
            .collect();
        let token = self.lengthen(token);
        let expires = Some(Moment::from_millis(now.millis() + TOKEN_SECONDS * 1000));
        let grant = Grant {
            credential: Credential::OAuth,
            scopes,
            expires,
        };
        self.access.insert(token.clone(), grant);
        token
    }

    fn lengthen(&mut self, mut token: String) -> String {
        while token.len() < self.token_length {
            token.push_str(&uuid(&mut self.dice));
        }
        token
    }

    /// Issues a refresh token.
    pub(crate) fn issue_refresh(&mut self, scopes: BTreeSet<String>) -> String {
        let token = format!("eu1-{}", uuid(&mut self.dice));
        let token = self.lengthen(token);
        self.refresh.insert(token.clone(), scopes);
        token
    }

    /// What a refresh token may still do.
    pub(crate) fn refreshable(&self, token: &str) -> Option<&BTreeSet<String>> {
        self.refresh.get(token)
    }

    /// Ends a refresh token. Access tokens live on until their time is over.
    pub(crate) fn revoke(&mut self, token: &str) -> bool {
        self.refresh.remove(token).is_some()
    }

    /// Ends all refresh tokens, as when the app is uninstalled.
    pub(crate) fn revoke_all(&mut self) -> usize {
        std::mem::take(&mut self.refresh).len()
    }

    /// Ends all access tokens that can end.
    pub(crate) fn expire_all(&mut self, now: Moment) -> usize {
        let ending = self
            .access
            .values_mut()
            .filter_map(|grant| grant.expires.as_mut());
        ending
            .map(|expires| *expires = Moment::from_millis(now.millis() - 1_000))
            .count()
    }

    /// What an access token may do, whether or not its time is over.
    pub(crate) fn grant(&self, token: &str) -> Option<&Grant> {
        self.access.get(token)
    }

    /// Who calls; refused like HubSpot refuses.
    pub(crate) fn authenticate(&self, bearer: Option<&str>, now: Moment) -> Result<Grant, Refusal> {
        let grant = bearer
            .and_then(|token| self.access.get(token))
            .ok_or_else(Refusal::unauthenticated)?;
        match grant.expires {
            Some(end) if end <= now => {
                Err(Refusal::expired(now.since(end).as_secs(), &end.to_string()))
            }
            _ => Ok(grant.clone()),
        }
    }
}

fn uuid(dice: &mut Dice) -> String {
    let (high, low) = (dice.bits(), dice.bits());
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0xfff,
        low & 0xffff_ffff_ffff
    )
}

//! How a portal is reached. Tokens rest in the encrypted file and nowhere else.

use crm::Moment;
use rusqlite::{Connection, OptionalExtension, params};
use secrecy::{ExposeSecret, SecretString};

use crate::error::StoreError;
use crate::portal_store::PortalStore;

/// The kinds of credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialKind {
    /// A private app's or a service key's token. It is not renewed.
    StaticToken,
    /// The user's own OAuth app: tokens that are renewed with its id and secret.
    OwnApp,
}

/// The changing part of a credential.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The bearer token.
    pub access: SecretString,
    /// What buys the next access token.
    pub refresh: Option<SecretString>,
    /// When the access token was given, by our clock.
    pub issued_at: Option<Moment>,
    /// When the access token ends, by our clock.
    pub expires_at: Option<Moment>,
}

/// Since when, and why, a portal cannot be reached until somebody connects it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disconnection {
    /// Since when.
    pub at: Moment,
    /// A stable word for the reason, such as `token_revoked`.
    pub why: String,
}

/// A portal's credential.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Which kind it is.
    pub kind: CredentialKind,
    /// The tokens.
    pub tokens: Tokens,
    /// The id of the user's own app.
    pub client_id: Option<String>,
    /// The secret of the user's own app.
    pub client_secret: Option<SecretString>,
    /// The scopes that HubSpot says were granted.
    pub scopes: Vec<String>,
    /// Where the API is, when that is not HubSpot's own host: a simulator on this machine.
    pub api_base: Option<String>,
    /// Counts the changes. A writer names the one it has read.
    pub generation: u64,
    /// Set while the portal has to be connected again.
    pub disconnected: Option<Disconnection>,
}

const LOAD: &str = include_str!("../../../../sql/store/load_credential.sql");
const SAVE: &str = include_str!("../../../../sql/store/save_credential.sql");
const RENEW: &str = include_str!("../../../../sql/store/renew_credential.sql");
const ACCEPT: &str = include_str!("../../../../sql/store/accept_credential.sql");
const DISCONNECT: &str = include_str!("../../../../sql/store/disconnect_credential.sql");

impl PortalStore {
    /// The stored credential.
    ///
    /// # Errors
    /// [`StoreError::NoCredential`] where there is none; failures of the database.
    pub fn credential(&self) -> Result<Credential, StoreError> {
        self.read(load)?.ok_or(StoreError::NoCredential)
    }

    /// Stores the credential of a new connection in place of whatever was there, and tells its
    /// generation. `credential.generation` and `credential.disconnected` are not looked at. What was
    /// refused to the connection before is forgotten.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn connect(&self, credential: &Credential) -> Result<u64, StoreError> {
        let kind = match credential.kind {
            CredentialKind::StaticToken => "static_token",
            CredentialKind::OwnApp => "own_app",
        };
        let scopes = serde_json::to_string(&credential.scopes)
            .map_err(|_| StoreError::BadValue("scopes"))?;
        self.write_durable(|tx| {
            let generation = tx.query_row(
                SAVE,
                params![
                    kind,
                    credential.tokens.access.expose_secret(),
                    expose(credential.tokens.refresh.as_ref()),
                    credential.tokens.issued_at.map(Moment::millis),
                    credential.tokens.expires_at.map(Moment::millis),
                    credential.client_id,
                    expose(credential.client_secret.as_ref()),
                    scopes,
                    credential.api_base,
                ],
                |row| row.get(0),
            )?;
            crate::refusals::forget_refusals(tx)?;
            Ok(generation)
        })
    }

    /// Stores renewed tokens, if nobody else renewed them since `seen_generation` was read, and
    /// tells the new generation. Tokens are stored before they are used. Where HubSpot sent no new
    /// refresh token, the old one stays, and where it named no scopes, so do they.
    ///
    /// Every process may do this, also while another one is the folder's writer: whoever needs a
    /// token must be able to keep it.
    ///
    /// # Errors
    /// [`StoreError::StaleCredential`] when the generation has moved: read again and use what is
    /// there. Failures of the database.
    pub fn renew_tokens(
        &self,
        seen_generation: u64,
        tokens: &Tokens,
        scopes: &[String],
    ) -> Result<u64, StoreError> {
        if tokens.access.expose_secret().is_empty() {
            return Err(StoreError::BadValue(
                "an empty token never replaces a good one",
            ));
        }
        let scopes = (!scopes.is_empty())
            .then(|| serde_json::to_string(scopes))
            .transpose()
            .map_err(|_| StoreError::BadValue("scopes"))?;
        self.write_beside(|tx| {
            let renewed = tx
                .query_row(
                    RENEW,
                    params![
                        seen_generation,
                        tokens.access.expose_secret(),
                        expose(tokens.refresh.as_ref()).filter(|token| !token.is_empty()),
                        tokens.issued_at.map(Moment::millis),
                        tokens.expires_at.map(Moment::millis),
                        scopes,
                    ],
                    |row| row.get(0),
                )
                .optional()?;
            renewed.ok_or(StoreError::StaleCredential)
        })
    }

    /// Records that the credential no longer works. The tokens stay: a server's mistake must not
    /// cost a connection. Does nothing when the generation has moved.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn mark_disconnected(
        &self,
        seen_generation: u64,
        disconnection: &Disconnection,
    ) -> Result<(), StoreError> {
        self.write_durable(|tx| {
            tx.execute(
                DISCONNECT,
                params![
                    seen_generation,
                    disconnection.at.millis(),
                    disconnection.why
                ],
            )?;
            Ok(())
        })
    }

    /// Records that HubSpot accepts the credential, where a refusal of it was recorded before. Does
    /// nothing when the generation has moved.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn mark_accepted(&self, seen_generation: u64) -> Result<(), StoreError> {
        self.write_durable(|tx| {
            tx.execute(ACCEPT, [seen_generation])?;
            Ok(())
        })
    }
}

fn expose(secret: Option<&SecretString>) -> Option<&str> {
    secret.map(ExposeSecret::expose_secret)
}

fn load(connection: &Connection) -> Result<Option<Credential>, StoreError> {
    let row = connection.query_row(LOAD, [], |row| {
        let kind: String = row.get(0)?;
        let scopes: String = row.get(7)?;
        let disconnected_at: Option<i64> = row.get(10)?;
        let disconnected_why: Option<String> = row.get(11)?;
        let credential = Credential {
            kind: match kind.as_str() {
                "own_app" => CredentialKind::OwnApp,
                _ => CredentialKind::StaticToken,
            },
            tokens: Tokens {
                access: SecretString::from(row.get::<_, String>(1)?),
                refresh: row.get::<_, Option<String>>(2)?.map(SecretString::from),
                issued_at: row.get::<_, Option<i64>>(3)?.map(Moment::from_millis),
                expires_at: row.get::<_, Option<i64>>(4)?.map(Moment::from_millis),
            },
            client_id: row.get(5)?,
            client_secret: row.get::<_, Option<String>>(6)?.map(SecretString::from),
            scopes: Vec::new(),
            api_base: row.get(8)?,
            generation: row.get(9)?,
            disconnected: disconnected_at.map(|at| Disconnection {
                at: Moment::from_millis(at),
                why: disconnected_why.unwrap_or_default(),
            }),
        };
        Ok((credential, scopes))
    });
    let Some((mut credential, scopes)) = row.optional()? else {
        return Ok(None);
    };
    credential.scopes =
        serde_json::from_str(&scopes).map_err(|_| StoreError::BadValue("scopes"))?;
    Ok(Some(credential))
}

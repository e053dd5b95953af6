//! What the token may do, next to what it might when the copy was last complete.

use std::collections::BTreeSet;

use crm::{Moment, ObjectType};
use store::{PortalStore, StoreError, Unseen};

/// The scopes of a portal's token.
#[derive(Debug, Clone, Default)]
pub(crate) struct Granted {
    /// Those that it has, as far as HubSpot tells.
    pub(crate) scopes: BTreeSet<String>,
    /// The last run that read everything.
    pub(crate) last_run: Option<i64>,
    /// Whether it has fewer than in that run: what vanished since then may be out of sight alone.
    pub(crate) has_lost: bool,
}

impl Granted {
    /// Of the stored credential. Whoever holds the token may keep it elsewhere: nothing is known then.
    pub(crate) fn of(store: &PortalStore) -> Result<Self, StoreError> {
        let scopes = match store.credential() {
            Ok(credential) => credential.scopes.into_iter().collect(),
            Err(StoreError::NoCredential) => BTreeSet::new(),
            Err(error) => return Err(error),
        };
        let last = store.read(store::last_scopes)?;
        let before = last.as_ref().map(|(_, before)| before);
        Ok(Self {
            has_lost: before.is_some_and(|before| store::have_shrunk(before, &scopes)),
            last_run: last.map(|(run, _)| run),
            scopes,
        })
    }

    /// Whether a record that is out of sight stays.
    pub(crate) fn keeps(&self, unseen: &Unseen, now: Moment) -> bool {
        unseen.is_kept(&self.scopes, now)
    }

    /// How many live records of a type are out of sight since before this comparison.
    pub(crate) fn unseen_before(
        &self,
        store: &PortalStore,
        object: &ObjectType,
    ) -> Result<u64, StoreError> {
        store.read(|connection| store::unseen_before(connection, object, self.last_run))
    }
}

//! Worlds: portals with a past, a present that moves, and a truth that is known.

mod activities;
mod around;
mod bulk;
mod calendar;
mod cast;
mod deals;
mod dice;
mod generate;
mod horizon;
mod journey;
mod life;
mod maven;
mod model;
mod names;
mod story;
mod truth;

use std::path::Path;

use crm::Moment;
use serde_json::Value;

use crate::options::{Bulk, SimError};
use crate::portal::Portal;
pub(crate) use dice::Dice;
use life::Life;

/// A portal and the life in it.
pub(crate) struct World {
    /// What the API shows.
    pub portal: Portal,
    /// Up to when the world's life has been lived.
    pub now: Moment,
    life: Option<Life>,
    told: Value,
}

impl World {
    /// The demo world, with its effects or (`null`) without any.
    pub(crate) fn demo(seed: u64, now: Moment, deals: usize, null: bool) -> Self {
        let (portal, life) = generate::generate(seed, now, deals, null);
        Self {
            portal,
            now,
            life: Some(life),
            told: Value::Null,
        }
    }

    /// The Maven world: a portal read from four public files. Nothing happens in it by itself.
    pub(crate) fn maven(seed: u64, now: Moment, folder: &Path) -> Result<Self, SimError> {
        let (portal, told) = maven::load(seed, now, folder)?;
        Ok(Self {
            portal,
            now,
            life: None,
            told,
        })
    }

    /// The bulk world: only large. Nothing happens in it by itself.
    pub(crate) fn bulk(seed: u64, now: Moment, size: &Bulk) -> Self {
        let (portal, told) = bulk::generate(seed, now, size);
        Self {
            portal,
            now,
            life: None,
            told,
        }
    }

    /// Lives on until `until`: what was to come by then has happened.
    pub(crate) fn advance(&mut self, until: Moment) {
        if until <= self.now {
            return;
        }
        if let Some(life) = &mut self.life {
            life.advance(&mut self.portal, self.now, until);
        }
        self.now = until;
    }

    /// Every effect that was put in, and what follows from it for the deals that are open.
    pub(crate) fn truth(&self) -> Value {
        match &self.life {
            Some(life) => truth::tell(life, &self.portal, self.now),
            None => self.told.clone(),
        }
    }
}

#[cfg(test)]
mod tests;

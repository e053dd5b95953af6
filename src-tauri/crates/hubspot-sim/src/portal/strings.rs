//! Texts kept once each: a large world says "United States" a hundred thousand times.

use std::collections::HashMap;
use std::sync::Arc;

/// A text kept in [`Strings`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Sym(u32);

impl Sym {
    /// The symbol behind a number that [`Sym::number`] gave out.
    pub(crate) const fn from_number(number: u32) -> Self {
        Self(number)
    }

    /// The bare number, for packing into a cell.
    pub(crate) const fn number(self) -> u32 {
        self.0
    }
}

/// The texts of one portal.
#[derive(Debug, Default)]
pub(crate) struct Strings {
    numbers: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

impl Strings {
    /// Keeps a text, or finds the one kept before.
    pub(crate) fn keep(&mut self, text: &str) -> Sym {
        if let Some(number) = self.numbers.get(text) {
            return Sym(*number);
        }
        // Four thousand million distinct texts do not fit into the memory of the machines we know.
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let shared: Arc<str> = text.into();
        self.numbers.insert(Arc::clone(&shared), number);
        self.texts.push(shared);
        Sym(number)
    }

    /// The symbol of a text that was kept before.
    pub(crate) fn find(&self, text: &str) -> Option<Sym> {
        self.numbers.get(text).copied().map(Sym)
    }

    /// The text of a symbol.
    pub(crate) fn text(&self, sym: Sym) -> &str {
        self.texts.get(sym.0 as usize).map_or("", |text| text)
    }
}

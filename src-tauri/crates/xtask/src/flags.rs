//! The few flags that errands take: `--name VALUE` and `--name`.

/// What is left to read of a command line.
pub(crate) struct Flags<'a> {
    left: Vec<&'a str>,
}

impl<'a> Flags<'a> {
    pub(crate) fn new(words: &[&'a str]) -> Self {
        Self {
            left: words.to_vec(),
        }
    }

    /// Takes the value of a flag out, if the flag is there.
    ///
    /// # Errors
    /// When nothing follows the flag.
    pub(crate) fn value(&mut self, name: &str) -> Result<Option<&'a str>, String> {
        let Some(place) = self.left.iter().position(|word| *word == name) else {
            return Ok(None);
        };
        let mut taken = self.left.drain(place..self.left.len().min(place + 2));
        match (taken.next(), taken.next()) {
            (_, Some(value)) => Ok(Some(value)),
            (_, None) => Err(format!("{name} needs a value")),
        }
    }

    /// Takes the number behind a flag out, if the flag is there.
    ///
    /// # Errors
    /// When no number follows the flag.
    pub(crate) fn number(&mut self, name: &str) -> Result<Option<u64>, String> {
        let Some(text) = self.value(name)? else {
            return Ok(None);
        };
        let number = text.parse().map_err(|_| format!("{name} needs a number"))?;
        Ok(Some(number))
    }

    /// Takes a flag without a value out, and tells whether it was there.
    pub(crate) fn is_set(&mut self, name: &str) -> bool {
        let before = self.left.len();
        self.left.retain(|word| *word != name);
        self.left.len() < before
    }

    /// Takes the words out that are no flags.
    pub(crate) fn words(&mut self) -> Vec<&'a str> {
        let left = std::mem::take(&mut self.left);
        let (flags, words) = left.into_iter().partition(|word| word.starts_with('-'));
        self.left = flags;
        words
    }

    /// Makes sure that everything was understood.
    ///
    /// # Errors
    /// When a word is left.
    pub(crate) fn nothing_else(self) -> Result<(), String> {
        match self.left.first() {
            None => Ok(()),
            Some(word) => Err(format!("{word} was not understood")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_come_in_any_order() {
        let mut flags = Flags::new(&["--kills", "9", "deals", "--quick", "--seed", "7"]);
        assert!(flags.is_set("--quick"));
        assert!(!flags.is_set("--quick"));
        assert_eq!(flags.number("--seed"), Ok(Some(7)));
        assert_eq!(flags.number("--seed"), Ok(None));
        assert_eq!(flags.value("--kills"), Ok(Some("9")));
        assert_eq!(flags.words(), ["deals"]);
        assert_eq!(flags.nothing_else(), Ok(()));
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        assert!(Flags::new(&["--seed"]).number("--seed").is_err());
        assert!(Flags::new(&["--seed", "x"]).number("--seed").is_err());
        assert!(Flags::new(&["--sed", "7"]).nothing_else().is_err());
    }
}

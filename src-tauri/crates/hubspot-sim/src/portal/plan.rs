//! What an account has paid for: which object types it has, and how many calls it may make.

/// A subscription, named as HubSpot's usage guidelines name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Plan {
    /// Nothing paid.
    Free,
    /// The smallest paid one.
    Starter,
    /// The one that most sales teams have.
    Professional,
    /// The largest; the only one with custom objects.
    Enterprise,
}

impl Plan {
    const ALL: [Self; 4] = [
        Self::Free,
        Self::Starter,
        Self::Professional,
        Self::Enterprise,
    ];

    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Starter => "starter",
            Self::Professional => "professional",
            Self::Enterprise => "enterprise",
        }
    }

    /// Reads the word.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|plan| plan.word() == word)
    }

    /// How many pipelines a type may have.
    pub(crate) fn pipelines(self) -> usize {
        match self {
            Self::Free => 1,
            Self::Starter => 2,
            Self::Professional => 15,
            Self::Enterprise => 100,
        }
    }

    /// Whether it has custom objects.
    pub(crate) fn has_custom_objects(self) -> bool {
        self == Self::Enterprise
    }

    /// Whether it has leads.
    pub(crate) fn has_leads(self) -> bool {
        self >= Self::Professional
    }
}

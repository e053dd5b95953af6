//! The queries that list the deals behind a figure, by the name that the figure carries.

use std::fmt::Write as _;

/// A query of `sql/read/`. It may ask another one like a table, under that one's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query {
    /// The file's name without `.sql`.
    pub name: &'static str,
    file: &'static str,
    /// Those that it asks, each after those that it asks itself.
    on: &'static [Query],
}

impl Query {
    /// The SQL that runs: one statement, with the queries that it asks.
    #[must_use]
    pub fn sql(&self) -> String {
        if self.on.is_empty() {
            return self.file.to_owned();
        }
        let comment: usize = self
            .file
            .split_inclusive('\n')
            .take_while(|line| line.starts_with("--"))
            .map(str::len)
            .sum();
        let (comment, own) = self.file.split_at(comment);
        let mut text = format!("{comment}WITH\n");
        let mut gap = "";
        for asked in self.on {
            // Worked out once, however many of the others ask it.
            let statement = asked.file.trim_end().trim_end_matches(';');
            let _ = write!(
                text,
                "{gap}{} AS MATERIALIZED (\n{statement}\n)",
                asked.name
            );
            gap = ",\n\n";
        }
        // Tables of its own follow those of the others.
        let (gap, own) = match own.strip_prefix("WITH\n") {
            Some(own) => (",\n\n", own),
            None => ("\n", own),
        };
        text + gap + own
    }
}

macro_rules! queries {
    ($($(#[$doc:meta])* $constant:ident = $name:literal on [$($asked:ident),*];)*) => {
        $(
            $(#[$doc])*
            pub const $constant: Query = Query {
                name: $name,
                file: include_str!(concat!("../../../../sql/read/", $name, ".sql")),
                on: &[$($asked),*],
            };
        )*

        /// All of them.
        pub const ALL: &[Query] = &[$($constant),*];
    };
}

queries! {
    /// The deals that live on under another id. No parameters.
    DEALS_CONTINUED = "deals_continued" on [];
    /// Every stay of a deal in a stage. No parameters.
    DEAL_STAGES = "deal_stages" on [DEALS_CONTINUED];
    /// The deals open at a moment. Parameters `:as_of`, `:closed_stages`, `:pipeline`, `:owners`.
    DEALS_OPEN = "deals_open" on [DEALS_CONTINUED, DEAL_STAGES];
    /// Those of them whose close date lies in a period. Also `:from`, `:until`.
    DEALS_OPEN_CLOSING = "deals_open_closing" on [DEALS_CONTINUED, DEAL_STAGES, DEALS_OPEN];
    /// The deals won in a period. Parameters `:as_of`, `:won_stages`, `:pipeline`, `:owners`, `:from`,
    /// `:until`.
    DEALS_WON = "deals_won" on [DEALS_CONTINUED, DEAL_STAGES];
    /// The deals open at a moment and those won in a period. Parameters of both.
    DEALS_IN_FORECAST = "deals_in_forecast" on [DEALS_CONTINUED, DEAL_STAGES, DEALS_OPEN, DEALS_WON];
    /// What deals said at two moments. Parameters `:deals`, `:from`, `:until`.
    DEALS_MOVED = "deals_moved" on [DEALS_CONTINUED, DEAL_STAGES];
    /// The deals of a list. Parameter `:deals`.
    DEALS_LISTED = "deals_listed" on [];
    /// The deals behind a stage's win rate. Parameters `:stage`, `:stage_pipeline`, `:landmarks`.
    DEALS_BEHIND_STAGE = "deals_behind_stage" on [DEALS_CONTINUED, DEAL_STAGES];
    /// The deals of a segment of customers. Parameters `:as_of`, `:created_from`, `:pipeline`,
    /// `:parts`, `:left_out`.
    DEALS_IN_SEGMENT = "deals_in_segment" on [];
    /// Deals by their ids, with what happened around them. Parameters `:deals`, `:as_of`.
    DEALS_WITH_ACTIVITY = "deals_with_activity" on [];
    /// Deals by their ids, with what became of them. Parameter `:deals`.
    DEALS_BEHIND_SCORE = "deals_behind_score" on [];
    /// Contacts by their ids, with what became of their deals. Parameter `:contacts`.
    CONTACTS_BEHIND_SCORE = "contacts_behind_score" on [];
}

/// The query of a name. The first columns of every one that lists deals, or contacts, are the id and
/// the name.
#[must_use]
pub fn find(name: &str) -> Option<Query> {
    ALL.iter().copied().find(|query| query.name == name)
}

//! The queries that list the deals behind a figure, by the name that the figure carries.

/// A query of `sql/read/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query {
    /// The file's name without `.sql`.
    pub name: &'static str,
    /// The SQL, with its comment.
    pub sql: &'static str,
}

macro_rules! queries {
    ($($(#[$doc:meta])* $constant:ident = $name:literal;)*) => {
        $(
            $(#[$doc])*
            pub const $constant: Query = Query {
                name: $name,
                sql: include_str!(concat!("../../../../sql/read/", $name, ".sql")),
            };
        )*

        /// All of them.
        pub const ALL: &[Query] = &[$($constant),*];
    };
}

queries! {
    /// The deals open at a moment. Parameters `:as_of`, `:closed_stages`, `:pipeline`.
    DEALS_OPEN = "deals_open";
    /// Those of them whose close date lies in a period. Also `:from`, `:until`.
    DEALS_OPEN_CLOSING = "deals_open_closing";
    /// The deals won in a period. Parameters `:as_of`, `:won_stages`, `:pipeline`, `:from`, `:until`.
    DEALS_WON = "deals_won";
    /// The deals open at a moment and those won in a period. Parameters of both.
    DEALS_IN_FORECAST = "deals_in_forecast";
    /// The deals behind a stage's win rate. Parameters `:stage`, `:landmarks`.
    DEALS_BEHIND_STAGE = "deals_behind_stage";
}

/// The query of a name. The first columns of every one are the deal's id and its name.
#[must_use]
pub fn find(name: &str) -> Option<Query> {
    ALL.iter().copied().find(|query| query.name == name)
}

//! Every limit, named, with the place that states it.
//!
//! "Usage guidelines" is HubSpot's page *developer-tooling/platform/usage-guidelines*; "object
//! guide" is *crm/using-object-apis*; "search guide" is *crm/search-the-crm*; "associations guide"
//! is *crm/associate-records*; "errors" is *reference/error-handling*. What no page states says so.

use std::time::Duration;

/// Records a page of a list (object guide).
pub const PAGE: usize = 100;

/// Records a page, or ids a batch read, once history is asked for. Not in the guide: HubSpot's own
/// Python SDK holds it as `PROPERTY_HISTORY_MAX_SIZE`, and larger pages answer 400.
pub const PAGE_WITH_HISTORY: usize = 50;

/// Inputs of a batch read or batch update of records (object guide).
pub const BATCH: usize = 100;

/// Results a page of a search (search guide).
pub const SEARCH_PAGE: usize = 200;

/// Results a search can page through in all; beyond it answers 400 (search guide).
pub const SEARCH_TOTAL: usize = 10_000;

/// Filter groups a search (search guide).
pub const SEARCH_GROUPS: usize = 5;

/// Filters a group (search guide).
pub const SEARCH_FILTERS_PER_GROUP: usize = 6;

/// Filters a search in all (search guide).
pub const SEARCH_FILTERS: usize = 18;

/// Characters of a search's free words. The guide puts the limit on the whole body, the
/// specification on these words alone; bodies with a thousand properties are known to work.
pub const SEARCH_WORDS: usize = 3_000;

/// Inputs of a batch read of associations (associations guide).
pub const ASSOCIATION_INPUTS: usize = 1_000;

/// Pairs of a batch of new associations (associations guide).
pub const ASSOCIATION_PAIRS: usize = 2_000;

/// Records that the pairs of a batch of removals may lead from. On no page of HubSpot's; reported.
pub const ASSOCIATION_ARCHIVES: usize = 100;

/// Associations a page of one record: the default, and the most (specification).
pub const ASSOCIATIONS_PAGE: usize = 500;

/// Owners a page: the default of HubSpot's specification. 500 is said to work, nowhere promised.
pub const OWNERS_PAGE: usize = 100;

/// Lists a page (specification of the lists' search).
pub const LISTS_PAGE: usize = 100;

/// Records a page of a list's memberships: the specification's default, and what its guide shows.
pub const MEMBERSHIPS_PAGE: usize = 100;

/// Pages without an item in a row, each with a cursor, that are gone through: short and even empty
/// pages do occur (Airbyte, issue 80744); without an end they are a loop. Ours.
pub const EMPTY_PAGES: u32 = 3;

/// The longest URL we send. Requests have been refused from 8 k on (reports of dlt and PostHog);
/// more properties than fit belong in a batch read, whose names travel in the body.
pub const URL_LENGTH: usize = 7_500;

/// Calls in [`BURST_INTERVAL`] of an OAuth app, and the start for any other token, which has at
/// least 100 (usage guidelines). The headers correct it.
pub const OAUTH_BURST: u32 = 110;

/// Calls in [`BURST_INTERVAL`] of a private app or service key on the smallest plan
/// (usage guidelines). The headers correct it.
pub const STATIC_BURST: u32 = 100;

/// The window of the burst limits (usage guidelines, `X-HubSpot-RateLimit-Interval-Milliseconds`).
pub const BURST_INTERVAL: Duration = Duration::from_secs(10);

/// Searches a second, shared with every other app of the account; no header tells (search guide).
pub const SEARCHES_PER_SECOND: u32 = 5;

/// Searches under way at once: what HubSpot's own Node SDK holds (`maxConcurrent: 3`).
pub const SEARCHES_AT_ONCE: usize = 3;

/// Association calls in [`BURST_INTERVAL`] on the smallest plan (associations guide). They have a
/// budget of their own.
pub const ASSOCIATIONS_BURST: u32 = 100;

/// The largest answer that is read. Ours: a page of 100 records with 1,000 properties of ordinary
/// length is under 10 MB.
pub const ANSWER_BYTES: usize = 32 << 20;

/// Stages of a pipeline (pipelines guide, as told by others).
pub const STAGES: usize = 100;

/// Time to connect. Ours.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Time without a byte of an answer. HubSpot's edge gives up after 100 s with a 524 (errors), so a
/// shorter wait would never see it.
pub const READ_TIMEOUT: Duration = Duration::from_secs(120);

/// How many times a call is repeated at most. Java SDK: 2; a bulk sync needs more.
pub const REPEATS: u32 = 5;

/// How long a call that was cut off from the network waits for it to return, where calls got through
/// before. Ours: a laptop on its way from one room to the next.
pub const NETWORK_PATIENCE: Duration = Duration::from_secs(120);

/// How many times a plain 500 is repeated: "few times" (errors).
pub const REPEATS_OF_500: u32 = 3;

/// Longest time one call may take with all its repeats. Ours.
pub const CALL_DEADLINE: Duration = Duration::from_secs(600);

/// The longest `Retry-After` that is waited for within a call; a longer one goes to the caller, who
/// can pause the portal. Ours.
pub const RETRY_AFTER_CAP: Duration = Duration::from_secs(60);

/// Longest time one token call may take with all its repeats. Ours: whoever wants a token waits for
/// it, in every process, and HubSpot's edge gives up after 100 s (errors, 524).
pub const TOKEN_DEADLINE: Duration = Duration::from_secs(120);

/// What an access token's life is taken for when the answer tells nonsense: 30 minutes is what
/// HubSpot documents (OAuth, "manage tokens").
pub const TOKEN_LIFE: Duration = Duration::from_secs(30 * 60);

/// A longer life than this is nonsense. Ours.
pub const TOKEN_LIFE_CAP: Duration = Duration::from_secs(7 * 24 * 3600);

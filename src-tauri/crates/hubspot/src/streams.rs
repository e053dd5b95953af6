//! Everything that comes in pages, as a stream of its items.
//!
//! A stream is owned by its caller: it asks for a page when one is wanted, holds that one page, and
//! leaves nothing behind when it is dropped. After an error it has ended. Each of them ends with an
//! error, too, where HubSpot's pages would never end: when a cursor comes twice
//! ([`Kind::EndlessPages`]), or after [`limits::EMPTY_PAGES`] pages in a row without an item.

use std::collections::{HashSet, VecDeque};

use crm::{ObjectType, RecordId};
use futures_util::Stream;
use futures_util::stream::try_unfold;

use crate::{
    Association, Client, Error, Kind, List, ListQuery, Membership, Owner, Page, Record,
    SearchQuery, limits,
};

/// Where a stream stands: what is left of its page, and how to go on.
struct Progress {
    items_left: bool,
    after: Option<String>,
    seen: HashSet<String>,
    empty: u32,
}

impl Progress {
    fn new(after: Option<String>) -> Self {
        Self {
            items_left: true,
            seen: after.iter().cloned().collect(),
            after,
            empty: 0,
        }
    }

    /// Takes note of a page's cursor and length.
    fn turn(&mut self, after: Option<String>, length: usize) -> Result<(), Error> {
        self.empty = if length == 0 { self.empty + 1 } else { 0 };
        let endless = match &after {
            None => {
                self.items_left = false;
                false
            }
            Some(next) => !self.seen.insert(next.clone()) || self.empty > limits::EMPTY_PAGES,
        };
        self.after = after;
        if endless {
            return Err(Kind::EndlessPages.into());
        }
        Ok(())
    }
}

/// The items of all pages, of which `ask` gives the one behind a cursor.
fn pages<T, F>(
    after: Option<String>,
    ask: impl Fn(Option<String>) -> F,
) -> impl Stream<Item = Result<T, Error>>
where
    F: Future<Output = Result<Page<T>, Error>>,
{
    let start = (Progress::new(after), VecDeque::new(), ask);
    try_unfold(start, |(mut progress, mut items, ask)| async move {
        loop {
            if let Some(item) = items.pop_front() {
                return Ok(Some((item, (progress, items, ask))));
            }
            if !progress.items_left {
                return Ok(None);
            }
            let page = ask(progress.after.clone()).await?;
            progress.turn(page.after, page.results.len())?;
            items = page.results.into();
        }
    })
}

impl Client {
    /// All records of a type from `query.after` on, in id order. See [`Client::list`] for what is
    /// called and what it may fail with.
    pub fn list_all(
        &self,
        object: &ObjectType,
        query: ListQuery,
    ) -> impl Stream<Item = Result<Record, Error>> + use<> {
        let (client, object) = (self.clone(), object.clone());
        let start = query.after.clone();
        pages(start, move |after| {
            let (client, object) = (client.clone(), object.clone());
            let query = ListQuery {
                after,
                ..query.clone()
            };
            async move { client.list(&object, &query).await }
        })
    }

    /// All results of a search, as far as HubSpot pages: see [`Client::search`].
    ///
    /// Where the query matches more than [`limits::SEARCH_TOTAL`], the stream ends with
    /// [`Kind::TooLong`] behind the last result that can be had. A search that must be whole goes on
    /// by windows and ids, as an incremental sync does.
    pub fn search_all(
        &self,
        object: &ObjectType,
        query: SearchQuery,
    ) -> impl Stream<Item = Result<Record, Error>> + use<> {
        let (client, object) = (self.clone(), object.clone());
        pages(None, move |after| {
            let (client, object, query) = (client.clone(), object.clone(), query.clone());
            async move {
                let query = match &after {
                    None => query,
                    Some(after) if beyond(after) => return Err(Kind::TooLong.into()),
                    Some(after) => query.from_offset(after)?,
                };
                let page = client.search(&object, &query).await?;
                Ok(Page {
                    results: page.results,
                    after: page.after,
                    unreadable: 0,
                })
            }
        })
    }

    /// All owners; the deactivated ones instead when `archived`. See [`Client::owners`].
    pub fn all_owners(&self, archived: bool) -> impl Stream<Item = Result<Owner, Error>> + use<> {
        let client = self.clone();
        pages(None, move |after| {
            let client = client.clone();
            async move { client.owners(archived, after.as_deref()).await }
        })
    }

    /// All lists of the portal. See [`Client::lists`].
    pub fn all_lists(&self) -> impl Stream<Item = Result<List, Error>> + use<> {
        let client = self.clone();
        pages(None, move |after| {
            let client = client.clone();
            async move { client.lists(after.as_deref()).await }
        })
    }

    /// Everybody on a list. See [`Client::memberships`].
    pub fn all_memberships(
        &self,
        list: &str,
    ) -> impl Stream<Item = Result<Membership, Error>> + use<> {
        let (client, list) = (self.clone(), list.to_owned());
        pages(None, move |after| {
            let (client, list) = (client.clone(), list.clone());
            async move { client.memberships(&list, after.as_deref()).await }
        })
    }

    /// All associations of one record to records of another type. See
    /// [`Client::associations_of`].
    pub fn all_associations_of(
        &self,
        from: &ObjectType,
        id: RecordId,
        to: &ObjectType,
    ) -> impl Stream<Item = Result<Association, Error>> + use<> {
        let (client, from, to) = (self.clone(), from.clone(), to.clone());
        pages(None, move |after| {
            let (client, from, to) = (client.clone(), from.clone(), to.clone());
            async move {
                client
                    .associations_of(&from, id, &to, after.as_deref())
                    .await
            }
        })
    }
}

/// Whether a search's cursor leads to where HubSpot gives nothing more.
fn beyond(after: &str) -> bool {
    after
        .parse::<usize>()
        .is_ok_and(|offset| offset >= limits::SEARCH_TOTAL)
}

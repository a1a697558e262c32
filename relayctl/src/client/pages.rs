//! Lists come in pages: all of them or as many as were asked for, typed or as they were sent.

use relay_proto::{Method, Nothing, Page};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::refusal::of_other_version;
use super::{Client, Request, filled, object, pairs, to_json};
use crate::error::{Failure, json_fault};

/// Most objects of a page that the API gives.
const PAGE_MAX: usize = 1000;

/// All pages of a list, or as many as were asked for.
#[derive(Debug)]
pub(crate) struct Listing<T> {
    pub(crate) items: Vec<T>,
    /// `{items,next_cursor}`; of a single page byte for byte what the API sent.
    pub(crate) text: String,
    /// Where the rest begins, when `--limit` cut the list.
    pub(crate) next_cursor: Option<String>,
}

/// Which part of a list.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Part {
    /// Print at most so many; without it, all pages are fetched
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Begin where an earlier list ended: its `next_cursor`
    #[arg(long, value_name = "CURSOR", hide_short_help = true)]
    cursor: Option<String>,
}

impl Part {
    /// How many are wanted, if that was said.
    pub(crate) const fn limit(&self) -> Option<u32> {
        self.limit
    }

    /// The first so many.
    pub(crate) const fn first(limit: u32) -> Self {
        Self {
            limit: Some(limit),
            cursor: None,
        }
    }
}

impl Client {
    /// Fetches a list page by page.
    pub(crate) fn list<E, T>(
        &self,
        path: &E::Path,
        query: &E::Query,
        part: &Part,
    ) -> Result<Listing<T>, Failure>
    where
        E: relay_proto::Endpoint<Reply = Page<T>, Body = Nothing>,
        T: DeserializeOwned,
    {
        let mut query = object(query)?;
        // Lists without a query come as one page.
        let in_pages = std::any::TypeId::of::<E::Query>() != std::any::TypeId::of::<Nothing>()
            && !is_unpaged(E::PATH);
        if let (true, Some(cursor)) = (in_pages, &part.cursor) {
            query.insert("cursor".into(), cursor.clone().into());
        }
        let wanted = part.limit.map_or(usize::MAX, |limit| limit as usize);
        let mut items = Vec::new();
        let mut pages = Vec::new();
        let waiting = self.doing("Fetching the list");
        loop {
            if in_pages {
                let ask = (wanted - items.len()).min(PAGE_MAX);
                query.insert("limit".into(), ask.into());
            }
            let (page, text) = self.page::<E, T>(path, &query)?;
            items.extend(page.items);
            pages.push(text);
            waiting.say(&format!("Fetching the list, {} so far", items.len()));
            match page.next_cursor {
                Some(cursor) if items.len() < wanted => {
                    query.insert("cursor".into(), cursor.into());
                }
                next_cursor => {
                    let truncated = items.len() > wanted;
                    items.truncate(wanted);
                    let text = if truncated {
                        cut(&pages.concat(), wanted)?
                    } else {
                        joined(pages)?
                    };
                    return Ok(Listing {
                        items,
                        text,
                        next_cursor,
                    });
                }
            }
        }
    }

    /// Fetches a list page by page and keeps none of them.
    pub(crate) fn each_page<E, T>(
        &self,
        path: &E::Path,
        query: &E::Query,
        mut take: impl FnMut(Vec<T>, &str) -> Result<(), Failure>,
    ) -> Result<(), Failure>
    where
        E: relay_proto::Endpoint<Reply = Page<T>, Body = Nothing>,
        T: DeserializeOwned,
    {
        let mut query = object(query)?;
        query.insert("limit".into(), PAGE_MAX.into());
        loop {
            let (page, text) = self.page::<E, T>(path, &query)?;
            take(page.items, &text)?;
            let Some(cursor) = page.next_cursor else {
                return Ok(());
            };
            query.insert("cursor".into(), cursor.into());
        }
    }

    /// Fetches any list whole, page by page; for `relayctl api`.
    pub(crate) fn raw_pages(&self, path_and_query: &str) -> Result<String, Failure> {
        let no_list = || {
            Failure::usage(format!("the answer to {path_and_query} is no list"))
                .hint("leave out --paginate")
        };
        let waiting = self.doing("Fetching the list");
        let (mut next, mut pages, mut count) = (path_and_query.to_owned(), Vec::new(), 0);
        loop {
            let reply = self.raw(Method::Get, &next, None)?;
            let (items, cursor) = taken_apart(&reply.text).map_err(|_| no_list())?;
            count += items.len();
            waiting.say(&format!("Fetching the list, {count} so far"));
            pages.push(reply.text);
            match cursor.as_str() {
                Some(cursor) => next = with_cursor(path_and_query, cursor).ok_or_else(no_list)?,
                None => return joined(pages),
            }
        }
    }

    /// One page, and its JSON text.
    fn page<E, T>(
        &self,
        path: &E::Path,
        query: &Map<String, Value>,
    ) -> Result<(Page<T>, String), Failure>
    where
        E: relay_proto::Endpoint<Reply = Page<T>, Body = Nothing>,
        T: DeserializeOwned,
    {
        let request = Request {
            query: pairs(query),
            ..Request::default()
        };
        let reply = self.send(E::METHOD, &filled::<E>(path)?, &request);
        let reply = reply.map_err(of_other_version::<E>)?;
        let page = self.understood::<E, _>(&reply, &reply.text)?;
        Ok((page, reply.text))
    }
}

/// Statistics have a span for a query and come whole.
fn is_unpaged(path: &str) -> bool {
    path.starts_with("/v1/stats/") || path == "/v1/log/trace"
}

/// The same request for the page that begins at this cursor.
fn with_cursor(path_and_query: &str, cursor: &str) -> Option<String> {
    let mut url = reqwest::Url::parse(&format!("http://localhost{path_and_query}")).ok()?;
    let kept: Vec<_> = url
        .query_pairs()
        .filter(|(name, _)| name != "cursor")
        .collect();
    let kept: Vec<_> = kept
        .iter()
        .map(|(a, b)| (a.to_string(), b.to_string()))
        .collect();
    let mut query = url.query_pairs_mut();
    query
        .clear()
        .extend_pairs(kept)
        .append_pair("cursor", cursor);
    drop(query);
    Some(format!("{}?{}", url.path(), url.query()?))
}

/// The pages as one. A single one is passed on untouched.
fn joined(mut pages: Vec<String>) -> Result<String, Failure> {
    if pages.len() == 1 {
        return Ok(pages.remove(0));
    }
    let mut all = Vec::new();
    let mut last = Value::Null;
    for page in pages {
        let (items, cursor) = taken_apart(&page)?;
        all.extend(items);
        last = cursor;
    }
    to_json(&serde_json::json!({"items": all, "next_cursor": last}))
}

/// The first `wanted` objects of a list that came whole.
fn cut(text: &str, wanted: usize) -> Result<String, Failure> {
    let (mut items, cursor) = taken_apart(text)?;
    items.truncate(wanted);
    to_json(&serde_json::json!({"items": items, "next_cursor": cursor}))
}

fn taken_apart(text: &str) -> Result<(Vec<Value>, Value), Failure> {
    let page: Page<Value> =
        serde_json::from_str(text).map_err(|error| Failure::not_understood(json_fault(&error)))?;
    Ok((page.items, page.next_cursor.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_page_is_untouched_and_more_are_joined() {
        let odd = "{ \"next_cursor\": null,\n \"items\":[{\"z\":1,\"a\":2}] }".to_owned();
        assert_eq!(joined(vec![odd.clone()]).unwrap(), odd);
        let pages = vec![
            r#"{"items":[1,2],"next_cursor":"x"}"#.to_owned(),
            r#"{"items":[3],"next_cursor":null}"#.to_owned(),
        ];
        assert_eq!(
            joined(pages).unwrap(),
            r#"{"items":[1,2,3],"next_cursor":null}"#
        );
    }

    #[test]
    fn the_next_page_keeps_the_query() {
        for (path, expected) in [
            ("/v1/plans", "/v1/plans?cursor=a%2Bb"),
            (
                "/v1/plans?limit=2&cursor=old",
                "/v1/plans?limit=2&cursor=a%2Bb",
            ),
        ] {
            assert_eq!(with_cursor(path, "a+b").as_deref(), Some(expected));
        }
    }
}

//! One call of the API, described.

use crm::ObjectType;
use reqwest::Method;
use serde::Serialize;
use url::Url;

use crate::{API_VERSION, Error, Kind, limits};

/// Which budget a call eats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    General,
    Search,
    Associations,
}

/// When a call may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// Whenever it may help: the call only reads.
    Freely,
    /// Only when it is certain that the last attempt did nothing.
    IfUndone,
}

/// A call, ready to be sent any number of times.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The path as a template, for logs and errors.
    pub(crate) route: &'static str,
    pub(crate) lane: Lane,
    pub(crate) repeat: Repeat,
    method: Method,
    path: Vec<String>,
    query: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
}

impl Call {
    /// A call that reads, at a path given as a template: `{v}` is the version, and each further
    /// brace takes one of `names`.
    pub(crate) fn get(route: &'static str, names: &[&str]) -> Self {
        Self::bare(Method::GET, route, names)
    }

    /// A call that takes something away.
    pub(crate) fn delete(route: &'static str, names: &[&str]) -> Self {
        Self::bare(Method::DELETE, route, names).writing()
    }

    fn bare(method: Method, route: &'static str, names: &[&str]) -> Self {
        let mut names = names.iter();
        let segment = |segment: &'static str| match segment {
            "{v}" => API_VERSION.to_owned(),
            _ if segment.starts_with('{') => names.next().copied().unwrap_or_default().to_owned(),
            _ => segment.to_owned(),
        };
        Self {
            route,
            lane: Lane::General,
            repeat: Repeat::Freely,
            method,
            path: route
                .trim_start_matches('/')
                .split('/')
                .map(segment)
                .collect(),
            query: Vec::new(),
            body: None,
        }
    }

    /// A call with a body. Many of them only read.
    ///
    /// # Errors
    /// [`Kind::InvalidRequest`] when the body cannot be written as JSON, which no type here does.
    pub(crate) fn post(
        route: &'static str,
        names: &[&str],
        body: &impl Serialize,
    ) -> Result<Self, Error> {
        Self::bare(Method::POST, route, names).carrying(body)
    }

    /// A call that changes parts of something.
    ///
    /// # Errors
    /// As [`Call::post`].
    pub(crate) fn patch(
        route: &'static str,
        names: &[&str],
        body: &impl Serialize,
    ) -> Result<Self, Error> {
        Self::bare(Method::PATCH, route, names)
            .writing()
            .carrying(body)
    }

    /// A call that puts something in its place.
    ///
    /// # Errors
    /// As [`Call::post`].
    pub(crate) fn put(
        route: &'static str,
        names: &[&str],
        body: &impl Serialize,
    ) -> Result<Self, Error> {
        Self::bare(Method::PUT, route, names)
            .writing()
            .carrying(body)
    }

    fn carrying(self, body: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_vec(body)
            .map_err(|_| Error::from(Kind::InvalidRequest("the body is no JSON")))?;
        Ok(Self {
            body: Some(body),
            ..self
        })
    }

    /// The same call on another budget.
    pub(crate) fn in_lane(self, lane: Lane) -> Self {
        Self { lane, ..self }
    }

    /// The same call, as one that changes something.
    pub(crate) fn writing(self) -> Self {
        Self {
            repeat: Repeat::IfUndone,
            ..self
        }
    }

    /// Adds a parameter, unless there is nothing to say.
    pub(crate) fn with(mut self, name: &'static str, value: Option<String>) -> Self {
        self.query.extend(
            value
                .filter(|value| !value.is_empty())
                .map(|value| (name, value)),
        );
        self
    }

    /// The URL.
    ///
    /// # Errors
    /// [`Kind::TooLong`] when HubSpot would refuse it for its length.
    pub(crate) fn url(&self, api: &Url) -> Result<Url, Error> {
        let mut url = api.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.clear().extend(&self.path);
        }
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        if url.as_str().len() > limits::URL_LENGTH {
            return Err(Error::from(Kind::TooLong).on_route(self.route));
        }
        Ok(url)
    }

    /// The request, without a token.
    pub(crate) fn request(&self, http: &reqwest::Client, url: Url) -> reqwest::RequestBuilder {
        let request = http.request(self.method.clone(), url);
        match &self.body {
            Some(body) => request
                .header(reqwest::header::CONTENT_TYPE, "application/json")
                .body(body.clone()),
            None => request,
        }
    }
}

/// A pair of types, as association paths name it.
pub(crate) fn pair<'a>(from: &'a ObjectType, to: &'a ObjectType) -> [&'a str; 2] {
    [from.as_str(), to.as_str()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url_of(call: &Call) -> String {
        call.url(&"http://127.0.0.1:1/".parse().unwrap())
            .unwrap()
            .to_string()
    }

    #[test]
    fn a_template_becomes_a_path() {
        let call = Call::get(
            "/crm/associations/{v}/{from}/{to}/labels",
            &["deals", "2-7"],
        );
        assert_eq!(
            url_of(&call),
            format!("http://127.0.0.1:1/crm/associations/{API_VERSION}/deals/2-7/labels")
        );
    }

    #[test]
    fn names_cannot_leave_their_segment() {
        let call = Call::get("/crm/properties/{v}/{type}", &["../a/b?c#d"])
            .with("after", Some("x&y=z".into()))
            .with("empty", Some(String::new()));
        assert_eq!(
            url_of(&call),
            format!(
                "http://127.0.0.1:1/crm/properties/{API_VERSION}/..%2Fa%2Fb%3Fc%23d?after=x%26y%3Dz"
            )
        );
    }

    #[test]
    fn a_url_too_long_is_not_sent() {
        let names = vec!["a_property_of_some_length"; 400].join(",");
        let call = Call::get("/crm/objects/{v}/{type}", &["deals"]).with("properties", Some(names));
        let error = call
            .url(&"http://127.0.0.1:1/".parse().unwrap())
            .unwrap_err();
        assert_eq!(error.kind(), Kind::TooLong);
    }
}

//! Forms as they come, with fields that may be there many times.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use serde_json::Value;

use super::problem::Problem;

/// The fields of a form, in order. Also from a flat JSON object, which the script sends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// A field; empty when it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str())
    }

    /// A field without white space around it; `None` when there is nothing else in it.
    pub fn some(&self, name: &str) -> Option<&str> {
        Some(self.get(name).trim()).filter(|text| !text.is_empty())
    }

    /// Whether a field is there: a ticked box.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// All values of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// A field as something else.
    ///
    /// # Errors
    /// When it is not one; the message names the field.
    pub fn parse<T: std::str::FromStr>(&self, name: &str) -> Result<T, Problem> {
        let text = self.get(name).trim();
        text.parse().map_err(|_| Problem::input(format!("The field {name} cannot be “{text}”.")))
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Form, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        let is_json = kind.is_some_and(|kind| kind.starts_with("application/json"));
        let too_large = |_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "The form is too large.");
        let bytes = Bytes::from_request(request, state).await.map_err(too_large)?;
        if !is_json {
            return Ok(Form(form_urlencoded::parse(&bytes).into_owned().collect()));
        }
        let bad = |_| Problem::input("The request is no flat JSON object.");
        let object: serde_json::Map<String, Value> = serde_json::from_slice(&bytes).map_err(bad)?;
        let text = |value: Value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        Ok(Form(object.into_iter().map(|(name, value)| (name, text(value))).collect()))
    }
}

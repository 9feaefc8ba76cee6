//! The parameters of a request: JSON, a form, or a form in parts, as the client likes.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use serde_json::Value;

use super::error::LibreError;

/// The parameters of a request.
#[derive(Debug, Default)]
pub(super) struct Fields {
    values: BTreeMap<String, Value>,
    /// The file of a form in parts: its name and bytes.
    pub file: Option<(String, Bytes)>,
}

impl Fields {
    /// A parameter that is a text; numbers count as the text they are written as.
    pub fn text(&self, name: &str) -> Result<Option<String>, LibreError> {
        match self.values.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(LibreError::bad(format!("Invalid request: {name} is not a string"))),
        }
    }

    /// A parameter that must be there.
    pub fn needed(&self, name: &str) -> Result<String, LibreError> {
        self.text(name)?.filter(|text| !text.is_empty()).ok_or_else(|| LibreError::missing(name))
    }

    /// A parameter that is a text or a list of them; whether it is a list.
    pub fn texts(&self, name: &str) -> Result<(Vec<String>, bool), LibreError> {
        match self.values.get(name) {
            Some(Value::Array(list)) => {
                let text = |value: &Value| value.as_str().map(str::to_owned);
                let texts: Option<Vec<String>> = list.iter().map(text).collect();
                let bad = || LibreError::bad(format!("Invalid request: {name} holds what is not a string"));
                Ok((texts.ok_or_else(bad)?, true))
            }
            _ => Ok((vec![self.text(name)?.ok_or_else(|| LibreError::missing(name))?], false)),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = LibreError;

    async fn from_request(request: Request, state: &S) -> Result<Fields, LibreError> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.unwrap_or_default().trim().to_ascii_lowercase();
        if kind.starts_with("multipart/form-data") {
            return parts(request, state).await;
        }
        let query = request.uri().query().unwrap_or_default().to_owned();
        let body =
            Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => LibreError::too_large("Invalid request: it is too large"),
                _ => LibreError::bad("Invalid request: it ended too early"),
            })?;
        // Some clients send JSON and do not say so.
        let is_json = kind.contains("json") || (!kind.contains("form") && body.starts_with(b"{"));
        if is_json {
            let bad = || LibreError::bad("Invalid JSON format");
            let values = serde_json::from_slice::<BTreeMap<String, Value>>(&body).map_err(|_| bad())?;
            return Ok(Fields { values, file: None });
        }
        // Without a form there are the parameters of the address, which clients use as well.
        let form: &[u8] = if body.is_empty() { query.as_bytes() } else { &body };
        let mut fields = Fields::default();
        for (name, value) in form_urlencoded::parse(form) {
            fields.values.insert(name.into_owned(), Value::String(value.into_owned()));
        }
        Ok(fields)
    }
}

async fn parts<S: Send + Sync>(request: Request, state: &S) -> Result<Fields, LibreError> {
    let bad = || LibreError::bad("Invalid request: the form cannot be read");
    let mut form = Multipart::from_request(request, state).await.map_err(|_| bad())?;
    let mut fields = Fields::default();
    let failed = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => LibreError::too_large("Invalid request: it is too large"),
        _ => bad(),
    };
    while let Some(part) = form.next_field().await.map_err(failed)? {
        let name = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            Some(file) => fields.file = Some((file, part.bytes().await.map_err(failed)?)),
            None => {
                let text = part.text().await.map_err(failed)?;
                fields.values.insert(name, Value::String(text));
            }
        }
    }
    Ok(fields)
}

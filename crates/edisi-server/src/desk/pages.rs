//! Makes pages from templates.

use axum::http::StatusCode;
use axum::response::Html;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use serde::Serialize;

use super::assets::Assets;
use super::problem::Problem;
use super::words;
use crate::App;
use crate::auth::SignedIn;
use crate::auth::throttle::Throttle;
use edisi_store::Role;

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../templates/desk/", $name)))),*]
    };
}

const TEMPLATES: &[(&str, &str)] = &templates![
    "account.html",
    "article.html",
    "articles.html",
    "article_new.html",
    "audit_rows.html",
    "bar.html",
    "base.html",
    "changes.html",
    "differences.html",
    "edition.html",
    "findings.html",
    "history.html",
    "macros.html",
    "problem.html",
    "queue.html",
    "queue_rows.html",
    "segment.html",
    "settings_audit.html",
    "settings_base.html",
    "settings_jobs.html",
    "settings_memory.html",
    "settings_newsroom.html",
    "settings_sources.html",
    "settings_terms.html",
    "settings_tokens.html",
    "settings_users.html",
    "settings_webhooks.html",
    "setup.html",
    "sign_in.html",
];

/// What all pages of the desk share while the server runs.
#[derive(Debug)]
pub struct Pages {
    templates: Environment<'static>,
    /// Styles and script.
    pub assets: Assets,
    /// Failed sign-ins.
    pub throttle: Throttle,
}

/// What every page knows.
#[derive(Serialize)]
struct Frame<'a> {
    title: &'a str,
    section: &'a str,
    newsroom: String,
    assets: &'a str,
    csrf: &'a str,
    user: Option<Person<'a>>,
}

#[derive(Serialize)]
struct Person<'a> {
    name: &'a str,
    login: &'a str,
    role: &'static str,
    edits: bool,
    administers: bool,
}

#[derive(Serialize)]
struct Context<'a, T> {
    page: Frame<'a>,
    #[serde(flatten)]
    rest: T,
}

/// What a page is called and where it belongs.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// Its template.
    pub template: &'a str,
    /// Its title.
    pub title: &'a str,
    /// The part of the desk it belongs to: `queue`, `articles`, `settings`.
    pub section: &'a str,
}

impl Pages {
    /// Reads the templates.
    ///
    /// # Panics
    /// When one of them is wrong; they are compiled in, and all are rendered by tests.
    pub fn new() -> Pages {
        let mut templates = Environment::new();
        templates.set_auto_escape_callback(|_| AutoEscape::Html);
        templates.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        templates.set_syntax(syntax.expect("the syntax is fixed"));
        templates.add_filter("when", |time: &str| words::time(time));
        templates.add_filter("quoted", |text: &str| Value::from_safe_string(words::quoted(text)));
        templates.add_filter("urlquery", |text: &str| -> String {
            form_urlencoded::byte_serialize(text.as_bytes()).collect()
        });
        for (name, text) in TEMPLATES {
            templates.add_template(name, text).unwrap_or_else(|e| panic!("template {name}: {e:#}"));
        }
        Pages { templates, assets: Assets::new(), throttle: Throttle::default() }
    }

    /// A page, or a part of one.
    ///
    /// # Errors
    /// When the template fails.
    pub fn render(
        &self,
        app: &App,
        signed: Option<&SignedIn>,
        head: Head<'_>,
        rest: impl Serialize,
    ) -> Result<Html<String>, Problem> {
        let user = signed.map(|SignedIn { user, .. }| Person {
            name: &user.name,
            login: &user.login,
            role: words::role(user.role),
            edits: user.role >= Role::Editor,
            administers: user.role >= Role::Admin,
        });
        let frame = Frame {
            title: head.title,
            section: head.section,
            newsroom: app.newsroom.settings().name.clone(),
            assets: &self.assets.folder,
            csrf: signed.map_or("", |s| &s.session.csrf),
            user,
        };
        let template = self.templates.get_template(head.template);
        let made = template.and_then(|t| t.render(Serde(Context { page: frame, rest })));
        made.map(Html).map_err(|e| {
            tracing::error!(
                template = head.template,
                error = format!("{e:#}"),
                "a template of the desk failed"
            );
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, format!("The page could not be made: {e}."))
        })
    }
}

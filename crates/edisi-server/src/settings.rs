//! What a newsroom decides, kept in the store under [`KEY`].

use std::collections::BTreeMap;
use std::net::IpAddr;

use edisi_text::Lang;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// The name of the settings in the store.
pub const KEY: &str = "newsroom";

/// What happens to an edition that is ready.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PublishMode {
    /// It waits for an editor.
    #[default]
    Review,
    /// It is published when the policy holds none of its sentences, else it waits for an editor.
    Clean,
}

/// A newsroom's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The publication's name.
    pub name: String,
    /// The language it writes in.
    pub lang: Lang,
    /// The languages of its editions.
    pub editions: Vec<Lang>,
    /// The zone of its clock, as the IANA database calls it: `Asia/Jakarta`.
    pub zone: String,
    /// Where the site is reached from outside, without a slash at the end: `https://kabar.example`. Empty: what
    /// the listening address is.
    pub base_url: String,
    /// What happens to editions that are ready, by language; `Review` for those not named.
    pub publish: BTreeMap<Lang, PublishMode>,
    /// Which sentences are held or left in the original; see [`edisi_edition::Policy`].
    pub policy: String,
    /// Whether the original gets pages on the site too.
    pub publish_original: bool,
    /// WebSub hubs that are told of new articles.
    pub hubs: Vec<String>,
    /// Whom readers write to about mistakes: an address of the web or of mail.
    pub contact: Option<String>,
    /// What programs may ask for.
    pub api: ApiSettings,
}

/// What programs may ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ApiSettings {
    /// Whether translating loose texts takes a key. Without one everybody who reaches the site may use its engine.
    pub key_required: bool,
    /// Characters of a request to translate; 0 for any number.
    pub characters: usize,
    /// Texts of a request to translate; 0 for any number.
    pub texts: usize,
    /// Requests a minute from an address without a key; 0 for any number.
    pub per_minute: u32,
    /// Requests a minute with a key; 0 for any number.
    pub per_minute_key: u32,
    /// Seconds that a translation may take.
    pub seconds: u64,
    /// The proxies before this server, whose `X-Forwarded-For` is believed.
    pub proxies: Vec<IpAddr>,
}

impl Default for ApiSettings {
    fn default() -> ApiSettings {
        ApiSettings {
            key_required: true,
            characters: 50_000,
            texts: 500,
            per_minute: 60,
            per_minute_key: 0,
            seconds: 120,
            proxies: Vec::new(),
        }
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            name: "Edisi".into(),
            lang: Lang::ID,
            editions: vec![Lang::EN, Lang::ZH, Lang::JA, Lang::AR, Lang::FR],
            zone: "UTC".into(),
            base_url: String::new(),
            publish: BTreeMap::new(),
            policy: String::new(),
            publish_original: true,
            hubs: Vec::new(),
            contact: None,
            api: ApiSettings::default(),
        }
    }
}

impl Settings {
    /// Whether they make sense.
    ///
    /// # Errors
    /// A sentence that says what does not, and what would.
    pub fn check(&self) -> Result<(), String> {
        if self.name.trim().is_empty() {
            return Err("the publication needs a name".into());
        }
        if self.editions.contains(&self.lang) {
            return Err(format!("{} is the main language; leave it out of the editions", self.lang));
        }
        if let Err(e) = TimeZone::get(&self.zone) {
            return Err(format!("`{}` is no time zone: {e}; write such as Asia/Jakarta", self.zone));
        }
        self.policy.parse::<edisi_edition::Policy>().map_err(|e| e.to_string())?;
        let is_web = |url: &str| url.starts_with("https://") || url.starts_with("http://");
        if !self.base_url.is_empty() && (!is_web(&self.base_url) || self.base_url.ends_with('/')) {
            return Err(format!(
                "`{}` is no base address; write such as https://kabar.example",
                self.base_url
            ));
        }
        if let Some(hub) = self.hubs.iter().find(|hub| !is_web(hub)) {
            return Err(format!("`{hub}` is no address of a hub; write such as https://hub.example/"));
        }
        Ok(())
    }

    /// The zone of its clock; UTC where this machine does not know it.
    pub fn time_zone(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC)
    }

    /// What happens to editions in `lang` that are ready.
    pub fn mode(&self, lang: Lang) -> PublishMode {
        self.publish.get(&lang).copied().unwrap_or_default()
    }
}

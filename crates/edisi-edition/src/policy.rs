//! What a site does with sentences that the checks find wrong.

use std::fmt;
use std::str::FromStr;

use edisi_article::Severity;
use serde::{Deserialize, Serialize};

use crate::translator::Tier;

/// What becomes of a sentence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// It may be published.
    #[default]
    Publish,
    /// An editor must look at it first.
    Hold,
    /// The original sentence stands in its place.
    Original,
}

impl Decision {
    /// Whether it is the ordinary case.
    pub fn is_publish(&self) -> bool {
        *self == Decision::Publish
    }
}

/// What to do by severity, for one tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// With a finding of severity error.
    pub error: Decision,
    /// With a warning at most.
    pub warning: Decision,
}

/// What to do by severity and tier. Notes never hold anything.
///
/// Its text form is a list such as `error=hold,draft:error=original,warning=publish`; a rule without a tier is for
/// both, later ones win, and what is not named is as in the default: errors hold, warnings do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// For editions of models made and measured for their pair.
    pub production: Rules,
    /// For editions of models that give the gist.
    pub draft: Rules,
}

impl Default for Policy {
    fn default() -> Policy {
        let rules = Rules { error: Decision::Hold, warning: Decision::Publish };
        Policy { production: rules, draft: rules }
    }
}

impl Policy {
    /// What to do with a sentence of an edition of `tier` whose worst finding is `worst`.
    pub fn decide(&self, tier: Tier, worst: Option<Severity>) -> Decision {
        let rules = match tier {
            Tier::Production => self.production,
            Tier::Draft => self.draft,
        };
        match worst {
            Some(Severity::Error) => rules.error,
            Some(Severity::Warning) => rules.warning,
            _ => Decision::Publish,
        }
    }
}

/// A text that is no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no rule; write such as `error=hold`, `draft:error=original` or `warning=publish` \
     (publish, hold or original, by error or warning, for production, draft or both), with commas between rules"
)]
pub struct PolicyError(String);

impl FromStr for Policy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Policy, PolicyError> {
        let mut policy = Policy::default();
        for rule in text.split(',').map(str::trim).filter(|r| !r.is_empty()) {
            let fail = || PolicyError(rule.to_owned());
            let (case, decision) = rule.split_once('=').ok_or_else(fail)?;
            let decision = match decision.trim() {
                "publish" => Decision::Publish,
                "hold" => Decision::Hold,
                "original" => Decision::Original,
                _ => return Err(fail()),
            };
            let (tiers, severity) = match case.trim().split_once(':') {
                None => (vec![&mut policy.production, &mut policy.draft], case.trim()),
                Some(("production", severity)) => (vec![&mut policy.production], severity),
                Some(("draft", severity)) => (vec![&mut policy.draft], severity),
                Some(_) => return Err(fail()),
            };
            for rules in tiers {
                match severity {
                    "error" => rules.error = decision,
                    "warning" => rules.warning = decision,
                    _ => return Err(fail()),
                }
            }
        }
        Ok(policy)
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Decision::Publish => "publish",
            Decision::Hold => "hold",
            Decision::Original => "original",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_by_tier_and_severity() {
        let policy: Policy =
            "error=hold, draft:error=original,warning=hold,production:warning=publish".parse().unwrap();
        assert_eq!(policy.decide(Tier::Draft, Some(Severity::Error)), Decision::Original);
        assert_eq!(policy.decide(Tier::Production, Some(Severity::Error)), Decision::Hold);
        assert_eq!(policy.decide(Tier::Production, Some(Severity::Warning)), Decision::Publish);
        assert_eq!(policy.decide(Tier::Draft, Some(Severity::Warning)), Decision::Hold);
        assert_eq!(policy.decide(Tier::Draft, Some(Severity::Note)), Decision::Publish);
        assert_eq!("".parse(), Ok(Policy::default()));
        for bad in ["error", "error=maybe", "note=hold", "best:error=hold"] {
            assert!(bad.parse::<Policy>().is_err(), "{bad}");
        }
    }
}

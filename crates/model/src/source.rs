use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Bilingual, Field, Ignore, ReadHints, Severities, Thresholds};

/// Names a source everywhere: `vendor/service`, each part of `a-z0-9-_.`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SourceId {
    /// The cloud vendor, as `huaweicloud`.
    pub vendor: String,
    /// The service within the vendor, as `identity-center`.
    pub service: String,
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.vendor, self.service)
    }
}

impl From<SourceId> for String {
    fn from(id: SourceId) -> String {
        id.to_string()
    }
}

impl TryFrom<String> for SourceId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl FromStr for SourceId {
    type Err = String;

    /// The parts become folder names, so nothing but plain names is let through.
    fn from_str(text: &str) -> Result<Self, String> {
        let plain = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c))
        };
        match text.split_once('/') {
            Some((vendor, service)) if plain(vendor) && plain(service) => {
                Ok(Self { vendor: vendor.into(), service: service.into() })
            }
            _ => Err(format!(
                "`{text}` is no source id: write `vendor/service`, each of a-z 0-9 - _ . and not starting with a dot"
            )),
        }
    }
}

/// How a source's pages are fetched, where that is not as all are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetching {
    /// Why its pages are fetched whatever robots.txt says; `None` where robots.txt is obeyed.
    pub ignore_robots: Option<String>,
    /// Whether scripts make its pages, so that a browser has to render them.
    pub rendered: bool,
    /// Hosts of other sites that its pages may redirect to.
    pub redirect_hosts: Vec<String>,
}

/// One service's error-code reference: a zh page, an en page or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name in paths, keys and reports.
    pub id: SourceId,
    /// The service's names for people.
    pub names: Bilingual<String>,
    /// The page URLs; at least one is there.
    pub pages: Bilingual<Option<String>>,
    /// Whose text the pages are and under what terms.
    pub licence: String,
    /// Whether the pages lie on this machine or network, where plain http is fine.
    pub local: bool,
    /// How its pages are fetched.
    pub fetching: Fetching,
    /// How its pages are read, where that is not as all are.
    pub read: ReadHints,
    /// Findings about its pages that are known and fine.
    pub ignore: Vec<Ignore>,
    /// How grave its changes count, where that is not the default.
    pub severities: Severities,
    /// What the guard weighs its pages by, where that is not the default.
    pub guard: Thresholds,
}

/// Which text fields `output/` and `snapshots/` carry; the others appear as digests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publish(BTreeSet<Field>);

impl Publish {
    /// Every field as it is.
    pub fn all() -> Self {
        Self(Field::ALL.into_iter().collect())
    }

    /// These fields only.
    pub fn only(fields: impl IntoIterator<Item = Field>) -> Self {
        Self(fields.into_iter().collect())
    }

    /// Whether `field` is carried as it is.
    pub fn carries(&self, field: Field) -> bool {
        self.0.contains(&field)
    }

    /// The carried fields in their fixed order.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::SourceId;

    #[test]
    fn a_source_id_is_two_plain_names() {
        assert_eq!(
            "huaweicloud/identity-center".parse::<SourceId>().unwrap().to_string(),
            "huaweicloud/identity-center"
        );
        for bad in ["", "a", "a/", "/b", "a/b/c", "../etc", "a/..", "A/b", "a/.b", "a b/c"] {
            assert!(bad.parse::<SourceId>().is_err(), "{bad}");
        }
    }
}

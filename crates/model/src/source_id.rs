use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

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

//! Days as text. Files and reports have them in one form only, `YYYY-MM-DD`.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de::Error};

/// The length of `YYYY-MM-DD`.
const LENGTH: usize = 10;

/// Parses a day in the form `YYYY-MM-DD`. `None` for any other text, also for other forms of a date.
pub fn parse(text: &str) -> Option<Date> {
    // jiff also parses forms of other lengths, such as a date with a time.
    if text.len() == LENGTH { text.parse().ok() } else { None }
}

/// Deserializes a day, for `#[serde(deserialize_with)]`. An error when it is in another form.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    parse_or_error(&String::deserialize(deserializer)?)
}

/// Deserializes a day or null.
pub(crate) fn deserialize_nullable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    Option::<String>::deserialize(deserializer)?.map(|text| parse_or_error(&text)).transpose()
}

/// Deserializes a day or an empty text.
pub(crate) fn deserialize_or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() { Ok(None) } else { parse_or_error(&text).map(Some) }
}

fn parse_or_error<E: Error>(text: &str) -> Result<Date, E> {
    parse(text).ok_or_else(|| E::custom(format!("`{}` is no date YYYY-MM-DD", text.escape_debug())))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::{Entry, report::PageStamp};

    #[test]
    fn only_one_form_of_a_date_is_parsed() {
        for text in ["2024-05-06", "0000-01-01", "9999-12-31", "2024-02-29"] {
            assert_eq!(parse(text).unwrap().to_string(), text);
        }
        for text in [
            "",
            "=1+1",
            "2024-5-6",
            "2024-13-06",
            "2023-02-29",
            "20240506",
            "20240506T1",
            "20240506 1",
            "20240506Z1",
            "2024-W18-1",
            "-024-05-06",
            "２０２４",
            "2024-05-06T07:08:09",
            "+002024-05-06",
            " 2024-05-06",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn dates_of_entries_are_read_and_written_in_one_form() {
        let json = |dates: &str| format!(r#"{{"code":"Tea.1","pairing":{{"method":"code","score":1.0}}{dates}}}"#);
        let read = |dates: &str| serde_json::from_str::<Entry>(&json(dates)).map(|entry| entry.first_seen);
        assert_eq!(read("").unwrap(), None);
        assert_eq!(read(r#","first_seen":"""#).unwrap(), None);
        assert_eq!(read(r#","first_seen":"2024-05-06""#).unwrap(), parse("2024-05-06"));
        let error = read(r#","first_seen":"2024-5-6""#).unwrap_err().to_string();
        assert!(error.starts_with("`2024-5-6` is no date YYYY-MM-DD at line 1"), "{error}");
        assert!(read(r#","first_seen":null"#).is_err());

        let entry = Entry { first_seen: parse("2024-05-06"), ..Entry::default() };
        let text = serde_json::to_string(&entry).unwrap();
        assert!(text.contains(r#""first_seen":"2024-05-06""#) && !text.contains("last_changed"), "{text}");
    }

    #[test]
    fn dates_of_pages_may_be_null_or_missing() {
        let read = |json: &str| serde_json::from_str::<PageStamp>(json).map(|stamp| stamp.updated_on);
        assert_eq!(read(r#"{"digest":""}"#).unwrap(), None);
        assert_eq!(read(r#"{"updated_on":null,"digest":""}"#).unwrap(), None);
        assert_eq!(read(r#"{"updated_on":"2024-05-06","digest":""}"#).unwrap(), parse("2024-05-06"));
        assert!(read(r#"{"updated_on":"2024-05-06T07:08","digest":""}"#).is_err());
        let stamp = PageStamp { updated_on: None, digest: String::new() };
        assert_eq!(serde_json::to_string(&stamp).unwrap(), r#"{"updated_on":null,"digest":""}"#);
    }
}

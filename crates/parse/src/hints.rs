//! A maintainer's hints for the pages of one source.

use docdrift_model::{ReadHints, Vendor};
use scraper::Selector;

/// The hints with the header words that only the page's vendor uses. What was said of the source comes first.
pub(crate) fn with_vendor(hints: &ReadHints, vendor: Option<&Vendor>) -> ReadHints {
    let headers = vendor.into_iter().flat_map(|vendor| &vendor.headers);
    let words = headers.flat_map(|(role, words)| words.iter().map(move |word| (word.clone(), *role)));
    let mut hints = hints.clone();
    hints.columns.extend(words);
    hints
}

/// Checks that the hints can be followed; the error says which one cannot.
pub fn check_hints(hints: &ReadHints) -> Result<(), String> {
    let Some(within) = &hints.within else { return Ok(()) };
    match Selector::parse(within) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("`read.within` is no CSS selector: `{within}`: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use docdrift_model::ReadHints;

    use super::check_hints;

    #[test]
    fn within_is_a_css_selector() {
        let within = |selector: &str| ReadHints { within: Some(selector.to_owned()), ..ReadHints::default() };
        assert_eq!(check_hints(&ReadHints::default()), Ok(()));
        assert_eq!(check_hints(&within("main .doc > #body, [role=main]")), Ok(()));
        for wrong in ["main >", ".", "a[", "main..doc"] {
            let said = check_hints(&within(wrong)).unwrap_err();
            assert!(said.starts_with(&format!("`read.within` is no CSS selector: `{wrong}`: ")), "{said}");
        }
    }
}

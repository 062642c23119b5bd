//! Links to pages: URLs that are safe to follow, and that jump to a row.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// In a text fragment `-`, `&` and `,` have a meaning of their own, so of the unreserved characters only these stay.
const FRAGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'_').remove(b'~');

/// What may stand in a URL without ending a Markdown link or an attribute.
const URL: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'#')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b'%');

/// Returns a web URL with unusual characters percent-encoded; `None` for anything else, such as the path of a saved page.
pub(crate) fn web_url(url: &str) -> Option<String> {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    is_web.then(|| utf8_percent_encode(url, URL).to_string())
}

/// Returns a URL at which a browser scrolls to the first line of `text` and marks it.
pub(crate) fn jump_url(url: &str, text: &str) -> Option<String> {
    let url = web_url(url)?;
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    let Some(line) = line else { return Some(url) };
    // The fragment directive follows a fragment of the URL's own.
    let mark = if url.contains('#') { "" } else { "#" };
    Some(format!("{url}{mark}:~:text={}", utf8_percent_encode(line, FRAGMENT)))
}

#[cfg(test)]
mod tests {
    use super::{jump_url, web_url};

    #[test]
    fn only_the_web_is_linked() {
        for (url, expected) in [
            ("https://a.example/b?c=d&e#f", Some("https://a.example/b?c=d&e#f")),
            ("http://a.example/(b)", Some("http://a.example/%28b%29")),
            ("https://a.example/水?x=%E6", Some("https://a.example/%E6%B0%B4?x=%E6")),
            ("https://a.example/\"><b>\n", Some("https://a.example/%22%3E%3Cb%3E%0A")),
            ("javascript:alert(1)", None),
            ("pages/a.html", None),
            ("", None),
        ] {
            assert_eq!(web_url(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn fragments_jump_to_a_text() {
        for (url, text, expected) in [
            ("https://a.example/b", "Farm.1", "https://a.example/b#:~:text=Farm.1"),
            ("https://a.example/b#c", "A-B,C&D E", "https://a.example/b#c:~:text=A%2DB%2CC%26D%20E"),
            ("https://a.example/b", " \n水.1\nA.2", "https://a.example/b#:~:text=%E6%B0%B4.1"),
            ("https://a.example/b", "", "https://a.example/b"),
        ] {
            assert_eq!(jump_url(url, text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(jump_url("pages/a.html", "Farm.1"), None);
    }
}

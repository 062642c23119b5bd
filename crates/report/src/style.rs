//! How things look in a terminal and in GitHub Markdown. Every text passes through [`Style::text`] or another method
//! that escapes it.

use docdrift_model::Severity;

use crate::escape;

/// The looks of a report.
pub(crate) trait Style {
    /// Page text, escaped.
    fn text(&self, text: &str) -> String;
    /// Page text that is gone, escaped.
    fn deleted(&self, text: &str) -> String;
    /// Page text that is new, escaped.
    fn inserted(&self, text: &str) -> String;
    /// A page's URL under a name of ours.
    fn link(&self, name: &str, url: &str) -> String;
    /// Our own words, strong.
    fn strong(&self, words: &str) -> String;
    /// The title of what happened to one source, or of a whole drift; `text` is escaped already.
    fn heading(&self, severity: Severity, text: &str) -> String;
    /// The lines around the items of a severity.
    fn section(&self, severity: Severity, count: usize) -> (String, String);
    /// An item; `text` is escaped already, its further lines are the parts of the first.
    fn item(&self, text: &[String]) -> String;
}

/// For a terminal.
pub(crate) struct Terminal {
    pub(crate) colour: bool,
}

impl Terminal {
    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn colour_of(severity: Severity) -> &'static str {
        match severity {
            Severity::Breaking => "1;31",
            Severity::Added => "1;32",
            Severity::Wording => "1;33",
            Severity::Editorial => "1;36",
            Severity::Cosmetic | Severity::None => "1",
        }
    }
}

impl Style for Terminal {
    fn text(&self, text: &str) -> String {
        escape::terminal(text)
    }

    fn deleted(&self, text: &str) -> String {
        let text = visible(&escape::terminal(text));
        if self.colour { self.paint("31", &text) } else { format!("[-{text}-]") }
    }

    fn inserted(&self, text: &str) -> String {
        let text = visible(&escape::terminal(text));
        if self.colour { self.paint("32", &text) } else { format!("{{+{text}+}}") }
    }

    fn link(&self, name: &str, url: &str) -> String {
        format!("{name} {}", escape::terminal(url))
    }

    fn strong(&self, words: &str) -> String {
        self.paint("1", words)
    }

    fn heading(&self, severity: Severity, text: &str) -> String {
        self.paint(Self::colour_of(severity), text)
    }

    fn section(&self, severity: Severity, count: usize) -> (String, String) {
        let title = format!("{} ({count})", severity.as_str());
        (format!("  {}", self.paint(Self::colour_of(severity), &title)), String::new())
    }

    fn item(&self, text: &[String]) -> String {
        format!("    {}", text.join("\n        "))
    }
}

/// For GitHub. Deletions and insertions are `<del>` and `<ins>`: `~~` and `**` fail beside spaces and Chinese
/// punctuation.
pub(crate) struct Markdown;

impl Style for Markdown {
    fn text(&self, text: &str) -> String {
        escape::markdown(text)
    }

    fn deleted(&self, text: &str) -> String {
        format!("<del>{}</del>", visible(&escape::markdown(text)))
    }

    fn inserted(&self, text: &str) -> String {
        format!("<ins>{}</ins>", visible(&escape::markdown(text)))
    }

    fn link(&self, name: &str, url: &str) -> String {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'*+,;=%".contains(c);
        let web = url.starts_with("https://") || url.starts_with("http://");
        if web && url.chars().all(plain) { format!("[{name}]({url})") } else { format!("{name} {}", self.text(url)) }
    }

    fn strong(&self, words: &str) -> String {
        format!("**{words}**")
    }

    fn heading(&self, _: Severity, text: &str) -> String {
        format!("### {text}\n")
    }

    fn section(&self, severity: Severity, count: usize) -> (String, String) {
        let title = format!("{} ({count})", severity.as_str());
        if severity <= Severity::Editorial {
            (format!("<details><summary>{title}</summary>\n"), "\n</details>\n".to_owned())
        } else {
            (format!("**{title}**\n"), String::new())
        }
    }

    fn item(&self, text: &[String]) -> String {
        format!("- {}", text.join("\n  - "))
    }
}

/// White space alone could not be seen in a change.
fn visible(text: &str) -> String {
    if text.trim().is_empty() { text.chars().map(|_| '␣').collect() } else { text.to_owned() }
}

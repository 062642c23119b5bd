//! The styles of a terminal and of GitHub Markdown. Text from outside is escaped here.

use docdrift_model::{Lang, Severity};

use crate::{
    escape, links,
    span::{Line, Span, fill_template, plain},
    weight::Weight,
    words::Words,
};

/// A style of a report.
pub(crate) trait Style {
    /// Returns the words of its language.
    fn words(&self) -> &'static Words;
    /// Renders a part of a line, escaped.
    fn span(&self, span: &Span) -> String;
    /// Renders the title of a source.
    fn heading(&self, severity: Severity, title: &Line) -> String;
    /// Returns the lines around the items of a weight, and whether they are folded.
    fn section(&self, weight: Weight, title: &Line) -> Frame;
    /// Returns the lines around `count` less important items; `None` where they are not folded.
    fn fold(&self, count: usize) -> Option<Frame>;
    /// Renders an item: its first line, the further lines below it, and its pages.
    fn item(&self, lines: &[Line], pages: &[(Lang, String)]) -> String;

    /// Renders a whole line.
    fn line(&self, line: &Line) -> String {
        line.iter().map(|span| self.span(span)).collect()
    }

    /// Renders an emphasized line.
    fn strong(&self, line: &Line) -> String;
}

/// The lines before and after other lines.
pub(crate) struct Frame {
    pub(crate) open: String,
    pub(crate) close: String,
    pub(crate) folded: bool,
}

/// For a terminal.
pub(crate) struct Terminal {
    pub(crate) words: &'static Words,
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
    fn words(&self) -> &'static Words {
        self.words
    }

    fn span(&self, span: &Span) -> String {
        match span {
            Span::Strong(words) => self.paint("1", words),
            Span::Deleted(text) if self.colour => self.paint("31", &spaces(escape::terminal(text))),
            Span::Inserted(text) if self.colour => self.paint("32", &spaces(escape::terminal(text))),
            span => plain_span(span),
        }
    }

    fn strong(&self, line: &Line) -> String {
        self.paint("1", &plain_text(line))
    }

    fn heading(&self, severity: Severity, title: &Line) -> String {
        self.paint(Self::colour_of(severity), &plain_text(title))
    }

    fn section(&self, weight: Weight, title: &Line) -> Frame {
        let severity = if let Weight::Vendor(severity) = weight { severity } else { Severity::None };
        let open = format!("  {}", self.paint(Self::colour_of(severity), &plain_text(title)));
        Frame { open, close: String::new(), folded: true }
    }

    fn fold(&self, _: usize) -> Option<Frame> {
        None
    }

    fn item(&self, lines: &[Line], pages: &[(Lang, String)]) -> String {
        let mut out: Vec<String> = lines.iter().map(|line| self.line(line)).collect();
        let urls: Vec<String> = pages.iter().map(|(_, url)| escape::terminal(url)).collect();
        if !urls.is_empty() {
            out.push(self.paint("2", &format!("{} {}", self.words.see, urls.join(" "))));
        }
        format!("    {}", out.join("\n        "))
    }
}

/// Renders a line without colours, safe for a terminal.
pub(crate) fn plain_text(line: &Line) -> String {
    line.iter().map(plain_span).collect()
}

fn plain_span(span: &Span) -> String {
    match span {
        Span::Words(words) | Span::Strong(words) => words.clone(),
        Span::Text(text) | Span::Code(text) => escape::terminal(text),
        Span::Link(name, url) => format!("{name} {}", escape::terminal(url)),
        Span::Deleted(text) => format!("[-{}-]", spaces(escape::terminal(text))),
        Span::Inserted(text) => format!("{{+{}+}}", spaces(escape::terminal(text))),
    }
}

/// For GitHub. Deletions and insertions are `<del>` and `<ins>`: `~~` and `**` fail beside spaces and Chinese
/// punctuation.
pub(crate) struct Markdown {
    pub(crate) words: &'static Words,
}

impl Style for Markdown {
    fn words(&self) -> &'static Words {
        self.words
    }

    fn span(&self, span: &Span) -> String {
        match span {
            Span::Words(words) => words.clone(),
            Span::Strong(words) => format!("**{words}**"),
            Span::Text(text) => escape::markdown(text),
            Span::Code(command) => escape::markdown_code(command),
            Span::Deleted(text) => format!("<del>{}</del>", spaces(escape::markdown(text))),
            Span::Inserted(text) => format!("<ins>{}</ins>", spaces(escape::markdown(text))),
            Span::Link(name, url) => linked(name, url),
        }
    }

    fn strong(&self, line: &Line) -> String {
        format!("**{}**", self.line(line))
    }

    fn heading(&self, _: Severity, title: &Line) -> String {
        format!("### {}\n", self.line(title))
    }

    fn section(&self, weight: Weight, title: &Line) -> Frame {
        if weight <= Weight::Vendor(Severity::Editorial) {
            return details(&self.line(title));
        }
        Frame { open: format!("{}\n", self.strong(title)), close: String::new(), folded: false }
    }

    fn fold(&self, count: usize) -> Option<Frame> {
        let frame = details(&self.line(&self.words.folded.with_count(count)));
        // A list ends where a blank line does.
        Some(Frame { open: format!("\n{}", frame.open), ..frame })
    }

    fn item(&self, lines: &[Line], pages: &[(Lang, String)]) -> String {
        let mut out: Vec<String> = lines.iter().map(|line| self.line(line)).collect();
        if let Some(first) = out.first_mut() {
            first.extend(pages.iter().map(|(lang, url)| format!(" {}", linked(lang.as_str(), url))));
        }
        format!("- {}", out.join("\n  - "))
    }
}

fn details(title: &str) -> Frame {
    Frame { open: format!("<details><summary>{title}</summary>\n"), close: "\n</details>\n".to_owned(), folded: true }
}

fn linked(name: &str, url: &str) -> String {
    match links::web_url(url) {
        // Markdown reads entities in URLs.
        Some(web) => format!("[{name}]({})", web.replace('&', "&amp;")),
        None => format!("{name} {}", escape::markdown(url)),
    }
}

/// Returns a severity with the number of its entries.
pub(crate) fn titled(words: &Words, severity: Severity, count: usize) -> Line {
    let mut title = plain(words.severity(severity));
    title.extend(fill_template(words.brackets, &[plain(count.to_string())]));
    title
}

/// Makes white space visible where nothing else changed.
pub(crate) fn spaces(text: String) -> String {
    if text.trim().is_empty() { text.chars().map(|_| '␣').collect() } else { text }
}

//! Reads directives: as text, samples, tables or nothing.

use std::ops::Range;

use docdrift_model::text::tidy;

use super::{
    lines::{Line, smallest_indent},
    lists::split_field,
    reader::{BlockPlace, ParagraphRole, RstReader},
};
use crate::syntax::block::Content;

/// The maximum length of a directive name in bytes.
const MAX_NAME: usize = 64;

/// How a directive is read.
#[derive(Clone, Copy)]
enum DirectiveKind {
    /// The argument is the beginning of its text.
    Admonition,
    /// The argument is a title above its text.
    Titled,
    /// The argument is not shown; the text, if any, is.
    Container,
    /// The content is shown unchanged.
    Sample,
    /// It describes an object: the argument is a term, the content its definition.
    Description,
    Table,
    ListTable,
    CsvTable,
    /// It shows nothing, or nothing that is written here.
    Hidden,
}

/// Names and kinds (docutils and Sphinx). Other names are containers.
const KINDS: [(DirectiveKind, &[&str]); 8] = [
    (
        DirectiveKind::Admonition,
        &[
            "note",
            "warning",
            "tip",
            "hint",
            "important",
            "caution",
            "danger",
            "attention",
            "error",
            "seealso",
            "versionadded",
            "versionchanged",
            "deprecated",
            "versionremoved",
            "centered",
            "epigraph",
            "highlights",
            "pull-quote",
            "line-block",
        ],
    ),
    (
        DirectiveKind::Titled,
        &[
            "admonition",
            "topic",
            "sidebar",
            "rubric",
            "dropdown",
            "tab",
            "tab-item",
            "group-tab",
            "collapse",
            "card",
            "details",
        ],
    ),
    (
        DirectiveKind::Sample,
        &[
            "code-block",
            "code",
            "sourcecode",
            "parsed-literal",
            "prompt",
            "ipython",
            "doctest",
            "testcode",
            "testoutput",
            "testsetup",
            "highlight-block",
            "productionlist",
            "math",
            "literal-block",
        ],
    ),
    (
        DirectiveKind::Description,
        &[
            "function",
            "class",
            "method",
            "attribute",
            "data",
            "exception",
            "macro",
            "type",
            "var",
            "member",
            "enum",
            "enumerator",
            "describe",
            "object",
            "option",
            "cmdoption",
            "envvar",
            "confval",
            "statuscode",
            "staticmethod",
            "classmethod",
            "struct",
            "property",
            "setting",
        ],
    ),
    (DirectiveKind::Table, &["table"]),
    (DirectiveKind::ListTable, &["list-table", "flat-table"]),
    (DirectiveKind::CsvTable, &["csv-table"]),
    (
        DirectiveKind::Hidden,
        &[
            "toctree",
            "raw",
            "include",
            "literalinclude",
            "contents",
            "index",
            "meta",
            "currentmodule",
            "module",
            "namespace",
            "default-role",
            "role",
            "highlight",
            "graphviz",
            "digraph",
            "mermaid",
            "plantuml",
            "uml",
            "image",
            "todo",
            "todolist",
            "sectnum",
            "section-numbering",
            "target-notes",
            "title",
            "header",
            "footer",
            "default-domain",
            "sectionauthor",
            "codeauthor",
            "moduleauthor",
            "tabularcolumns",
            "only-comment",
            "automodule",
            "autoclass",
            "autofunction",
            "autosummary",
            "bibliography",
            "youtube",
            "video",
        ],
    ),
];

fn directive_kind(name: &str) -> DirectiveKind {
    let name = name.rsplit(':').next().unwrap_or(name);
    KINDS.iter().find(|(_, names)| names.contains(&name)).map_or(DirectiveKind::Container, |(kind, _)| *kind)
}

/// Splits the text after `..` into the name of a directive and its argument.
pub(super) fn split_name(rest: &str) -> Option<(String, &str)> {
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || b"-_.+:".contains(b);
    let length = rest.bytes().take(MAX_NAME).take_while(is_name).count();
    let name = rest[..length].strip_suffix("::").filter(|name| !name.is_empty() && !name.starts_with(['_', ':']))?;
    let argument = &rest[length..];
    (argument.is_empty() || argument.starts_with([' ', '\t'])).then(|| (name.to_ascii_lowercase(), argument.trim()))
}

/// A parsed directive. Its options are removed from the lines of the page.
pub(super) struct Directive<'a> {
    pub(super) argument: &'a str,
    options: Vec<(&'a str, String)>,
    /// The lines of its content, without those of the argument.
    pub(super) content: Range<usize>,
    pub(super) indent: usize,
    pub(super) is_flat: bool,
}

impl Directive<'_> {
    pub(super) fn option(&self, name: &str) -> Option<&str> {
        self.options.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// Returns the number that an option sets, or one if it has no value.
    pub(super) fn option_count(&self, name: &str) -> usize {
        let value = self.option(name).map(str::trim);
        value.map_or(0, |value| if value.is_empty() { 1 } else { value.parse().unwrap_or_default() })
    }
}

impl<'a> RstReader<'a> {
    pub(super) fn read_directive(&mut self, name: &str, argument: &'a str, range: Range<usize>, place: BlockPlace) {
        let kind = directive_kind(name);
        if matches!(kind, DirectiveKind::Hidden) {
            return;
        }
        let start = range.start;
        let mut directive = self.parse_options(argument, range);
        directive.is_flat = name == "flat-table";
        match kind {
            DirectiveKind::Admonition => self.read_admonition(start, &directive, place),
            DirectiveKind::Titled => {
                let text = tidy(&self.render(argument).text);
                if !text.is_empty() {
                    self.emit(start..start + 1, Content::Heading { level: 7, text });
                }
                self.read_body(directive.content, place.nested(directive.indent));
            }
            DirectiveKind::Sample => self.emit_sample(directive.content),
            DirectiveKind::Description => self.read_description(start, &directive, place),
            DirectiveKind::Table => self.read_table(&directive, place),
            DirectiveKind::ListTable => self.read_list_table(start, &directive, place),
            DirectiveKind::CsvTable => self.read_csv_table(start, &directive, place),
            DirectiveKind::Container | DirectiveKind::Hidden => {
                self.read_body(directive.content, place.nested(directive.indent));
            }
        }
    }

    /// Parses and removes the options above the content.
    fn parse_options(&mut self, argument: &'a str, range: Range<usize>) -> Directive<'a> {
        let mut options: Vec<(&'a str, String)> = Vec::new();
        let mut option_indent = 0;
        let mut at = range.start + 1;
        while at < range.end && !self.lines[at].is_blank() {
            let Line { indent, text } = self.lines[at];
            match (split_field(text), options.last_mut()) {
                (_, Some((_, value))) if indent > option_indent => {
                    value.push('\n');
                    value.push_str(text);
                }
                (Some((name, value)), _) => {
                    option_indent = indent;
                    options.push((name, value.to_owned()));
                }
                (None, _) => break,
            }
            self.lines[at].text = "";
            at += 1;
        }
        let indent = smallest_indent(&self.lines[at..range.end]);
        Directive { argument, options, content: at..range.end, indent, is_flat: false }
    }

    fn read_admonition(&mut self, start: usize, directive: &Directive<'a>, place: BlockPlace) {
        let indent = if directive.indent == 0 { self.lines[start].indent + 1 } else { directive.indent };
        self.lines[start] = Line { indent, text: directive.argument };
        self.read_body(start..directive.content.end, place.nested(indent));
    }

    /// Reads directives such as `.. c:macro:: NAME`.
    fn read_description(&mut self, start: usize, directive: &Directive<'a>, place: BlockPlace) {
        let term = self.render(directive.argument).into_prose(place.depth.saturating_add(1));
        if !term.text.is_empty() {
            self.emit(start..start + 1, Content::Term(term));
        }
        self.read_body(directive.content.clone(), place.listed(directive.indent, ParagraphRole::Definition));
    }
}

//! Extracts the visible text of an element, without hidden parts, page controls and footnote marks.

use docdrift_model::text::tidy;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Node, node::Element};

use crate::syntax::footnotes::{is_footnote_mark, is_key};

/// Returns the text of a cell. Drops a footnote mark behind a header word, a status or a code; in prose a superscript
/// may be an exponent.
pub(super) fn cell_text(cell: ElementRef<'_>) -> String {
    let whole = collect_text(cell, false);
    let has_marks = cell.descendent_elements().any(|inner| is_footnote(inner));
    if !has_marks {
        return whole;
    }
    let bare = collect_text(cell, true);
    if cell.value().name() == "th" || is_key(&bare) { bare } else { whole }
}

/// Returns the visible text of an element, with paragraphs joined by newlines.
pub(super) fn visible_text(root: ElementRef<'_>) -> String {
    collect_text(root, false)
}

fn collect_text(root: ElementRef<'_>, without_footnotes: bool) -> String {
    let is_skipped = |element: ElementRef<'_>| {
        is_hidden(element.value()) || is_control(element) || (without_footnotes && is_footnote(element))
    };
    let mut out = String::new();
    let mut skipped = None;
    for edge in root.traverse() {
        match edge {
            Edge::Close(node) if skipped == Some(node.id()) => skipped = None,
            _ if skipped.is_some() => {}
            Edge::Open(node) => match (node.value(), ElementRef::wrap(node)) {
                (Node::Text(text), _) => out.push_str(&text.replace(['\n', '\r'], " ")),
                (_, Some(element)) if node.id() != root.id() => {
                    if is_skipped(element) {
                        skipped = Some(node.id());
                    } else {
                        push_separator(element.value(), &mut out);
                    }
                }
                _ => {}
            },
            Edge::Close(node) => {
                if let Node::Element(element) = node.value()
                    && is_block(element.name())
                {
                    out.push('\n');
                }
            }
        }
    }
    tidy(&out)
}

/// Whether the element is a footnote mark in superscript.
fn is_footnote(element: ElementRef<'_>) -> bool {
    element.value().name() == "sup" && is_footnote_mark(&element.text().take(MAX_LABEL_TEXTS).collect::<String>())
}

/// The number of text nodes that make the label of a button. Buttons with more text are content.
const MAX_LABEL_TEXTS: usize = 8;

/// Whether the element is a control of the page inside a cell, whose words do not belong to the table.
fn is_control(element: ElementRef<'_>) -> bool {
    const BUTTON_LABELS: [&str; 14] = [
        "copy",
        "copied",
        "copied!",
        "copy code",
        "click to copy",
        "复制",
        "已复制",
        "复制成功",
        "点击复制",
        "expand",
        "collapse",
        "展开",
        "收起",
        "复制代码",
    ];
    let value = element.value();
    let is_button = value.name() == "button"
        || value.attr("role") == Some("button")
        || value.classes().any(|class| class.to_ascii_lowercase().contains("copy"));
    is_button && BUTTON_LABELS.contains(&tidy(&element.text().take(8).collect::<String>()).to_lowercase().as_str())
}

fn push_separator(element: &Element, out: &mut String) {
    match element.name() {
        "br" => out.push('\n'),
        "td" | "th" => out.push(' '),
        "img" => out.push_str(element.attr("alt").unwrap_or_default()),
        name if is_block(name) => out.push('\n'),
        _ => {}
    }
}

pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "button"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "option"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "title"
            | "tr"
            | "ul"
    )
}

/// Whether browsers do not show the element, or show it only to screen readers or on hover.
pub(super) fn is_hidden(element: &Element) -> bool {
    if matches!(
        element.name(),
        "script" | "style" | "template" | "noscript" | "head" | "svg" | "iframe" | "object" | "select" | "textarea"
    ) {
        return true;
    }
    let hidden_style = element.attr("style").is_some_and(|style| {
        let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        style.contains("display:none") || style.contains("visibility:hidden")
    });
    let hidden_class = element.classes().any(|class| {
        matches!(
            class,
            "headerlink" | "sr-only" | "visually-hidden" | "visuallyhidden" | "screen-reader-text" | "anchorjs-link"
        )
    });
    let is_on_call =
        element.attr("role") == Some("tooltip") || (element.name() == "dialog" && element.attr("open").is_none());
    hidden_style || hidden_class || is_on_call || element.attr("hidden").is_some()
}

//! Measures named features that speak for or against a table listing errors.

use docdrift_model::Role;

use crate::{
    columns::{Columns, Profile},
    lexicon::{
        Strength, headers,
        words::{Topic, mentions_codes, mentions_errors, names_result_codes},
    },
};

/// The share of names of HTTP statuses above which a column lists statuses. A list of error codes has a few of these
/// names.
const MOST_STATUS_NAMES: f64 = 0.7;
/// A share that allows for one exception in a column of seventeen cells.
const ALMOST_ALL: f64 = 0.94;
/// The number of rows above which more rows are no more evidence.
const MANY_ROWS: f64 = 30.0;

/// The number of columns above which more columns are no more evidence.
const MANY_COLUMNS: f64 = 8.0;

/// The names of all features, in the order of their values and weights.
pub const FEATURES: [&str; 51] = [
    "bias",
    "key_header_sure",
    "key_header_weak",
    "key_header_guess",
    "key_header_status",
    "header_names_error_code",
    "text_header",
    "message_header",
    "solution_header",
    "status_column",
    "foreign_headers",
    "key_codes",
    "key_code_weight",
    "key_symbols",
    "key_numbers",
    "key_unique",
    "key_same_shape",
    "key_error_names",
    "key_lower_words",
    "key_field_names",
    "key_http_statuses",
    "key_paths",
    "key_is_first",
    "second_code_column",
    "text_sentences",
    "trouble",
    "types",
    "flags",
    "reason_phrases",
    "title_errors",
    "title_codes",
    "title_statuses",
    "title_others",
    "above_errors",
    "above_others",
    "page_errors",
    "intro_errors",
    "intro_codes",
    "rows",
    "columns",
    "no_header",
    "key_reason_phrases",
    "key_only_http_statuses",
    "key_counted",
    "success",
    "title_result_codes",
    "header_result_codes",
    "other_error_names",
    "status_header",
    "header_speaks_of_errors",
    "key_numbered",
];

/// The text around a table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surroundings<'a> {
    /// The caption or the nearest heading.
    pub(crate) title: &'a str,
    /// The headings above that one, the nearest first.
    pub(crate) above: Vec<&'a str>,
    /// The page's title.
    pub(crate) page: &'a str,
    /// The text directly above the table.
    pub(crate) intro: String,
}

impl Surroundings<'_> {
    /// Whether a heading above, the page's title or the introduction is about errors or codes, and the nearest title is
    /// not about other things.
    pub(super) fn is_about_errors(&self) -> bool {
        let is_topic = |title: &&str| matches!(Topic::parse(title), Topic::Errors | Topic::Codes);
        let is_named = [self.title, self.page].iter().chain(self.above.first()).any(is_topic);
        let is_introduced =
            || self.intro.lines().any(|line| names_result_codes(line) && line.ends_with([':', '：', '.', '。']));
        Topic::parse(self.title) != Topic::Others && (is_named || is_introduced())
    }
}

/// Measures all features of a table.
#[allow(clippy::too_many_lines, reason = "a line a feature")]
pub(crate) fn measure_features(
    header: &[String],
    row_count: usize,
    columns: &Columns,
    around: &Surroundings<'_>,
) -> [f64; FEATURES.len()] {
    let empty = Profile::default();
    let key = columns.key.map_or(&empty, |key| &columns.profiles[key]);
    let text = columns.best_text_profile().unwrap_or(&empty);
    let key_named = columns.key.and_then(|key| columns.named[key]);
    let is_key = |strength| key_named == Some((Role::Code, strength));
    let has_header = |role: Role| {
        columns.named.iter().flatten().any(|(named, strength)| *named == role && *strength > Strength::Guess)
    };
    let has_text = has_header(Role::Message) || has_header(Role::Description) || has_header(Role::Solution);
    let others = || columns.profiles.iter().enumerate().filter(|(n, _)| Some(*n) != columns.key).map(|(_, p)| p);
    let most = |measure: &dyn Fn(&Profile) -> f64| others().map(measure).fold(0.0, f64::max);
    let topic = Topic::parse(around.title);
    let above_topic = around.above.iter().map(|title| Topic::parse(title)).find(|topic| *topic != Topic::Unknown);
    let page_topic = Topic::parse(around.page);
    let foreign = header.iter().filter(|cell| headers::belongs_to_other_table(cell)).count();
    [
        1.0,
        flag(is_key(Strength::Sure)),
        flag(is_key(Strength::Weak)),
        flag(is_key(Strength::Guess)),
        flag(matches!(key_named, Some((Role::Status, _)))),
        flag(columns.names_error_code(header)),
        flag(has_text),
        flag(has_header(Role::Message)),
        flag(has_header(Role::Solution)),
        flag(columns.roles.contains(&Role::Status)),
        ratio(foreign, header.len()),
        key.codes,
        key.code_weight,
        key.symbols,
        key.numbers,
        key.unique,
        key.same_shape,
        key.error_names,
        key.lower_words,
        key.field_names,
        key.http_statuses,
        key.paths,
        flag(columns.key == Some(0)),
        most(&|profile| profile.code_weight * profile.unique * (1.0 - profile.http_statuses) * (1.0 - profile.types)),
        text.sentences,
        most(&|profile| profile.trouble),
        most(&|profile| profile.types),
        most(&|profile| profile.flags),
        most(&|profile| profile.reason_phrases),
        flag(topic == Topic::Errors),
        flag(topic == Topic::Codes),
        flag(topic == Topic::Statuses),
        flag(topic == Topic::Others),
        flag(above_topic == Some(Topic::Errors)),
        flag(above_topic == Some(Topic::Others)),
        flag(matches!(page_topic, Topic::Errors | Topic::Codes)),
        flag(mentions_errors(&around.intro)),
        flag(mentions_codes(&around.intro)),
        count(row_count).min(MANY_ROWS).ln() / MANY_ROWS.ln(),
        count(header.len()).min(MANY_COLUMNS) / MANY_COLUMNS,
        flag(header.iter().all(String::is_empty)),
        if key.reason_phrases >= MOST_STATUS_NAMES { key.reason_phrases } else { 0.0 },
        flag(key.http_statuses > ALMOST_ALL),
        key.counted,
        flag(most(&|profile| profile.success) > 0.0),
        flag(names_result_codes(around.title)),
        flag(header.iter().any(|cell| names_result_codes(cell))),
        most(&|profile| profile.error_names * profile.unique),
        flag(columns.status().is_some_and(|n| columns.named[n] == Some((Role::Status, Strength::Sure)))),
        flag(header.iter().any(|cell| mentions_errors(cell))),
        key.numbered,
    ]
}

fn flag(is: bool) -> f64 {
    if is { 1.0 } else { 0.0 }
}

fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n.max(1)).unwrap_or(u32::MAX))
}

fn ratio(part: usize, whole: usize) -> f64 {
    f64::from(u32::try_from(part).unwrap_or(u32::MAX)) / count(whole)
}

/// Describes what a feature says against a table, for people.
pub(super) fn describe_objection(name: &str) -> &'static str {
    match name {
        "foreign_headers" => "its header names parameters, types or the like",
        "types" => "a column holds types of fields",
        "flags" => "a column contains only yes or no",
        "title_others" | "above_others" => "its title is about something other than errors",
        "title_statuses" => "its title is about statuses",
        "key_http_statuses" => "its codes are HTTP statuses",
        "reason_phrases" => "a column holds the names of HTTP statuses",
        "key_lower_words" | "key_paths" => "its codes look like names of fields",
        "key_field_names" => "it lists the fields of a response",
        "no_header" => "it has no header",
        "key_header_guess" => "no header names a code",
        _ => "header, title and cells give too little evidence of errors",
    }
}

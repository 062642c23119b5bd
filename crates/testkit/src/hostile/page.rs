//! The page of an invented vendor: forty errors of a tidal observatory, in two languages.

use std::fmt::Write as _;

/// A language of the page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lang {
    Zh,
    En,
}

/// A row: HTTP status, code, message, description, solution.
pub(crate) type Row = [String; 5];

/// What the observatory keeps: its English name, its Chinese name, its name in codes.
const THINGS: [[&str; 3]; 10] = [
    ["tide gauge", "验潮仪", "Gauge"],
    ["harbour buoy", "港口浮标", "Buoy"],
    ["current meter", "海流计", "Meter"],
    ["salinity probe", "盐度探头", "Probe"],
    ["wave record", "波浪记录", "Wave"],
    ["lunar table", "月相表", "Moon"],
    ["pilot chart", "引航图", "Chart"],
    ["survey vessel", "测量船", "Vessel"],
    ["storm notice", "风暴通告", "Storm"],
    ["mooring line", "系泊缆", "Line"],
];

/// The errors of each thing: status, code, then message, description and solution in English, then description and
/// solution in Chinese; `@` stands for the thing.
const FAULTS: [[&str; 7]; 4] = [
    [
        "404",
        "NotFound",
        "The @ was not found.",
        "No @ of the given name is kept in this observatory.",
        "List what there is and name one @ of that list.",
        "本站没有保存该名称的@。",
        "查询现有列表后，填写其中一个@。",
    ],
    [
        "409",
        "AlreadyMoored",
        "The @ is already moored.",
        "Another crew has fastened the @ a moment ago.",
        "Wait for that crew to leave, then fasten the @ again.",
        "另一班组刚刚固定了该@。",
        "等待该班组离开后，再次固定@。",
    ],
    [
        "400",
        "BadDepth",
        "The depth of the @ is not valid.",
        "A depth of the @ lies between 1 and 900 fathoms.",
        "Give the @ a depth within these bounds.",
        "@的深度应在1到900英寻之间。",
        "请把@的深度设置在该范围内。",
    ],
    [
        "500",
        "Capsized",
        "The @ capsized while it was read.",
        "The station lost sight of the @ in the middle of a reading.",
        "Read the @ once more; call the harbour master if it stays away.",
        "读取过程中，观测站与@失去联系。",
        "请重新读取@；若仍失败，请联系港务长。",
    ],
];

/// The headings: Chinese, English.
const HEADINGS: [[&str; 5]; 2] = [
    ["HTTP状态码", "错误码", "错误信息", "含义", "处理建议"],
    ["HTTP Status Code", "Error Code", "Error Message", "Description", "Solution"],
];

/// The rows of the good page.
pub(crate) fn good_rows(lang: Lang) -> Vec<Row> {
    let mut rows = Vec::new();
    for [status, fault, message, description, solution, zh_description, zh_solution] in FAULTS {
        for [thing, zh_thing, code] in THINGS {
            let (thing_here, description, solution) = match lang {
                Lang::En => (thing, description, solution),
                Lang::Zh => (zh_thing, zh_description, zh_solution),
            };
            let (code, message) = (format!("Tide.{code}{fault}"), message.replace('@', thing));
            let [description, solution] = [description, solution].map(|text| text.replace('@', thing_here));
            rows.push([status.to_owned(), code, message, description, solution]);
        }
    }
    rows
}

/// The errors of another service: a table of the same shape about other things.
pub(crate) fn other_rows() -> Vec<Row> {
    let decks = ["Car", "Sun", "Upper", "Lower", "Crew", "Engine"];
    let wants = ["Ticket", "Cabin", "Lifeboat", "Timetable", "Breakfast"];
    let row = |deck: &str, want: &str| {
        let (place, thing) = (deck.to_lowercase(), want.to_lowercase());
        [
            "403".to_owned(),
            format!("Ferry{deck}Deck.{want}Refused"),
            format!("No {thing} on the {place} deck."),
            format!("Passengers who booked late get no {thing}, and the purser of the {place} deck told so."),
            format!("Book a {thing} one day ahead, or walk over to another deck than the {place} one."),
        ]
    };
    decks.iter().flat_map(|deck| wants.iter().map(move |want| row(deck, want))).collect()
}

/// Renders the whole page with these rows.
pub(crate) fn render_page(lang: Lang, rows: &[Row]) -> String {
    let title = match lang {
        Lang::En => "Error Codes of the Tidal Observatory",
        Lang::Zh => "潮汐观测站错误码",
    };
    let before = match lang {
        Lang::En => "Every call to the observatory may end in one of these errors.",
        Lang::Zh => "调用观测站接口时，可能返回以下错误。",
    };
    wrap_page(lang, title, &format!("<p>{before}</p>\n{}", render_table(lang, rows)))
}

/// The good page.
pub(crate) fn good_page(lang: Lang) -> String {
    render_page(lang, &good_rows(lang))
}

/// The good page in English, which nearly all routes start from.
pub(crate) fn english_page() -> String {
    good_page(Lang::En)
}

/// Renders the table alone.
pub(crate) fn render_table(lang: Lang, rows: &[Row]) -> String {
    let mut out = String::from("<table>\n<thead><tr>");
    for heading in HEADINGS[usize::from(lang == Lang::En)] {
        // Writing to a string cannot fail.
        let _ = write!(out, "<th>{heading}</th>");
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for cell in row {
            let _ = write!(out, "<td>{cell}</td>");
        }
        out.push_str("</tr>\n");
    }
    out + "</tbody>\n</table>\n"
}

/// Wraps content in a page of the observatory's site.
pub(crate) fn wrap_page(lang: Lang, title: &str, content: &str) -> String {
    let (code, home, end) = match lang {
        Lang::En => ("en", "Harbour", "The observatory answers letters on weekdays."),
        Lang::Zh => ("zh", "港口", "观测站在工作日答复来信。"),
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body>\n\
         <nav><a href=\"/\">{home}</a></nav>\n<main>\n<h1>{title}</h1>\n{content}<p>{end}</p>\n</main>\n</body>\n</html>\n"
    )
}

//! Intact pages of invented services, in several shapes.

use std::fmt::Write as _;

use docdrift_model::{Bilingual, Lang};

/// The format of a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    Html,
    Markdown,
    /// Text without markup, with one cell in each paragraph.
    Text,
    /// Text without markup, with one row on each line.
    Pipes,
}

/// A table of a page.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) title: String,
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

/// A page before it is rendered.
#[derive(Clone, Debug)]
pub(super) struct Doc {
    pub(super) lang: Lang,
    pub(super) shape: Shape,
    pub(super) title: String,
    pub(super) tables: Vec<Table>,
    /// The text below the last table.
    pub(super) foot: String,
    /// The size of the navigation.
    pub(super) frame: usize,
}

/// The pages of one source.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub(super) name: &'static str,
    pub(super) docs: Bilingual<Option<Doc>>,
}

/// The columns of every table, in order.
pub(super) const STATUS: usize = 0;
pub(super) const CODE: usize = 1;
pub(super) const MESSAGE: usize = 2;
pub(super) const DESCRIPTION: usize = 3;
pub(super) const SOLUTION: usize = 4;

const HEADERS: Bilingual<[&str; 5]> = Bilingual {
    zh: ["HTTP状态码", "错误代码", "错误信息", "说明", "处理建议"],
    en: ["Status Code", "Error Code", "Error Message", "Description", "Solution"],
};

const ROOMS: [(&str, &str); 7] = [
    ("hall", "大厅"),
    ("attic", "阁楼"),
    ("cellar", "地窖"),
    ("kitchen", "厨房"),
    ("porch", "门廊"),
    ("study", "书房"),
    ("stairwell", "楼梯间"),
];
const PARTS: [(&str, &str); 5] =
    [("filament", "灯丝"), ("socket", "灯座"), ("switch", "开关"), ("dimmer", "调光器"), ("fuse", "保险丝")];
const STATES: [(&str, &str); 4] =
    [("burnt out", "已烧毁"), ("missing", "缺失"), ("locked", "被锁定"), ("too hot", "过热")];

/// Returns a row about lamps.
pub(super) fn lamp(n: usize, lang: Lang) -> Vec<String> {
    let (room, part, state) = (ROOMS[n % 7], PARTS[n % 5], STATES[n % 4]);
    let texts = match lang {
        Lang::Zh => [
            format!("Lamp {n} in the {} did not answer.", room.0),
            format!("{}内第{n}号灯的{}{}。", room.1, part.1, state.1),
            format!("请更换{}中的{}，然后重试第{n}号灯。", room.1, part.1),
        ],
        Lang::En => [
            format!("Lamp {n} in the {} did not answer.", room.0),
            format!("The {} of lamp {n} in the {} is {}.", part.0, room.0, state.0),
            format!("Replace the {} in the {} and try lamp {n} again.", part.0, room.0),
        ],
    };
    let [message, description, solution] = texts;
    vec![(400 + n % 7).to_string(), format!("LMP.{}", 1000 + n * 3), message, description, solution]
}

/// Returns a row about ovens whose code has this prefix.
pub(super) fn oven(n: usize, prefix: &str, lang: Lang) -> Vec<String> {
    let dish = ["bread", "pie", "casserole", "roast"][n % 4];
    let dish_zh = ["面包", "馅饼", "砂锅", "烤肉"][n % 4];
    let texts = match lang {
        Lang::Zh => [
            format!("Baking {dish} failed at step {n}."),
            format!("第{n}步烘烤{dish_zh}时温度传感器读数越界。"),
            format!("降低炉温后从第{n}步重新烘烤{dish_zh}。"),
        ],
        Lang::En => [
            format!("Baking {dish} failed at step {n}."),
            format!("A probe reported wrong heat while {dish} was being baked, step {n}."),
            format!("Lower heat, then start baking {dish} from step {n}."),
        ],
    };
    let [message, description, solution] = texts;
    vec![(500 + n % 4).to_string(), format!("{prefix}{}", 1000 + n * 3), message, description, solution]
}

fn table(lang: Lang, title: &str, rows: Vec<Vec<String>>) -> Table {
    Table { title: title.to_owned(), header: HEADERS.get(lang).map(str::to_owned).into(), rows }
}

pub(super) fn doc(lang: Lang, shape: Shape, tables: &[(usize, usize)], foot: &str) -> Doc {
    let title = |n: usize| match lang {
        Lang::Zh => format!("第{}组错误码", n + 1),
        Lang::En => format!("Error codes of group {}", n + 1),
    };
    let tables = tables.iter().enumerate();
    Doc {
        lang,
        shape,
        title: if lang == Lang::Zh { "灯具服务错误码" } else { "Lamp service error codes" }.into(),
        tables: tables
            .map(|(n, (from, to))| table(lang, &title(n), (*from..*to).map(|n| lamp(n, lang)).collect()))
            .collect(),
        foot: foot.into(),
        frame: 3,
    }
}

impl Doc {
    pub(super) fn rows_mut(&mut self) -> impl Iterator<Item = &mut Vec<String>> {
        self.tables.iter_mut().flat_map(|table| &mut table.rows)
    }

    pub(super) fn row_count(&self) -> usize {
        self.tables.iter().map(|table| table.rows.len()).sum()
    }

    pub(super) fn render(&self) -> String {
        match self.shape {
            Shape::Html => self.render_html(),
            Shape::Markdown => self.render_markdown(),
            Shape::Text => self.render_text(|row| row.join("\n\n") + "\n\n"),
            Shape::Pipes => self.render_text(|row| row.join(" | ") + " |\n"),
        }
    }

    fn render_html(&self) -> String {
        let links = |n: usize| format!("<li><a href=\"/guide/{n}.html\">Guide {n}</a></li>");
        let nav: String = (0..self.frame * 10).map(links).collect();
        let mut out = format!(
            "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head><body><nav><ul>{nav}</ul></nav>\n<h1>{}</h1>",
            self.lang, self.title, self.title
        );
        for table in &self.tables {
            let cells = |tag: &str, cells: &[String]| -> String {
                cells.iter().flat_map(|cell| [format!("<{tag}>"), escape_html(cell), format!("</{tag}>")]).collect()
            };
            let rows: String =
                table.rows.iter().flat_map(|row| ["<tr>".into(), cells("td", row), "</tr>\n".into()]).collect();
            let head = cells("th", &table.header);
            let _ = write!(
                out,
                "<h2>{}</h2>\n<table><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table>\n",
                escape_html(&table.title)
            );
        }
        out + &format!("<p>{}</p><footer>© Lamps</footer></body></html>\n", self.foot)
    }

    fn render_markdown(&self) -> String {
        let mut out = format!("# {}\n\n", self.title);
        for table in &self.tables {
            let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
            let rule = line(&vec!["---".to_owned(); table.header.len()]);
            let rows: String = table.rows.iter().map(|row| line(row)).collect();
            let _ = write!(out, "## {}\n\n{}{rule}{rows}\n", table.title, line(&table.header));
        }
        out + &self.foot
    }

    fn render_text(&self, line: impl Fn(&[String]) -> String) -> String {
        let mut out = format!("{}\n\n", self.title);
        for table in &self.tables {
            let rows: String = std::iter::once(&table.header).chain(&table.rows).map(|row| line(row)).collect();
            let _ = write!(out, "{}\n\n{rows}\n", table.title);
        }
        out + &self.foot
    }
}

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Returns the intact sources that all changes and damages are applied to.
pub(super) fn sites() -> Vec<Site> {
    let (more, zh_more) = ("Ask the caretaker about other errors.\n", "其他错误请咨询管理员。\n");
    let both = |name, shape, tables: &[(usize, usize)], feet: [&str; 2]| Site {
        name,
        docs: Bilingual {
            zh: Some(doc(Lang::Zh, shape, tables, feet[0])),
            en: Some(doc(Lang::En, shape, tables, feet[1])),
        },
    };
    let only = |name, lang: Lang, shape, tables: &[(usize, usize)], foot| {
        let mut docs = Bilingual::default();
        *docs.get_mut(lang) = Some(doc(lang, shape, tables, foot));
        Site { name, docs }
    };
    vec![
        both("html zh+en, 40 rows", Shape::Html, &[(0, 40)], [zh_more, more]),
        only("html en, 6 rows", Lang::En, Shape::Html, &[(0, 6)], more),
        only("html zh, 100 rows", Lang::Zh, Shape::Html, &[(0, 100)], zh_more),
        both("html zh+en, 3 x 12 rows", Shape::Html, &[(0, 12), (12, 24), (24, 36)], [zh_more, more]),
        both("markdown zh+en, 30 rows", Shape::Markdown, &[(0, 30)], [zh_more, more]),
        only("markdown en, 12 rows to the end", Lang::En, Shape::Markdown, &[(0, 12)], ""),
        only("text en, 25 rows", Lang::En, Shape::Text, &[(0, 25)], more),
        only("piped text zh, 25 rows to the end", Lang::Zh, Shape::Pipes, &[(0, 25)], ""),
    ]
}

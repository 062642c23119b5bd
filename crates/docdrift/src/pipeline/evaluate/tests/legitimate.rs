//! Ordinary changes by vendors, which must be accepted.

use docdrift_model::{Bilingual, Lang};
use rayon::prelude::*;

use super::{
    Baseline, Line, bodies, check_change,
    pages::{CODE, DESCRIPTION, Doc, MESSAGE, SOLUTION, STATUS, Shape, Site, Table, doc, lamp, sites},
    print_lines,
};
use crate::pipeline::Evaluation;

/// A change: its name, and the function that applies it; `None` if it does not apply to the source.
type Change = (&'static str, fn(&mut Site) -> Option<()>);

#[expect(clippy::unnecessary_wraps, reason = "all changes have the same type")]
fn edit_docs(site: &mut Site, edit: impl Fn(&mut Doc)) -> Option<()> {
    [&mut site.docs.zh, &mut site.docs.en].into_iter().flatten().for_each(edit);
    Some(())
}

fn edit_column(doc: &mut Doc, column: usize, edit: impl Fn(usize, &str) -> String) {
    doc.rows_mut().enumerate().for_each(|(n, row)| row[column] = edit(n, &row[column]));
}

fn add_rows(doc: &mut Doc, count: usize) {
    let lang = doc.lang;
    doc.tables[0].rows.extend((1000..1000 + count).map(|n| lamp(n, lang)));
}

fn keep_rows(doc: &mut Doc, keep: impl Fn(usize) -> bool) {
    let mut n = 0;
    for table in &mut doc.tables {
        table.rows.retain(|_| {
            n += 1;
            keep(n - 1)
        });
    }
}

fn in_lang(lang: Lang, zh: &str, en: &str) -> String {
    if lang == Lang::Zh { zh.into() } else { en.into() }
}

const ROWS: &[Change] = &[
    ("one row added", |site| edit_docs(site, |doc| add_rows(doc, 1))),
    ("a row added before the others", |site| {
        edit_docs(site, |doc| {
            let row = lamp(999, doc.lang);
            doc.tables[0].rows.insert(0, row);
        })
    }),
    ("twice as many rows added", |site| edit_docs(site, |doc| add_rows(doc, doc.row_count() * 2))),
    ("ten times as many rows", |site| edit_docs(site, |doc| add_rows(doc, doc.row_count() * 9))),
    ("one row removed", |site| edit_docs(site, |doc| keep_rows(doc, |n| n != 3))),
    ("the last row removed", |site| {
        edit_docs(site, |doc| {
            let last = doc.row_count() - 1;
            keep_rows(doc, |n| n != last);
        })
    }),
    ("a tenth of the rows removed", |site| edit_docs(site, |doc| keep_rows(doc, |n| n % 10 != 5))),
    ("a tenth removed and as many added", |site| {
        edit_docs(site, |doc| {
            keep_rows(doc, |n| n % 10 != 5);
            add_rows(doc, doc.row_count() / 10);
        })
    }),
    ("two rows removed", |site| edit_docs(site, |doc| keep_rows(doc, |n| n != 1 && n != 4))),
    ("rows in another order", |site| {
        edit_docs(site, |doc| doc.tables.iter_mut().for_each(|table| table.rows.reverse()))
    }),
    ("a row added to the en page only", |site| {
        site.docs.zh.as_ref().and(site.docs.en.as_mut()).map(|doc| add_rows(doc, 1))
    }),
    ("a common code listed again", |site| {
        edit_docs(site, |doc| {
            let mut row = doc.tables[0].rows[0].clone();
            row[STATUS] = "503".into();
            doc.tables[0].rows.push(row);
        })
    }),
];

const TABLES: &[Change] = &[
    ("a table added", |site| {
        edit_docs(site, |doc| {
            let rows = (500..512).map(|n| lamp(n, doc.lang)).collect();
            let title = in_lang(doc.lang, "新增错误码", "New error codes");
            let header = doc.tables[0].header.clone();
            doc.tables.push(Table { title, header, rows });
        })
    }),
    ("a small table with common codes added", |site| {
        edit_docs(site, |doc| {
            let rows = doc.tables[0].rows.iter().take(2).cloned().collect();
            let title = in_lang(doc.lang, "公共错误码", "Common error codes");
            let header = doc.tables[0].header.clone();
            doc.tables.push(Table { title, header, rows });
        })
    }),
    ("a table split in two", |site| {
        edit_docs(site, |doc| {
            let half = doc.tables[0].rows.len() / 2;
            let rows = doc.tables[0].rows.split_off(half);
            let title = in_lang(doc.lang, "其余错误码", "Other error codes");
            let header = doc.tables[0].header.clone();
            doc.tables.push(Table { title, header, rows });
        })
    }),
    ("all tables merged", |site| {
        edit_docs(site, |doc| {
            let rest: Vec<_> = doc.tables.split_off(1).into_iter().flat_map(|table| table.rows).collect();
            doc.tables[0].rows.extend(rest);
        })
    }),
    ("tables retitled", |site| {
        edit_docs(site, |doc| {
            let title = in_lang(doc.lang, "错误码一览", "Overview of error codes");
            doc.tables.iter_mut().enumerate().for_each(|(n, table)| table.title = format!("{title} {n}"));
        })
    }),
    ("tables in another order", |site| edit_docs(site, |doc| doc.tables.reverse())),
    ("a row moved to another table", |site| {
        edit_docs(site, |doc| {
            let row = doc.tables[0].rows.remove(0);
            doc.tables.last_mut().unwrap().rows.push(row);
        })
    }),
];

const COLUMNS: &[Change] = &[
    ("columns in another order", |site| {
        edit_docs(site, |doc| {
            for table in &mut doc.tables {
                table.header.swap(DESCRIPTION, SOLUTION);
                table.rows.iter_mut().for_each(|row| row.swap(DESCRIPTION, SOLUTION));
            }
        })
    }),
    ("the code first", |site| {
        edit_docs(site, |doc| {
            for table in &mut doc.tables {
                table.header.swap(STATUS, CODE);
                table.rows.iter_mut().for_each(|row| row.swap(STATUS, CODE));
            }
        })
    }),
    ("the solutions under another header", |site| {
        edit_docs(site, |doc| {
            let header = in_lang(doc.lang, "解决方案", "Handling Measure");
            doc.tables.iter_mut().for_each(|table| table.header[SOLUTION].clone_from(&header));
        })
    }),
    ("the descriptions under an unknown header", |site| {
        // In text without markup, a table is found only by known headers.
        site.docs.iter().all(|(_, doc)| doc.as_ref().is_none_or(|doc| doc.shape != Shape::Text)).then_some(())?;
        edit_docs(site, |doc| {
            let header = in_lang(doc.lang, "补充", "Remarks of the caretaker");
            doc.tables.iter_mut().for_each(|table| table.header[DESCRIPTION].clone_from(&header));
        })
    }),
    ("a column added", |site| {
        edit_docs(site, |doc| {
            let header = in_lang(doc.lang, "模块", "Module");
            for table in &mut doc.tables {
                table.header.push(header.clone());
                table.rows.iter_mut().enumerate().for_each(|(n, row)| row.push(format!("wing {}", n % 3)));
            }
        })
    }),
];

const TEXTS: &[Change] = &[
    ("all descriptions rewritten", |site| {
        edit_docs(site, |doc| {
            let lang = doc.lang;
            edit_column(doc, DESCRIPTION, |n, _| {
                in_lang(
                    lang,
                    &format!("该位置的照明设备（{n}）当前不可用。"),
                    &format!("Lighting at place {n} has gone dark."),
                )
            });
        })
    }),
    ("all solutions rewritten", |site| {
        edit_docs(site, |doc| {
            let lang = doc.lang;
            edit_column(doc, SOLUTION, |n, _| {
                in_lang(
                    lang,
                    &format!("联系值班人员处理设备 {n}。"),
                    &format!("Call whoever is on duty for device {n}."),
                )
            });
        })
    }),
    ("all messages rewritten", |site| {
        edit_docs(site, |doc| edit_column(doc, MESSAGE, |n, _| format!("Device number {n} failed to light up.")))
    }),
    ("zh descriptions and solutions translated better", |site| {
        site.docs.zh.as_mut().map(|doc| {
            edit_column(doc, DESCRIPTION, |_, cell| cell.replace("号灯的", "号灯具之").replace('内', "里的"));
            edit_column(doc, SOLUTION, |_, cell| {
                cell.replace("请更换", "您需要换掉").replace("然后重试", "再次尝试使用")
            });
        })
    }),
    ("one word more in every text", |site| {
        edit_docs(site, |doc| {
            let word = in_lang(doc.lang, "如有疑问请联系管理员。", " Ask if in doubt.");
            for at in [DESCRIPTION, SOLUTION] {
                edit_column(doc, at, |_, cell| cell.to_owned() + &word);
            }
        })
    }),
    ("letter case and punctuation of all texts changed", |site| {
        edit_docs(site, |doc| {
            for at in [MESSAGE, DESCRIPTION, SOLUTION] {
                edit_column(doc, at, |_, cell| {
                    cell.to_uppercase().replace('.', "!").replace('。', "．").replace('，', ",")
                });
            }
        })
    }),
    ("some statuses corrected", |site| {
        edit_docs(site, |doc| edit_column(doc, STATUS, |n, cell| if n % 4 == 0 { "418".into() } else { cell.into() }))
    }),
    ("statuses followed by a name", |site| {
        edit_docs(site, |doc| edit_column(doc, STATUS, |_, cell| format!("{cell} Lamp Error")))
    }),
    ("one text removed", |site| {
        edit_docs(site, |doc| edit_column(doc, SOLUTION, |n, cell| if n == 2 { "-".into() } else { cell.into() }))
    }),
    ("every third solution the same", |site| {
        edit_docs(site, |doc| {
            let lang = doc.lang;
            edit_column(doc, SOLUTION, |n, cell| {
                if n % 3 == 0 { in_lang(lang, "请联系技术支持。", "Contact support.") } else { cell.into() }
            });
        })
    }),
    ("messages replaced by the descriptions", |site| {
        edit_docs(site, |doc| doc.rows_mut().for_each(|row| row[MESSAGE] = row[DESCRIPTION].clone()))
    }),
    ("placeholders in messages", |site| {
        edit_docs(site, |doc| edit_column(doc, MESSAGE, |n, _| format!("Lamp {{{n}}} did not answer.")))
    }),
];

const CODES: &[Change] = &[
    ("a prefix renamed", |site| {
        edit_docs(site, |doc| edit_column(doc, CODE, |_, code| code.replace("LMP.", "LIGHT.")))
    }),
    ("a prefix added to all codes", |site| {
        edit_docs(site, |doc| edit_column(doc, CODE, |_, code| format!("ACME.{code}")))
    }),
    ("a suffix added to all codes", |site| {
        edit_docs(site, |doc| edit_column(doc, CODE, |_, code| format!("{code}Error")))
    }),
    ("a word inserted into all codes", |site| {
        edit_docs(site, |doc| edit_column(doc, CODE, |_, code| code.replace("P.", "PBulb.")))
    }),
    ("codes written with another separator", |site| {
        edit_docs(site, |doc| edit_column(doc, CODE, |_, code| code.replace('.', "_")))
    }),
    ("codes in lower case", |site| edit_docs(site, |doc| edit_column(doc, CODE, |_, code| code.to_lowercase()))),
    ("two codes renamed", |site| {
        edit_docs(site, |doc| {
            edit_column(doc, CODE, |n, code| if n == 1 || n == 4 { format!("GLOW.9{n}") } else { code.into() });
        })
    }),
    ("a prefix renamed and a row removed", |site| {
        edit_docs(site, |doc| {
            edit_column(doc, CODE, |_, code| code.replace("LMP.", "LIGHT."));
            keep_rows(doc, |n| n != 2);
        })
    }),
];

const SHAPES: &[Change] = &[
    ("a page with more navigation", |site| edit_docs(site, |doc| doc.frame = 30)),
    ("a page without navigation", |site| edit_docs(site, |doc| doc.frame = 0)),
    ("a page without navigation and one row less", |site| {
        edit_docs(site, |doc| {
            doc.frame = 0;
            keep_rows(doc, |n| n != 3);
        })
    }),
    ("markdown instead of html", |site| {
        edit_docs(site, |doc| doc.shape = if doc.shape == Shape::Html { Shape::Markdown } else { Shape::Html })
    }),
    ("an updated date", |site| {
        edit_docs(site, |doc| doc.foot = in_lang(doc.lang, "更新时间：2025-06-01\n", "Updated on 2025-06-01\n"))
    }),
    ("notes below the table", |site| {
        edit_docs(site, |doc| {
            doc.foot.push_str(&in_lang(
                doc.lang,
                "注意：灯泡易碎，登录后可查看更多。\n",
                "Note: bulbs break. Sign in to see more.\n",
            ));
        })
    }),
    ("a page in the other language added", |site| {
        let Bilingual { zh, en } = &mut site.docs;
        let (zh_now, en_now) = match (zh.as_ref(), en.as_ref()) {
            (Some(doc), None) => (None, Some(in_other_language(doc))),
            (None, Some(doc)) => (Some(in_other_language(doc)), None),
            _ => return None,
        };
        *zh = zh_now.or(zh.take());
        *en = en_now.or(en.take());
        Some(())
    }),
];

/// Returns the same page in the other language.
fn in_other_language(original: &Doc) -> Doc {
    let lang = if original.lang == Lang::Zh { Lang::En } else { Lang::Zh };
    doc(lang, original.shape, &[(0, original.row_count())], "")
}

#[test]
fn legitimate_changes_are_accepted() {
    let changed = |site: Site| {
        let mut lines = Vec::new();
        let before = Baseline::new(&bodies(&site));
        for (name, edit) in [ROWS, TABLES, COLUMNS, TEXTS, CODES, SHAPES].into_iter().flatten() {
            let mut changed = site.clone();
            let Some(()) = edit(&mut changed) else { continue };
            lines.extend(check_change(&site, name, (&before, &bodies(&changed)), Evaluation::is_accepted));
        }
        lines
    };
    let lines: Vec<Line> = sites().into_par_iter().flat_map(changed).collect();
    let false_alarms = print_lines(&lines);
    println!("{} legitimate, {} false alarms", lines.len(), false_alarms.len());
    assert!(false_alarms.is_empty(), "{}", false_alarms.join("\n"));
}

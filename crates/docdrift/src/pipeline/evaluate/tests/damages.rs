//! Damages to an intact page, grouped by their kind.

use docdrift_model::Bilingual;
use encoding_rs::{GBK, WINDOWS_1252};

use super::{
    Bodies, bodies,
    pages::{CODE, DESCRIPTION, Doc, MESSAGE, SOLUTION, STATUS, Shape, Site, Table, oven},
};

/// A damage: its name, and the function that applies it; `None` if it does not apply to the pages.
pub(super) type Damage = (String, Box<dyn Fn(&Site) -> Option<Bodies>>);

fn damage(name: impl Into<String>, apply: impl Fn(&Site) -> Option<Bodies> + 'static) -> Damage {
    (name.into(), Box::new(apply))
}

/// A damage to each page before it is rendered.
fn to_docs(name: impl Into<String>, edit: impl Fn(&mut Doc) + 'static) -> Damage {
    damage(name, move |site| {
        let mut site = site.clone();
        [&mut site.docs.zh, &mut site.docs.en].into_iter().flatten().for_each(&edit);
        Some(bodies(&site))
    })
}

/// A damage to the en page, or the only page.
fn to_one(name: impl Into<String>, edit: impl Fn(&mut Doc) + 'static) -> Damage {
    damage(name, move |site| {
        let mut site = site.clone();
        let Bilingual { zh, en } = &mut site.docs;
        en.as_mut().or(zh.as_mut()).map(&edit)?;
        Some(bodies(&site))
    })
}

/// A damage to the rendered pages.
fn to_bytes(name: impl Into<String>, edit: impl Fn(&[u8]) -> Vec<u8> + 'static) -> Damage {
    damage(name, move |site| Some(bodies(site).map(|body| body.map(|body| edit(&body)))))
}

fn to_text(name: impl Into<String>, edit: impl Fn(&str) -> String + 'static) -> Damage {
    to_bytes(name, move |body| edit(std::str::from_utf8(body).unwrap()).into_bytes())
}

/// Replaces each cell of a column by `edit(row, cell)`.
fn edit_column(doc: &mut Doc, column: usize, edit: impl Fn(usize, &str) -> String) {
    doc.rows_mut().enumerate().for_each(|(n, row)| row[column] = edit(n, &row[column]));
}

/// Keeps the rows whose number on the page `keep` accepts.
fn keep_rows(doc: &mut Doc, keep: impl Fn(usize) -> bool) {
    let mut n = 0;
    for table in &mut doc.tables {
        table.rows.retain(|_| {
            n += 1;
            keep(n - 1)
        });
    }
}

/// Moves the cells of these columns up by one row in each table.
fn shift_columns(doc: &mut Doc, columns: &'static [usize]) {
    for table in &mut doc.tables {
        let before = table.rows.clone();
        for (n, row) in table.rows.iter_mut().enumerate() {
            for column in columns {
                row[*column].clone_from(&before[(n + 1) % before.len()][*column]);
            }
        }
    }
}

fn truncations() -> Vec<Damage> {
    let tenths = (1..10)
        .map(|tenth| to_bytes(format!("cut at {tenth}0 %"), move |body| body[..body.len() * tenth / 10].to_vec()));
    let odd = [337, 512, 611, 777, 853]
        .map(|part| to_bytes(format!("cut at {part} of 1000"), move |body| body[..body.len() * part / 1000].to_vec()));
    let at = |name: &str, mark: &'static str, more: usize| {
        damage(name, move |site| {
            let is_html = site.docs.iter().any(|(_, doc)| doc.as_ref().is_some_and(|doc| doc.shape == Shape::Html));
            let cut = |body: Vec<u8>| {
                let text = String::from_utf8(body).unwrap();
                let middle = text.char_indices().map(|(at, _)| at).find(|at| *at >= text.len() * 2 / 3).unwrap();
                let at = middle + text[middle..].find(mark).unwrap_or_default() + more;
                text.as_bytes()[..at].to_vec()
            };
            is_html.then(|| bodies(site).map(|body| body.map(cut)))
        })
    };
    tenths
        .chain(odd)
        .chain([
            at("cut inside a tag", "<td>", 2),
            at("cut inside a closing tag", "</tr>", 3),
            at("cut after a cell", "</td>", 5),
            at("cut after a row", "</tr>", 5),
        ])
        .chain([damage("cut and closed with tags", |site| {
            let doc = site.docs.en.as_ref().or(site.docs.zh.as_ref())?;
            let text = doc.render();
            let at = text.match_indices("</tr>").nth(doc.row_count() / 2)?.0 + 5;
            let body = (text[..at].to_owned() + "</tbody></table></body></html>").into_bytes();
            let mut bodies = bodies(site);
            *bodies.get_mut(doc.lang) = Some(body);
            Some(bodies)
        })])
        .collect()
}

fn lost_rows() -> Vec<Damage> {
    let mut damages = Vec::new();
    for percent in (10..=100).step_by(10) {
        damages.push(to_docs(format!("the last {percent} % of the rows gone"), move |doc| {
            let left = doc.row_count() * (100 - percent) / 100;
            keep_rows(doc, |n| n < left);
        }));
    }
    damages.extend([
        to_docs("every second row gone", |doc| keep_rows(doc, |n| n % 2 == 0)),
        to_docs("every third row gone", |doc| keep_rows(doc, |n| n % 3 != 1)),
        to_docs("every tenth row gone", |doc| keep_rows(doc, |n| n % 10 != 4)),
        to_one("every second row of one page gone", |doc| keep_rows(doc, |n| n % 2 == 0)),
        to_docs("the rows in the middle gone", |doc| {
            let count = doc.row_count();
            keep_rows(doc, |n| n < count / 3 || n >= count * 2 / 3);
        }),
        to_docs("the first half of the rows gone", |doc| {
            let count = doc.row_count();
            keep_rows(doc, |n| n >= count / 2);
        }),
        to_docs("only the first 3 rows, and links to more pages", |doc| {
            keep_rows(doc, |n| n < 3);
            doc.foot = "1 2 3 4 Next".into();
        }),
        to_docs("header rows only", |doc| keep_rows(doc, |_| false)),
        to_docs("the last table gone", |doc| {
            doc.tables.pop();
        }),
        to_docs("the first table gone", |doc| {
            doc.tables.remove(0);
        }),
        to_docs("most of one table gone", |doc| {
            let rows = &mut doc.tables[0].rows;
            let count = rows.len();
            rows.truncate(count / 4);
        }),
        to_docs("half of the rows replaced by rows of another service", |doc| {
            let count = doc.row_count();
            keep_rows(doc, |n| n >= count / 2);
            let lang = doc.lang;
            doc.tables[0].rows.extend((0..count / 2).map(|n| oven(n, "OVN.", lang)));
        }),
    ]);
    damages
}

/// Cells that are lost in some rows, in part, or on one page only.
fn partly_lost_cells() -> Vec<Damage> {
    vec![
        to_docs("codes still loading in every fifth row", |doc| {
            edit_column(doc, CODE, |n, cell| if n % 5 == 0 { "Loading...".into() } else { cell.into() });
        }),
        to_one("codes emptied in every second row of one page", |doc| {
            edit_column(doc, CODE, |n, cell| if n % 2 == 0 { String::new() } else { cell.into() });
        }),
        to_one("the same status in all rows of one page", |doc| edit_column(doc, STATUS, |_, _| "200".into())),
        to_one("statuses still loading in every second row of one page", |doc| {
            edit_column(doc, STATUS, |n, cell| if n % 2 == 0 { "Loading...".into() } else { cell.into() });
        }),
        to_docs("letters lost in every second description", |doc| {
            let lost =
                |cell: &str| cell.chars().enumerate().map(|(n, c)| if n % 9 == 4 { '\u{fffd}' } else { c }).collect();
            edit_column(doc, DESCRIPTION, |n, cell| if n % 2 == 0 { lost(cell) } else { cell.into() });
        }),
        to_docs("descriptions cut in half, with dots", |doc| {
            let half = |cell: &str| cell.chars().take(cell.chars().count() / 2).collect::<String>() + "…";
            edit_column(doc, DESCRIPTION, |_, cell| half(cell));
        }),
    ]
}

fn lost_cells() -> Vec<Damage> {
    let named = [("status", STATUS), ("message", MESSAGE), ("description", DESCRIPTION), ("solution", SOLUTION)];
    let mut damages = Vec::new();
    for (name, at) in named {
        damages.push(to_docs(format!("{name} column emptied"), move |doc| edit_column(doc, at, |_, _| String::new())));
        damages.push(to_one(format!("{name} column emptied on one page"), move |doc| {
            edit_column(doc, at, |_, _| String::new());
        }));
        damages.push(to_docs(format!("{name} column gone"), move |doc| {
            for table in &mut doc.tables {
                table.header.remove(at);
                table.rows.iter_mut().for_each(|row| drop(row.remove(at)));
            }
        }));
        damages.push(to_docs(format!("{name} column says -"), move |doc| edit_column(doc, at, |_, _| "-".into())));
    }
    for word in ["undefined", "Loading…", "加载中...", "null", "N/A", "{{ row.text }}", "[object Object]"] {
        damages.push(to_docs(format!("all descriptions say {word}"), move |doc| {
            edit_column(doc, DESCRIPTION, |_, _| word.into());
        }));
    }
    damages.extend([
        to_docs("code column emptied", |doc| edit_column(doc, CODE, |_, _| String::new())),
        to_docs("code column says undefined", |doc| edit_column(doc, CODE, |_, _| "undefined".into())),
        to_docs("all cells but the codes emptied", |doc| {
            for at in [STATUS, MESSAGE, DESCRIPTION, SOLUTION] {
                edit_column(doc, at, |_, _| String::new());
            }
        }),
        to_docs("a skeleton of empty rows", |doc| (0..5).for_each(|at| edit_column(doc, at, |_, _| String::new()))),
        to_docs("descriptions emptied in every second row", |doc| {
            edit_column(doc, DESCRIPTION, |n, cell| if n % 2 == 0 { String::new() } else { cell.into() });
        }),
        to_docs("descriptions still loading in every third row", |doc| {
            edit_column(doc, DESCRIPTION, |n, cell| if n % 3 == 0 { "Loading...".into() } else { cell.into() });
        }),
        to_docs("the same message in all rows", |doc| {
            edit_column(doc, MESSAGE, |_, _| "The service is being maintained.".into());
        }),
        to_docs("the same solution in all rows", |doc| {
            edit_column(doc, SOLUTION, |_, _| "请登录后查看完整内容".into());
        }),
        to_docs("the same status in all rows", |doc| edit_column(doc, STATUS, |_, _| "200".into())),
        to_docs("descriptions cut to their first letters", |doc| {
            edit_column(doc, DESCRIPTION, |_, cell| cell.chars().take(3).collect::<String>() + "…");
        }),
    ]);
    damages
}

fn misplaced_cells() -> Vec<Damage> {
    vec![
        to_docs("messages and descriptions exchanged", |doc| {
            doc.rows_mut().for_each(|row| row.swap(MESSAGE, DESCRIPTION));
        }),
        to_docs("descriptions and solutions exchanged", |doc| {
            doc.rows_mut().for_each(|row| row.swap(DESCRIPTION, SOLUTION));
        }),
        to_docs("statuses and codes exchanged", |doc| doc.rows_mut().for_each(|row| row.swap(STATUS, CODE))),
        to_docs("codes shifted by a row", |doc| shift_columns(doc, &[CODE])),
        to_docs("descriptions shifted by a row", |doc| shift_columns(doc, &[DESCRIPTION])),
        to_docs("messages to solutions shifted by a row", |doc| shift_columns(doc, &[MESSAGE, DESCRIPTION, SOLUTION])),
        to_docs("cells shifted to the right", |doc| doc.rows_mut().for_each(|row| row.rotate_right(1))),
        to_docs("cells after the code shifted to the left", |doc| {
            doc.rows_mut().for_each(|row| {
                row.remove(MESSAGE);
                row.push(String::new());
            });
        }),
        to_docs("all codes replaced", |doc| {
            edit_column(doc, CODE, |n, _| format!("ZQX{}.{}", n % 9, (n * 7919) % 10_007));
        }),
        to_docs("all codes renumbered", |doc| edit_column(doc, CODE, |n, _| format!("LMP.{}", 7000 + n))),
        to_docs("all codes and messages replaced", |doc| {
            edit_column(doc, CODE, |n, _| format!("ZQX{}.{}", n % 9, (n * 7919) % 10_007));
            edit_column(doc, MESSAGE, |n, _| format!("Totally unknown trouble number {}.", n * 31));
        }),
        to_docs("all codes reversed", |doc| edit_column(doc, CODE, |_, code| code.chars().rev().collect())),
    ]
}

fn other_pages() -> Vec<Damage> {
    let ovens = |prefix: &'static str| {
        move |doc: &mut Doc| {
            let lang = doc.lang;
            doc.title = "Oven service error codes".into();
            for table in &mut doc.tables {
                table.title = "Error codes of ovens".into();
                let rows = table.rows.len();
                table.rows = (0..rows).map(|n| oven(n, prefix, lang)).collect();
            }
        }
    };
    vec![
        to_docs("another service's page", ovens("OVN.")),
        to_docs("another service's page with the same codes", ovens("LMP.")),
        to_one("another service's page in one language", ovens("OVN.")),
        to_one("another service's page with the same codes in one language", ovens("LMP.")),
        damage("the zh page instead of the en page", |site| {
            let mut bodies = bodies(site);
            bodies.en = Some(bodies.en.and(bodies.zh.clone())?);
            Some(bodies)
        }),
        damage("the en page instead of the zh page", |site| {
            let mut bodies = bodies(site);
            bodies.zh = Some(bodies.zh.and(bodies.en.clone())?);
            Some(bodies)
        }),
        to_one("texts in French", |doc| {
            edit_column(doc, DESCRIPTION, |n, _| format!("Le filament de la lampe {n} est défectueux."));
            edit_column(doc, SOLUTION, |n, _| format!("Remplacez le filament, puis réessayez la lampe {n}."));
        }),
        to_docs("texts in Japanese", |doc| {
            edit_column(doc, DESCRIPTION, |n, _| format!("{n}番目のランプが見つかりません。"));
            edit_column(doc, SOLUTION, |n, _| format!("{n}番目のスイッチを確認してください。"));
        }),
        to_bytes("an empty page", |_| Vec::new()),
        damage("the zh page missing", |site| {
            site.docs.zh.as_ref().and(site.docs.en.as_ref())?;
            Some(Bilingual { zh: None, ..bodies(site) })
        }),
    ]
}

/// Pages that a server sends instead of the real one.
fn wall_pages() -> Vec<Damage> {
    let wall = |text: &'static str| {
        to_text(format!("a wall: {text}"), move |_| {
            format!("<!DOCTYPE html><html><body><h1>{text}</h1><form><input name=user></form></body></html>")
        })
    };
    vec![
        wall("Sign in to continue"),
        wall("请先登录"),
        wall("Please enable JavaScript to view this page"),
        wall("Access Denied"),
        wall("Verify you are human"),
        to_text("a login wall with the old page in a comment", |page| {
            format!(
                "<html><body><h1>Log in to read on</h1><form></form><!-- {} --></body></html>",
                page.replace("-->", "")
            )
        }),
        to_text("a login wall with the old page in a script", |page| {
            format!("<html><body><h1>Log in to read on</h1><script type='text/template'>{page}</script></body></html>")
        }),
        to_text("a login wall with the old page in a template", |page| {
            format!("<html><body><h1>Log in to read on</h1><template>{page}</template></body></html>")
        }),
        to_text("a page-not-found page with a side bar", |_| {
            let links = "<li><a href='/errors'>Error codes</a></li>".repeat(60);
            format!(
                "<html><body><nav><ul>{links}</ul></nav><h1>Page not found</h1><p>Try the search.</p></body></html>"
            )
        }),
        to_text("an error in JSON", |_| "{\"error\":{\"code\":\"InternalError\",\"message\":\"try later\"}}".into()),
        to_text("a page of tables without error codes", |_| {
            let rows = "<tr><td>North</td><td>lamp.acme.test</td></tr>".repeat(30);
            format!(
                "<html><body><h1>Endpoints</h1><table><tr><th>Region</th><th>Host</th></tr>{rows}</table></body></html>"
            )
        }),
    ]
}

fn encoding_errors() -> Vec<Damage> {
    let zh = |name: &str, edit: fn(&str) -> Vec<u8>| {
        damage(name, move |site| {
            let mut bodies = bodies(site);
            let body = bodies.zh.take()?;
            bodies.zh = Some(edit(std::str::from_utf8(&body).unwrap()));
            Some(bodies)
        })
    };
    vec![
        zh("UTF-8 read as GBK", |text| GBK.decode_without_bom_handling(text.as_bytes()).0.into_owned().into_bytes()),
        zh("UTF-8 read as Latin 1", |text| {
            WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned().into_bytes()
        }),
        zh("GBK read as UTF-8", |text| String::from_utf8_lossy(&GBK.encode(text).0).into_owned().into_bytes()),
        zh("non-ASCII characters replaced by question marks", |text| {
            text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect::<String>().into_bytes()
        }),
        zh("non-ASCII characters removed", |text| text.chars().filter(char::is_ascii).collect::<String>().into_bytes()),
        zh("descriptions read as GBK in the table only", |text| {
            let wrong = |line: &str| GBK.decode_without_bom_handling(line.as_bytes()).0.into_owned();
            let line = |line: &str| if line.contains("LMP.") { wrong(line) } else { line.to_owned() };
            text.lines().map(line).collect::<Vec<_>>().join("\n").into_bytes()
        }),
    ]
}

fn duplicates() -> Vec<Damage> {
    let again = |table: &Table| Table { title: format!("{} (2)", table.title), ..table.clone() };
    vec![
        to_text("the page twice", |page| page.repeat(2)),
        to_docs("every table twice", |doc| {
            doc.tables = doc.tables.iter().flat_map(|t| [t.clone(), t.clone()]).collect();
        }),
        to_docs("every table repeated under another title", move |doc| {
            let copies: Vec<Table> = doc.tables.iter().map(again).collect();
            doc.tables.extend(copies);
        }),
        to_docs("every row twice", |doc| {
            for table in &mut doc.tables {
                table.rows = table.rows.iter().flat_map(|row| [row.clone(), row.clone()]).collect();
            }
        }),
        to_docs("the rows of each table twice", |doc| {
            for table in &mut doc.tables {
                table.rows.extend(table.rows.clone());
            }
        }),
    ]
}

/// Returns all damages.
pub(super) fn damages() -> Vec<Damage> {
    [
        truncations(),
        lost_rows(),
        lost_cells(),
        partly_lost_cells(),
        misplaced_cells(),
        other_pages(),
        wall_pages(),
        encoding_errors(),
        duplicates(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

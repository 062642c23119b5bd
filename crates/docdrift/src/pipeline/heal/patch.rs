//! Writing the hints of a source into the text of sources.toml. Comments and layout stay. Pure.

use anyhow::{Context as _, anyhow};
use docdrift_model::{SourceId, read_rules::ReadHints};
use docdrift_parse::format_hints;
use toml_edit::{DocumentMut, Item, TableLike, Value};

/// Writes `hints` as `read` of the source `id` in the text of a sources.toml.
pub(super) fn insert_hints(text: &str, id: &SourceId, hints: &ReadHints) -> anyhow::Result<String> {
    let mut file: DocumentMut = text.parse().context("sources.toml")?;
    let source = find_source(&mut file, id).with_context(|| format!("sources.toml has no [[source]] of {id}"))?;
    let mut new: DocumentMut = format_hints(hints).parse().context("the hints are no TOML")?;
    let new = new.remove("read").ok_or_else(|| anyhow!("there are no hints"))?;
    match source.get_mut("read") {
        None => drop(source.insert("read", new)),
        Some(Item::Value(value)) => replace_value(value, new),
        Some(old) => update_table(old, new)?,
    }
    Ok(file.to_string())
}

fn find_source<'a>(file: &'a mut DocumentMut, id: &SourceId) -> Option<&'a mut dyn TableLike> {
    let is_source = |table: &dyn TableLike| {
        let says = |key: &str, value: &str| table.get(key).and_then(Item::as_str) == Some(value);
        says("vendor", &id.vendor) && says("service", &id.service)
    };
    match file.get_mut("source")? {
        Item::ArrayOfTables(tables) => {
            tables.iter_mut().map(|table| table as &mut dyn TableLike).find(|t| is_source(*t))
        }
        Item::Value(Value::Array(tables)) => {
            let tables = tables.iter_mut().filter_map(Value::as_inline_table_mut);
            tables.map(|table| table as &mut dyn TableLike).find(|table| is_source(*table))
        }
        _ => None,
    }
}

/// Replaces a value and keeps the blanks and comments around it.
fn replace_value(old: &mut Value, new: Item) {
    if let Ok(mut new) = new.into_value() {
        *new.decor_mut() = old.decor().clone();
        *old = new;
    }
}

/// Writes the hints into a table or dotted keys, key by key, so that other keys stay as they are.
fn update_table(old: &mut Item, new: Item) -> anyhow::Result<()> {
    let old = old.as_table_like_mut().context("`read` is no table")?;
    let new = new.into_table().map_err(|_| anyhow!("the hints are no table"))?;
    for (key, value) in new {
        match old.get_mut(&key) {
            Some(Item::Value(known)) if known.is_array() => replace_value(known, value),
            Some(known) if known.is_table_like() && value.is_table_like() => merge_table(known, &value),
            Some(_) => {}
            None => drop(old.insert(&key, value)),
        }
    }
    Ok(())
}

/// Adds the keys that a table lacks.
fn merge_table(old: &mut Item, new: &Item) {
    let (Some(old), Some(new)) = (old.as_table_like_mut(), new.as_table_like()) else { return };
    for (key, value) in new.iter() {
        let is_known = old.get(key).and_then(Item::as_str) == value.as_str();
        if !is_known {
            let mut value = value.clone();
            // It stood in a table on one line, with blanks around it.
            value.as_value_mut().into_iter().for_each(|value| value.decor_mut().clear());
            old.insert(key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use docdrift_model::{Role, SourceId, read_rules::ReadHints};

    use super::insert_hints;

    const HEAD: &str = "# What we watch.\n\n[[source]]\nvendor = \"acme\"\nservice = \"bells\" # loud\n\n";
    const LAMPS: &str = "# The lamps.\n[[source]]\nvendor   =   \"acme\"\nservice = \"lamps\"\n";
    const TAIL: &str = "\n# The ovens.\n[[source]]\nvendor = \"acme\"\nservice = \"ovens\"\n# the end\n";

    fn patch_entry(before: &str, tables: &[&str], columns: &[(&str, Role)]) -> String {
        let hints = ReadHints {
            tables: tables.iter().map(ToString::to_string).collect(),
            columns: columns.iter().map(|(word, role)| ((*word).to_owned(), *role)).collect(),
            ..ReadHints::default()
        };
        let id: SourceId = "acme/lamps".parse().unwrap();
        let text = insert_hints(&format!("{HEAD}{LAMPS}{before}{TAIL}"), &id, &hints).unwrap();
        let rest =
            text.strip_prefix(HEAD).and_then(|text| text.strip_prefix(LAMPS)).expect("the text before the entry stays");
        rest.strip_suffix(TAIL).expect("the text after the entry stays").to_owned()
    }

    #[test]
    fn only_the_hints_change() {
        let code = [("Kennung", Role::Code)];
        for (before, tables, expected) in [
            ("", &["A \"B\""][..], "read = { tables = [\"A \\\"B\\\"\"], columns = { \"Kennung\" = \"code\" } }\n"),
            (
                "read = { tables = [\"Old\"] } # why\nrobots = false\n",
                &["Old", "A"],
                "read = { tables = [\"Old\", \"A\"], columns = { \"Kennung\" = \"code\" } } # why\nrobots = false\n",
            ),
            (
                "read.within = \"main\" # why\n",
                &["A"],
                "read.within = \"main\" # why\nread.tables = [\"A\"]\nread.columns = { \"Kennung\" = \"code\" }\n",
            ),
            (
                "# hints\n[source.read]\ntables = [\"Old\"] # old\n[source.read.columns]\nStatus = \"status\" # so\n",
                &["Old", "A"],
                "# hints\n[source.read]\ntables = [\"Old\", \"A\"] # old\n[source.read.columns]\nStatus = \"status\" # so\n\
                 Kennung = \"code\"\n",
            ),
        ] {
            assert_eq!(patch_entry(before, tables, &code), expected);
        }
    }

    #[test]
    fn an_unknown_source_is_an_error() {
        let id: SourceId = "acme/locks".parse().unwrap();
        let error = insert_hints(HEAD, &id, &ReadHints::default()).unwrap_err();
        assert_eq!(error.to_string(), "sources.toml has no [[source]] of acme/locks");
    }
}

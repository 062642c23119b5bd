use std::collections::BTreeSet;

use docdrift_model::{
    Entry, SourceId,
    text::{digest, published},
};

use crate::matching;

const PREFIX: &str = "sha256:";
const DIGITS: usize = 12;

/// Gives every new entry an id that is unique in its source: the id of the old entry that is the same error; else, for
/// an error that comes back, the id that it had among those that are `gone`; else one made from what the entry is, as
/// `e` and 12 hexadecimal digits. The id of a removed entry goes to no other error.
pub fn assign_ids(source: &SourceId, old: &[Entry], gone: &[Entry], new: &mut [Entry]) {
    let mut taken: BTreeSet<String> = old.iter().chain(gone).map(|entry| entry.id.clone()).collect();
    let mut ids = vec![String::new(); new.len()];
    let mut inherited = BTreeSet::new();
    for (o, n) in matching::entries(old, new).pairs {
        if !old[o].id.is_empty() && inherited.insert(&old[o].id) {
            ids[n].clone_from(&old[o].id);
        }
    }
    // Of several rows of one code that is back, each takes the one most like it.
    let back: Vec<usize> = (0..new.len()).filter(|n| ids[*n].is_empty()).collect();
    let returned: Vec<Entry> = back.iter().map(|n| new[*n].clone()).collect();
    for (g, r) in matching::entries(gone, &returned).pairs {
        let is_free = !old.iter().any(|entry| entry.id == gone[g].id) && gone[g].code == returned[r].code;
        if is_free && !gone[g].id.is_empty() && inherited.insert(&gone[g].id) {
            ids[back[r]].clone_from(&gone[g].id);
        }
    }
    for (id, entry) in ids.iter_mut().zip(&*new) {
        if id.is_empty() {
            *id = fresh(source, entry, &taken);
            taken.insert(id.clone());
        }
    }
    for (entry, id) in new.iter_mut().zip(ids) {
        entry.id = id;
    }
}

fn fresh(source: &SourceId, entry: &Entry, taken: &BTreeSet<String>) -> String {
    // As a digest the message is the same before and after publishing.
    let (zh, en) = (published(&entry.message.zh), published(&entry.message.en));
    let what = format!("{source}\0{}\0{}\0{}\0{zh}\0{en}", entry.table, entry.status, entry.code);
    let numbered = |counter: usize| {
        let hex = digest(format!("{what}\0{counter}").as_bytes());
        format!("e{}", hex.trim_start_matches(PREFIX).chars().take(DIGITS).collect::<String>())
    };
    // One more candidate than ids that are taken.
    (0..=taken.len()).map(numbered).find(|id| !taken.contains(id)).unwrap_or_default()
}

use std::collections::BTreeSet;

use docdrift_model::{
    Entry, SourceId,
    text::{digest, published},
};

use crate::matching::match_entries;

const DIGEST_PREFIX: &str = "sha256:";
/// The number of hexadecimal digits of an id: 48 bits, so that a source of ten thousand entries practically never
/// needs a second candidate.
const ID_DIGITS: usize = 12;

/// Gives every new entry an id that is unique in its source.
///
/// An entry keeps the id of the old entry that is the same error. An error that returns gets its id returning from
/// `removed`. Any other entry gets a new id: `e` and 12 hexadecimal digits, derived from its content. The id of a
/// removed entry is never given to another error.
pub fn assign_ids(source: &SourceId, old: &[Entry], removed: &[Entry], new: &mut [Entry]) {
    let mut taken: BTreeSet<String> = old.iter().chain(removed).map(|entry| entry.id.clone()).collect();
    let mut ids = vec![String::new(); new.len()];
    let mut inherited = BTreeSet::new();
    for (o, n) in match_entries(old, new).pairs {
        if !old[o].id.is_empty() && inherited.insert(&old[o].id) {
            ids[n].clone_from(&old[o].id);
        }
    }
    // Where several rows of a returning code compete, each takes the id of the most similar removed row.
    let returning: Vec<usize> = (0..new.len()).filter(|n| ids[*n].is_empty()).collect();
    let returned: Vec<Entry> = returning.iter().map(|n| new[*n].clone()).collect();
    for (o, r) in match_entries(removed, &returned).pairs {
        let is_free = !old.iter().any(|entry| entry.id == removed[o].id) && removed[o].code == returned[r].code;
        if is_free && !removed[o].id.is_empty() && inherited.insert(&removed[o].id) {
            ids[returning[r]].clone_from(&removed[o].id);
        }
    }
    for (id, entry) in ids.iter_mut().zip(&*new) {
        if id.is_empty() {
            *id = new_id(source, entry, &taken);
            taken.insert(id.clone());
        }
    }
    for (entry, id) in new.iter_mut().zip(ids) {
        entry.id = id;
    }
}

fn new_id(source: &SourceId, entry: &Entry, taken: &BTreeSet<String>) -> String {
    // The digest of a message is the same before and after publishing.
    let (zh, en) = (published(&entry.message.zh), published(&entry.message.en));
    let identity = format!("{source}\0{}\0{}\0{}\0{zh}\0{en}", entry.table, entry.status, entry.code);
    let numbered = |counter: usize| {
        let hex = digest(format!("{identity}\0{counter}").as_bytes());
        format!("e{}", hex.trim_start_matches(DIGEST_PREFIX).chars().take(ID_DIGITS).collect::<String>())
    };
    // One candidate more than there are taken ids, so one is always free.
    (0..=taken.len()).map(numbered).find(|id| !taken.contains(id)).unwrap_or_default()
}

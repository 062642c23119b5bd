//! Fuzzes the text reader: it never panics, and every row of an error table is as wide as its header.
#![no_main]

use docdrift_model::{Page, ReadRules};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let body = data.to_vec();
    let page = Page { url: String::new(), fetched_at: String::new(), status: None, headers: Vec::new(), body };
    for table in docdrift_parse::read(&page, &ReadRules::default()).tables {
        assert_eq!(table.header.len(), table.roles.len());
        assert!(table.rows.iter().all(|row| row.len() == table.header.len()));
    }
});

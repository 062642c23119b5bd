//! Pages that look right and lack entries that they had.

use crate::{
    hostile::{
        page::{Lang, Row, good_page, good_rows, other_rows, render_page, render_table},
        route::{
            Expected::{Quarantined, Unchanged},
            Route, VALIDATORS,
        },
    },
    reply::Reply,
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new("shrinks", "has every other row only", Quarantined, |_| edited(|rows| keep(rows, |n| n % 2 == 0))),
        Route::new("shrinks-at-random", "has other rows at each request", Quarantined, |request| {
            let start = usize::from(request.port) + request.received.attempt;
            edited(|rows| keep(rows, |n| (n * 7 + start) % 5 < 3))
        }),
        Route::new("half-with-etag", "has half of the rows under the ETag of the whole page", Quarantined, |_| {
            let mut rows = good_rows(Lang::En);
            rows.truncate(20);
            Reply::page_with(VALIDATORS, render_page(Lang::En, &rows))
        }),
        Route::new("half-loaded", "has the first ten rows only", Quarantined, |_| edited(|rows| rows.truncate(10))),
        Route::new("no-rows", "has the headings and no rows", Quarantined, |_| edited(Vec::clear)),
        Route::new("no-table", "has all but the table", Quarantined, |_| {
            Reply::page(good_page(Lang::En).replace(&render_table(Lang::En, &good_rows(Lang::En)), "<p>Loading…</p>\n"))
        }),
        Route::new("emptied-cells", "has all descriptions empty", Quarantined, |_| {
            edited(|rows| rows.iter_mut().for_each(|row| row[3].clear()))
        }),
        Route::new("emptied-rows", "has all cells but the codes empty", Quarantined, |_| {
            edited(|rows| rows.iter_mut().for_each(|row| [0, 2, 3, 4].into_iter().for_each(|at| row[at].clear())))
        }),
        Route::new("placeholders", "has skeletons in place of descriptions and solutions", Quarantined, |_| {
            edited(|rows| rows.iter_mut().for_each(|row| [3, 4].into_iter().for_each(|at| row[at] = "…".into())))
        }),
        Route::new("one-text-for-all", "has the same sentence in every description", Quarantined, |_| {
            edited(|rows| rows.iter_mut().for_each(|row| row[3] = "An error came up.".into()))
        }),
        Route::new("slipped", "has the descriptions one row too low", Quarantined, |_| {
            edited(|rows| {
                let texts: Vec<String> = rows.iter().map(|row| row[3].clone()).collect();
                rows.iter_mut().zip(texts.into_iter().cycle().skip(39)).for_each(|(row, text)| row[3] = text);
            })
        }),
        Route::new("statuses-lost", "has no HTTP statuses", Quarantined, |_| {
            edited(|rows| rows.iter_mut().for_each(|row| row[0].clear()))
        }),
        Route::new("other-service", "is the page of another service", Quarantined, |_| {
            Reply::page(render_page(Lang::En, &other_rows()))
        }),
        Route::new("other-language", "is the page in the other language", Quarantined, |_| {
            Reply::page(good_page(Lang::Zh))
        }),
        Route::new("doubled", "has the whole page twice", Unchanged, |_| Reply::page(good_page(Lang::En).repeat(2))),
        Route::new("shuffled", "has the rows in another order", Unchanged, |_| edited(|rows| rows.reverse())),
        Route::new("garbled-codes", "has every code masked", Quarantined, |_| {
            edited(|rows| rows.iter_mut().for_each(|row| row[1] = "****".into()))
        }),
    ]
}

/// The good page with edited rows.
fn edited(edit: impl FnOnce(&mut Vec<Row>)) -> Reply {
    let mut rows = good_rows(Lang::En);
    edit(&mut rows);
    Reply::page(render_page(Lang::En, &rows))
}

fn keep(rows: &mut Vec<Row>, is_kept: impl Fn(usize) -> bool) {
    let mut at = 0;
    rows.retain(|_| {
        at += 1;
        is_kept(at)
    });
}

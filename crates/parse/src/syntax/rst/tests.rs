use std::time::{Duration, Instant};

use docdrift_model::WarningKind;

use super::{is_rst, read};
use crate::syntax::testing::{only_table, outline, rows};

/// Compares pages with the outline of their blocks.
fn check(cases: &[(&str, &[&str])]) {
    for (page, expected) in cases {
        assert_eq!(outline(&read(page)), *expected, "{page}");
    }
}

#[test]
fn reads_sections() {
    check(&[
        ("Lamps\n=====\n\nBright\n------\n\nDim\n---\n\nDark\n====\n", &["h1 Lamps", "h2 Bright", "h2 Dim", "h1 Dark"]),
        ("=====\n Top\n=====\n\nInner\n=====\n", &["h1 Top", "h2 Inner"]),
        ("错误码\n======\n\n短标题很长很长\n====\n", &["h1 错误码", "h1 短标题很长很长"]),
        ("One\n\n-----\n\nTwo\n", &["p One", "p Two"]),
        ("``A.1`` and *more*\n******************\n", &["h1 A.1 and more"]),
        ("Too short a title\n==\n", &["p Too short a title =="]),
    ]);
}

#[test]
fn reads_paragraphs_and_quotes() {
    check(&[
        ("One line\nand another.\n\nNext.\n", &["p One line and another.", "p Next."]),
        ("Before.\n\n   Quoted\n   text.\n\nAfter.", &["p Before.", "p Quoted text.", "p After."]),
        ("**Errors**\n\n**Bold** first.\n\n``code``\n", &["h7 Errors", "p Bold^ first.", "p code^"]),
        ("| first line\n| second\n  goes on\n|\n| third\n", &["p first line", "p second goes on", "p third"]),
    ]);
}

#[test]
fn reads_lists() {
    check(&[
        (
            "* one\n  goes on\n\n  more\n* two\n\n  - inner\n\nAfter.",
            &["i1 one goes on", "p1 more", "i1 two", "i2 inner", "p After."],
        ),
        (
            "1. one\n2. two\n#. three\n\n(a) first\n(b) second\n\ni) x\nii) y",
            &["i1 one", "i1 two", "i1 three", "i1 first", "i1 second", "i1 x", "i1 y"],
        ),
        ("404. Not a list.\n\n1. A sentence that\nwraps.\n", &["p 404. Not a list.", "p 1. A sentence that wraps."]),
        ("- ``A.1``: broken\n- **A.2** worn\n- -5\n-\n", &["i1 A.1^: broken", "i1 A.2^ worn", "i1 -5", "p -"]),
        (
            "A.1\n   It broke.\n\n   Replace it.\n``A.2`` : int\n   Worn.\n",
            &["t1 A.1", "d1 It broke.", "d1 Replace it.", "t1 A.2^ : int", "d1 Worn."],
        ),
        (":Code: A.1\n:Cause: It is\n   dark.\n:orphan:\n", &["t1 Code", "d1 A.1", "t1 Cause", "d1 It is dark."]),
    ]);
}

#[test]
fn reads_literal_blocks() {
    check(&[
        (
            "Like this::\n\n    {\n      \"a\": 1\n\n    }\n\nAfter.",
            &["p Like this:", "s {\n  \"a\": 1\n\n}", "p After."],
        ),
        ("So ::\n\n  x\n\n::\n\n  y\n", &["p So", "s x", "s y"]),
        ("Quoted::\n\n> a\n> b\n\nEnd.", &["p Quoted:", "s > a\n> b", "p End."]),
        (".. code-block:: json\n   :linenos:\n\n   {}\n\n.. code::\n\n   x\n", &["s {}", "s x"]),
        (">>> lamp()\n1\n\nEnd.", &["s >>> lamp()\n1", "p End."]),
    ]);
}

#[test]
fn reads_directives_and_comments() {
    check(&[
        (".. Licensed to nobody\n   under no licence.\n\nText.", &["p Text."]),
        ("..\n   A comment.\n\n..\n\n   A quote.\n", &["p A quote."]),
        (
            ".. note:: Take care\n   of it.\n\n.. warning::\n\n   Hot.\n\n   Very.\n",
            &["p Take care of it.", "p Hot.", "p Very."],
        ),
        (".. admonition:: Title\n   :class: x\n\n   Text.\n", &["h7 Title", "p Text."]),
        (".. unheard-of:: argument\n   :option: x\n\n   Its text.\n\n.. toctree::\n\n   other\n", &["p Its text."]),
        (".. c:macro:: E_DARK\n\n   No light.\n", &["t1 E_DARK", "d1 No light."]),
        (".. _lamp: https://example.com/\n.. __: x\n__ y\n\nSee lamp_ and E_.", &["p See lamp and E_."]),
        (".. [1] A footnote\n   in two lines.\n.. [CIT] Cited.\n", &["p A footnote in two lines.", "p Cited."]),
        (".. image:: x.png\n   :alt: y\n\n.. figure:: z.png\n\n   The caption.\n", &["p The caption."]),
        (".. glossary::\n\n   lamp\n      A light.\n", &["t1 lamp", "d1 A light."]),
    ]);
}

#[test]
fn renders_inline_markup() {
    for (markup, visible) in [
        ("a ``b *c*`` d", "a b *c* d"),
        ("*em* and **strong**, `title`", "em and strong, title"),
        ("`the lamp <https://example.com/>`_ or `<https://x.y>`__", "the lamp or https://x.y"),
        (":ref:`The lamp <lamp>` :doc:`lamps` :py:class:`~a.b.C` `c`:code:", "The lamp lamps C c"),
        ("a [1]_, b [#name]_ and c [CIT]_", "a, b and c [CIT]"),
        ("re\\ *struct*\\ ured \\*no\\* 2\\_3", "restructured *no* 2_3"),
        ("|lamp| and |other| stay", "a lamp and |other| stay"),
        ("2 * 3 * 4, \"*\", a*b*c, x_, __init__", "2 * 3 * 4, \"*\", a*b*c, x_, __init__"),
        ("中文``代码``中文", "中文代码中文"),
        ("open ``never closed", "open ``never closed"),
        ("one |br| two", "one\ntwo"),
        ("a _`target` b", "a target b"),
        ("https://example.com/a_b_", "https://example.com/a_b_"),
    ] {
        let page = format!("{markup}\n\n.. |lamp| replace:: a *lamp*\n.. |br| raw:: html\n\n   <br/>\n");
        assert_eq!(outline(&read(&page)), [format!("p {visible}")], "{markup}");
    }
}

#[test]
fn reads_grid_tables() {
    let table = only_table(read(concat!(
        "+--------+-------+------------+\n",
        "| Status | Code  | Message    |\n",
        "+========+=======+============+\n",
        "| 400    | A.1   | one        |\n",
        "|        |       | and more   |\n",
        "|        |       |            |\n",
        "|        |       | * item     |\n",
        "|        +-------+------------+\n",
        "|        | ``B`` | 两行 a+-b  |\n",
        "+--------+-------+------------+\n",
        "| 404    | spans both         |\n",
        "+--------+--------------------+\n",
        "| across                      |\n",
        "+--------+-------+------------+\n",
        "| 500    | -     |            |\n",
        "+--------+-------+------------+\n",
    )));
    assert_eq!(
        rows(&table),
        [
            "Status|Code|Message",
            "400|A.1|one and more\nitem",
            "400|B|两行 a+-b",
            "404|spans both|spans both",
            "across|across|across",
            "500|-|"
        ]
    );
    assert_eq!((table.head, table.across), (1, Some(vec![4])));
}

#[test]
fn repeats_the_text_of_a_cell_that_spans_rows() {
    let table = only_table(read("+---+---+\n| a | b |\n|   +---+\n| c | d |\n+---+---+\n"));
    assert_eq!(rows(&table), ["a\nc|b", "a\nc|d"]);
    assert_eq!(table.head, 0);
}

#[test]
fn reads_a_table_inside_a_cell() {
    let table = only_table(read(
        "+-----------+---+\n| +--+--+   | x |\n| |a |b |   |   |\n| +--+--+   |   |\n+-----------+---+\n",
    ));
    assert_eq!(rows(&table), ["|x"]);
    assert_eq!(rows(&table.inner[0]), ["a|b"]);
}

#[test]
fn reads_simple_tables() {
    for indent in ["", "   "] {
        let drawn = [
            "======  =====  =========",
            "   Key         Message",
            "-------------  ---------",
            "Status  Code",
            "======  =====  =========",
            "400     A.1    one",
            "               and more",
            "",
            "               - item",
            "",
            "404     A.2    两行 text",
            "\\       x      blank first",
            "------------------------",
            "500     A.3    runs over the edge",
            "======  =====  =========",
        ];
        let page: Vec<String> = drawn.iter().map(|line| format!("{indent}{line}")).collect();
        let table = only_table(read(&page.join("\n")));
        assert_eq!(
            rows(&table),
            [
                "Key|Key|Message",
                "Status|Code|",
                "400|A.1|one and more\nitem",
                "404|A.2|两行 text",
                "x blank first|x blank first|x blank first",
                "500|A.3|runs over the edge"
            ]
        );
        assert_eq!(table.head, 2);
    }
    let bare = only_table(read("== ==\na  b\n\nc  d\n== ==\n\nText."));
    assert_eq!((rows(&bare), bare.head), (vec!["a|b".to_owned(), "c|d".to_owned()], 0));
}

#[test]
fn rejects_a_table_with_a_word_across_columns() {
    check(&[("== ==\nab  c\nabcde\n== ==\n", &["p == == ab c abcde == =="])]);
}

#[test]
fn reads_tables_of_directives() {
    let grid = only_table(read(
        ".. table:: The *lamps*\n   :widths: auto\n\n   == ==\n   a  b\n   == ==\n   c  d\n   == ==\n",
    ));
    assert_eq!((grid.caption.as_deref(), grid.head), (Some("The lamps"), 1));
    let list = only_table(read(
        concat!(
            "   .. list-table:: Lamps\n      :header-rows: 1\n      :widths: 1 2\n\n",
            "      * - Status\n        - Code\n      * - 400\n        - A.1\n          goes on\n\n",
            "          - inner\n          - items\n      *\n        - 404\n        -\n\n   Text.\n"
        )
        .trim_end_matches("   Text.\n"),
    ));
    assert_eq!(rows(&list), ["Status|Code", "400|A.1 goes on\ninner\nitems", "404|"]);
    assert_eq!((list.caption.as_deref(), list.head), (Some("Lamps"), 1));
    let flat = only_table(read(concat!(
        ".. flat-table::\n   :header-rows: 1\n\n",
        "   * - :cspan:`1` both\n     - c\n   * - :rspan:`1` down\n     - x\n     - y\n   * - z\n     - w\n"
    )));
    assert_eq!(rows(&flat), ["both|both|c", "down|x|y", "down|z|w"]);
    let csv = only_table(read(concat!(
        ".. csv-table:: Lamps\n   :header: \"Code\", \"Message, long\"\n   :widths: 1, 2\n\n",
        "   A.1, \"say \"\"no\"\"\"\n   ``A.2``,\"two\n   lines\"\n"
    )));
    assert_eq!(rows(&csv), ["Code|Message, long", "A.1|say \"no\"", "A.2|two lines"]);
    assert_eq!((csv.caption.as_deref(), csv.head), (Some("Lamps"), 1));
    let delimited = only_table(read(".. csv-table::\n   :header-rows: 1\n   :delim: ;\n\n   a;b\n   c;d\n"));
    assert_eq!((rows(&delimited), delimited.head), (vec!["a|b".to_owned(), "c|d".to_owned()], 1));
}

#[test]
fn records_source_lines() {
    let document = read("Title\n=====\n\nText\nmore.\n\n* item\n");
    let spans: Vec<(usize, usize)> = document.blocks.iter().map(|block| (block.span.first, block.span.last)).collect();
    assert_eq!(spans, [(1, 2), (4, 5), (7, 7)]);
}

#[test]
fn detects_the_format() {
    for page in [
        "Lamps\n=====\n\n.. note:: Hot.\n",
        "See :ref:`lamp`.\n\n.. _lamp:\n",
        "错误码\n======\n\nSee also :doc:`overview`.\n\n== ==\na  b\n== ==\n",
    ] {
        assert!(is_rst(page), "{page}");
    }
    for page in [
        "",
        "Lamps\n=====\n\n== ==\na  b\n== ==\nc  d\n== ==\n",
        "+---+---+\n| a | b |\n+===+===+\n| c | d |\n+---+---+\n",
        "# Lamps\n\n.. note:: Hot.\n",
        "Title\n=====\n\n```rst\n.. note:: Hot.\n.. code-block:: x\n```\n",
        "<p>.. note:: Hot.</p>\n.. note:: x\n",
        "Lamps\n=====\n\nSome ``code`` and a list:\n\n* one\n",
        "Wait for it .. and go.\n.. then stop\n",
    ] {
        assert!(!is_rst(page), "{page}");
    }
}

#[test]
fn reads_hostile_pages_fast() {
    const SIZE: usize = 1 << 18;
    let deep: String = (0..2000).flat_map(|n| ["  ".repeat(n), "* x\n\n".to_owned()]).collect();
    let steps: String = (0..1200).flat_map(|n| [" ".repeat(n), "x\n".to_owned()]).collect();
    let pages = [
        "|".repeat(SIZE),
        "| \n".repeat(SIZE / 3),
        "+-".repeat(SIZE / 2),
        "+-+\n".repeat(SIZE / 4),
        "+-+\n| |\n".repeat(SIZE / 8),
        format!("{}+\n{}+\n{}+\n", "+-".repeat(1000), "| ".repeat(1000), "+-".repeat(1000)),
        " ".repeat(SIZE),
        " \n\t".repeat(SIZE / 3),
        "*a ".repeat(SIZE / 3),
        "``a ".repeat(SIZE / 4),
        "`a |b :c:`d ".repeat(SIZE / 12),
        "= =\n".repeat(SIZE / 4),
        "== ==\na\n\n".repeat(SIZE / 9),
        "= ".repeat(SIZE / 2),
        ".. list-table::\n\n".repeat(SIZE / 17),
        format!(".. list-table::\n\n{}", "   * - a\n".repeat(SIZE / 9)),
        format!(".. flat-table::\n\n{}", "   * - :cspan:`250` :rspan:`60000` a\n".repeat(SIZE / 38)),
        format!(".. csv-table::\n\n   {}", "a,".repeat(SIZE / 2)),
        format!(".. |a| replace:: {}\n\n{}", "x".repeat(SIZE / 2), "|a| ".repeat(SIZE / 8)),
        "a::\n\n".repeat(SIZE / 5),
        ":a: ".repeat(SIZE / 4),
        "[a]_ _`".repeat(SIZE / 7),
        "..\n".repeat(SIZE / 3),
        "(i) ".repeat(SIZE / 4),
        "(i) a\n".repeat(SIZE / 6),
        deep,
        steps,
    ];
    for page in pages {
        let start = Instant::now();
        let _ = (read(&page), is_rst(&page));
        let name: String = page.chars().take(30).collect();
        assert!(start.elapsed() < Duration::from_secs(10), "{name:?}: {:?}", start.elapsed());
    }
}

#[test]
fn reports_deep_nesting() {
    let page: String = (0..40).flat_map(|n| ["  ".repeat(n), "* x\n\n".to_owned()]).collect();
    assert_eq!(read(&page).warnings[0].kind, WarningKind::TooDeep);
}

use std::time::{Duration, Instant};

use docdrift_model::WarningKind;

use super::{is_asciidoc, read};
use crate::syntax::testing::{only_table, outline, rows};

/// Compares pages with the outline of their blocks.
fn check(cases: &[(&str, &[&str])]) {
    for (page, expected) in cases {
        assert_eq!(outline(&read(page)), *expected, "{page}");
    }
}

#[test]
fn reads_titles_and_attributes() {
    check(&[
        (
            "= Lamps\nAnn Author\nv1.0, 2024-01-02\n:product: Lux\n\n== About {product}\n\n{product} and {unknown}.",
            &["h1 Lamps", "p Ann Author", "p v1.0, 2024-01-02", "h2 About Lux", "p Lux and {unknown}."],
        ),
        ("=== Deep ===\n\n## Hashes\n\n[discrete]\n==== Four\n", &["h3 Deep", "h2 Hashes", "h4 Four"]),
        ("Lamps\n=====\n\nBright\n------\n\nText.", &["h1 Lamps", "h2 Bright", "p Text."]),
        (":a: one \\\ntwo\n:b: x\n:b!:\n\n{a} {b}", &["p one two {b}"]),
        ("---\ntitle: x\n---\n= Lamps\n", &["h1 Lamps"]),
        ("// comment\n////\nhidden\n////\nText\n// inside\nmore.", &["p Text more."]),
        (
            "ifdef::x[]\nKept.\nendif::[]\n\ninclude::other.adoc[]\n\nimage::x.png[Alt]\n\n'''\n\nEnd.",
            &["p Kept.", "p End."],
        ),
    ]);
}

#[test]
fn reads_paragraphs_and_blocks() {
    check(&[
        ("One line\nand another. +\nBroken.\n\nNext.", &["p One line and another.\nBroken.", "p Next."]),
        ("NOTE: Take\ncare.\n\n[WARNING]\n====\nHot.\n\nVery.\n====\n", &["p Take care.", "p Hot.", "p Very."]),
        (
            "[source,json]\n----\n{\"a\": 1} // <1>\n\n|===\n----\n<1> A number.\n",
            &["s {\"a\": 1}\n\n|===", "i1 A number."],
        ),
        (
            "....\nliteral\n....\n\n```json\n{}\n```\n\n[listing]\nplain\ncode\n\n indented\n  more",
            &["s literal", "s {}", "s plain\ncode", "s indented\n more"],
        ),
        (".The title\n----\nx\n----\n", &["h7 The title", "s x"]),
        ("*Errors*\n\n*Bold* first.\n", &["h7 Errors", "p Bold^ first."]),
        ("++++\n<b>x</b>\n++++\n\n[[anchor]]\n[#id.role]\nText.", &["p Text."]),
        ("[A sentence in brackets.]\n", &["p [A sentence in brackets.]"]),
    ]);
}

#[test]
fn reads_lists() {
    check(&[
        (
            "* one\ngoes on\n** inner\n* two\n+\nattached\n\nAfter.",
            &["i1 one goes on", "i2 inner", "i1 two", "p1 attached", "p After."],
        ),
        (". one\n.. a\n. two\n\n- x\n\n1. y\n2. z\n", &["i1 one", "i2 a", "i1 two", "i2 x", "i3 y", "i3 z"]),
        ("* `A.1`: broken\n* *A.2* worn\n* [x] done\n", &["i1 A.1^: broken", "i1 A.2^ worn", "i1 done"]),
        (
            "A.1:: It broke.\n`A.2`::\n  Worn\n  out.\nA.3::\n\nGone.\n\nText.",
            &["t1 A.1", "d1 It broke.", "t1 A.2^", "d1 Worn out.", "t1 A.3", "d1 Gone.", "p Text."],
        ),
        ("a::\nb::: inner\nc:: x\n", &["t1 a", "t2 b", "d2 inner", "t1 c", "d1 x"]),
        ("* one\n+\n--\nin the block\n\nstill\n--\n* two\n", &["i1 one", "p1 in the block", "p1 still", "i1 two"]),
        ("call std::sort(x) or a::b", &["p call std::sort(x) or a::b"]),
    ]);
}

#[test]
fn renders_inline_markup() {
    for (markup, visible) in [
        ("*strong* _em_ `code` +mono+ #mark# x^2^ H~2~O", "strong em code mono mark x2 H2O"),
        ("un**bound**ed s_o_me a*b*c 2 * 3 * 4", "unbounded s_o_me a*b*c 2 * 3 * 4"),
        (
            "link:a.html[the lamp] https://example.com/[here^] https://x.y/ mailto:a@b.c[]",
            "the lamp here https://x.y/ a@b.c",
        ),
        ("https://x.y[\"a, b\",window=_blank] link:c[d,role=x] link:e[]", "a, b d e"),
        ("<<ref,the text>> <<#ref>> xref:x.adoc#y[Y] <https://x.y>", "the text ref Y https://x.y"),
        ("[[anchor]]text footnote:[hidden], pass:[*raw*] kbd:[Ctrl]", "text, *raw* Ctrl"),
        ("[.red]#text# ((term)) (((a,b)))end", "text term end"),
        ("a{nbsp}b {lt}x{gt} {vbar} &#124; &lt;", "a b <x> | | <"),
        ("\\*no\\* \\{nbsp} C:\\dir", "*no* {nbsp} C:\\dir"),
        ("`+raw *x*+` ``a`b`` `A_*` `{nbsp}x`", "raw *x* a`b A_* x"),
        ("open `never and *closed", "open `never and *closed"),
        ("_*both* kinds_ ok, * * *", "both kinds ok, * * *"),
    ] {
        assert_eq!(outline(&read(&format!("x {markup}"))), [format!("p x {visible}")], "{markup}");
    }
}

#[test]
fn reads_tables_of_cells() {
    for (source, expected, head) in [
        (
            "|===\n|Code |Message\n\n|A.1 |one\n|A.2\n|two\nlines\n|===",
            vec!["Code|Message", "A.1|one", "A.2|two lines"],
            1,
        ),
        ("|===\n|Code |Message\n|A.1 |one\n|===", vec!["Code|Message", "A.1|one"], 0),
        ("[options=\"header\"]\n|===\n|Code |Message\n|A.1 |one\n|===", vec!["Code|Message", "A.1|one"], 1),
        ("[%header,cols=\"1,2\"]\n|====\n|Code\n|Message\n|A.1\n|one\n|====", vec!["Code|Message", "A.1|one"], 1),
        ("[cols=2*]\n|===\n|a|b|c|d\n|===", vec!["a|b", "c|d"], 0),
        (
            "[cols=\"1,1,1\"]\n|===\n2+|wide |x\n.2+|down |a |b\n|c |d\n3+h|across\n|===",
            vec!["wide|wide|x", "down|a|b", "down|c|d", "across|across|across"],
            0,
        ),
        ("[cols=\"2\"]\n|===\n|a\n3*|x\n|===", vec!["a", "x", "x", "x"], 0),
        (
            "[cols=\"1m,1a\"]\n|===\n|A\\|1 |* one\n* two\n\n!===\n!n !m\n!===\n|b ^.>s|c\n|===",
            vec!["A|1|one\ntwo", "b|c"],
            0,
        ),
        ("|===\n|a |first\n\nsecond +\nbroken\n|===", vec!["a|first\nsecond\nbroken"], 0),
        ("[%noheader]\n|===\n|a |b\n\n|c |d\n|===", vec!["a|b", "c|d"], 0),
        ("[cols=\"1,1\"]\n|===\n|a\n\n|b\n|c |d\n|===", vec!["a|b", "c|d"], 0),
        (",===\na,\"b, c\"\n\n*d*,e\n,===", vec!["a|b, c", "d|e"], 1),
        (":===\na:b\\:c\nd:e\n:===", vec!["a|b:c", "d|e"], 0),
        ("[format=csv,options=header]\n|===\na,b\nc,d\n|===", vec!["a|b", "c|d"], 1),
        ("|===\n|`A.1` |xref:x[see] {nbsp}x\n|===", vec!["A.1|see x"], 0),
    ] {
        let table = only_table(read(source));
        assert_eq!(
            (rows(&table), table.head),
            (expected.iter().map(|row| (*row).to_owned()).collect(), head),
            "{source}"
        );
    }
}

#[test]
fn reads_captions_and_headers_of_tables() {
    let table = only_table(read(".The *lamps*\n[cols=\"1,1\"]\n|===\n2+|across\n|a |b\n|c\n|==="));
    assert_eq!(table.caption.as_deref(), Some("The lamps"));
    assert_eq!(table.across, Some(vec![0]));
    assert_eq!(table.uncertain[0].0, 2);
    let nested = only_table(read("[cols=\"1a\"]\n|===\n|\n!===\n!n !m\n!===\n|==="));
    assert_eq!(rows(&nested.inner[0]), ["n|m"]);
    assert_eq!(read("|===\n|a |b\n").warnings[0].kind, WarningKind::Truncated);
}

#[test]
fn records_source_lines() {
    let document = read("= Title\n\nText\nmore.\n\n* item\n\n|===\n|a\n|===\n");
    let spans: Vec<(usize, usize)> = document.blocks.iter().map(|block| (block.span.first, block.span.last)).collect();
    assert_eq!(spans, [(1, 1), (3, 4), (6, 6), (8, 10)]);
}

#[test]
fn detects_the_format() {
    for page in [
        "= Lamps\n:toc:\n\nText.",
        "== Errors\n\n|===\n|Code |Text\n|===\n",
        "[[errors]]\n== Errors\n\nText.",
        "---\nx: y\n---\n= Lamps\n\n[source,json]\n----\n{}\n----\n",
    ] {
        assert!(is_asciidoc(page), "{page}");
    }
    for page in [
        "",
        "# Lamps\n\n|===\n|a\n|===\n",
        "== Wiki ==\n\nText with [[a link]].\n\n=== More ===\n",
        "Lamps\n=====\n\n```adoc\n= Lamps\n:toc:\n|===\n|===\n```\n",
        "<p>\n|===\n|===\n= x\n</p>",
        "a = b\n== c\n",
        "| a | b |\n|---|---|\n|===\n|===\n",
        "Lamps\n=====\n\n.. note:: Hot.\n\n|===\n|===\n",
    ] {
        assert!(!is_asciidoc(page), "{page}");
    }
}

#[test]
fn reads_hostile_pages_fast() {
    const SIZE: usize = 1 << 18;
    let pages = [
        "|".repeat(SIZE),
        format!("|===\n{}", "|".repeat(SIZE)),
        format!("|===\n{}", "|\n".repeat(SIZE / 2)),
        "|===\n".repeat(SIZE / 5),
        format!("[cols=\"99999999*\"]\n|===\n{}", "250.60000+|a ".repeat(SIZE / 13)),
        format!("|===\n99999999*|{}\n", "x".repeat(SIZE)),
        format!("[cols=200*a]\n|===\n{}", "|!===\n!x\n!===\n".repeat(SIZE / 14)),
        "+-".repeat(SIZE / 2),
        " ".repeat(SIZE),
        " \n\t".repeat(SIZE / 3),
        "*a ".repeat(SIZE / 3),
        "`a _b #c ^d ~e ".repeat(SIZE / 15),
        "link:".repeat(SIZE / 5),
        "link:a[".repeat(SIZE / 7),
        "pass:".repeat(SIZE / 5),
        "[[a[.b]#".repeat(SIZE / 8),
        "<<a (((b {c &d".repeat(SIZE / 14),
        format!(":a: {}\n\n{}", "x".repeat(SIZE / 2), "{a}".repeat(SIZE / 6)),
        "a::\n".repeat(SIZE / 4),
        "a:: ".repeat(SIZE / 4),
        "* a\n".repeat(SIZE / 4),
        "* a\n+\n--\n".repeat(SIZE / 9),
        "----\n".repeat(SIZE / 5),
        "====\n".repeat(SIZE / 5),
        "////\n".repeat(SIZE / 5 - 1),
        "[a]\n.b\n".repeat(SIZE / 7),
        format!("----\n{}\n----", " <1>".repeat(SIZE / 4)),
    ];
    for page in pages {
        let start = Instant::now();
        let _ = (read(&page), is_asciidoc(&page));
        let name: String = page.chars().take(30).collect();
        assert!(start.elapsed() < Duration::from_secs(10), "{name:?}: {:?}", start.elapsed());
    }
}

//! Aligns real pages, as they are and damaged, and compares the pairs with labels made by people.

mod support;

use support::damage::{self, Dice};
use support::{Case, Score, cases, judge_pairs, score};

fn total<'a>(cases: impl IntoIterator<Item = &'a Case>, wrong: &mut Vec<String>) -> Score {
    let mut total = Score::default();
    for case in cases {
        total.add(score(case, wrong));
    }
    total
}

#[test]
fn aligns_undamaged_pages() {
    let cases = cases();
    let mut wrong = Vec::new();
    let score = total(&cases, &mut wrong);
    eprintln!("F1 {:.4} unpaired {:.4}\n{}", score.f1(), score.unpaired(), wrong.join("\n"));
    assert!(score.f1() >= 0.998, "{}", wrong.join("\n"));
    assert!(score.unpaired() >= 0.98, "{}", wrong.join("\n"));
}

#[test]
fn pairs_identity_center_row_by_row() {
    let cases = cases();
    for case in cases.iter().filter(|case| case.name == "identity-center") {
        let mut wrong = Vec::new();
        let score = score(case, &mut wrong);
        assert_eq!((score.right, score.found, score.expected), (285, 285, 285), "{}", wrong.join("\n"));
    }
}

type Damage = fn(&mut Case, &mut Dice);

/// Name, damage, minimum F1 and minimum share of unpaired rows.
const DAMAGES: &[(&str, Damage, f64, f64)] = &[
    ("shuffled rows", damage::shuffle_rows, 0.998, 0.98),
    ("rows missing in en", damage::delete_from_en, 0.998, 0.98),
    // Rows that lost their partners on different pages may resemble each other.
    ("rows missing in both", damage::delete_from_both, 0.995, 0.96),
    ("mistyped codes", damage::mistype_codes, 0.998, 0.98),
    ("mistyped digits", damage::mistype_digits, 0.998, 0.96),
    ("flattened codes", damage::flatten_codes, 0.998, 0.98),
    ("changed statuses", damage::change_statuses, 0.998, 0.98),
    ("no statuses in en", damage::blank_statuses, 0.998, 0.98),
    ("permuted columns", damage::permute_columns, 0.998, 0.98),
    ("mislabelled texts", damage::mislabel_texts, 0.998, 0.98),
    ("mislabelled keys", damage::mislabel_keys, 0.998, 0.98),
    ("full-width characters", damage::full_width, 0.998, 0.98),
    // A row without its message matches the right one among several errors of one code only by chance.
    ("blank messages in zh", damage::blank_messages, 0.995, 0.88),
    ("translated messages in zh", damage::translate_messages, 0.995, 0.88),
    ("split tables", damage::split_tables, 0.998, 0.98),
    ("ragged rows", damage::ragged, 0.998, 0.98),
    ("all at once", damage::all_at_once, 0.995, 0.98),
    ("shuffled, blank messages", damage::shuffle_and_blank, 0.985, 0.88),
    ("shuffled, translated messages", damage::shuffle_and_translate, 0.985, 0.88),
];

#[test]
fn aligns_damaged_pages() {
    let cases = cases();
    let mut failed = Vec::new();
    for (name, damage, f1, unpaired) in DAMAGES {
        let mut wrong = Vec::new();
        let mut sum = Score::default();
        for seed in 1..=2 {
            let mut dice = Dice::new(seed);
            let damaged: Vec<Case> = cases
                .iter()
                .cloned()
                .map(|mut case| {
                    damage(&mut case, &mut dice);
                    case
                })
                .collect();
            sum.add(total(&damaged, &mut wrong));
        }
        eprintln!(
            "{name}: F1 {:.4} unpaired {:.4} ({} of {})",
            sum.f1(),
            sum.unpaired(),
            sum.alone_both,
            sum.alone_either
        );
        if sum.f1() < *f1 || sum.unpaired() < *unpaired {
            failed.push(format!("{name}\n{}", wrong.join("\n")));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

/// Few right pairs and many wrong pairs are below the threshold for review.
#[test]
fn marks_doubtful_pairs_for_review() {
    // Right and wrong pairs: for review, and all.
    let (mut right, mut wrong) = ((0, 0), (0, 0));
    for (_, damage, ..) in DAMAGES {
        let mut dice = Dice::new(1);
        for mut case in cases() {
            damage(&mut case, &mut dice);
            for (is_right, needs_review) in judge_pairs(&case) {
                let count = if is_right { &mut right } else { &mut wrong };
                count.0 += usize::from(needs_review);
                count.1 += 1;
            }
        }
    }
    eprintln!("for review: {} of {} right pairs, {} of {} wrong ones", right.0, right.1, wrong.0, wrong.1);
    assert!(100 * right.0 <= right.1, "{right:?}");
    assert!(3 * wrong.0 >= wrong.1, "{wrong:?}");
    for case in cases() {
        assert!(judge_pairs(&case).iter().all(|(_, needs_review)| !needs_review), "{}: nothing is in doubt", case.name);
    }
}

//! Damages pages in ways that keep the right answer known.

use docdrift_model::Role;

use super::{Case, Page, Row};

/// An xorshift generator: the damage is the same in every run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let end = u64::try_from(end.max(1)).expect("64 bits hold a length");
        usize::try_from((self.0 >> 16) % end).expect("less than a length")
    }

    fn percent(&mut self, ratio: usize) -> bool {
        self.below(100) < ratio
    }

    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for n in (1..list.len()).rev() {
            list.swap(n, self.below(n + 1));
        }
    }
}

fn rows(page: &mut Page) -> impl Iterator<Item = &mut Row> {
    page.tables.iter_mut().flat_map(|table| &mut table.rows)
}

fn change(page: &mut Page, role: Role, mut edit: impl FnMut(&mut String)) {
    for table in &mut page.tables {
        let Some(column) = table.roles.iter().position(|r| *r == role) else { continue };
        table.rows.iter_mut().filter_map(|row| row.cells.get_mut(column)).for_each(&mut edit);
    }
}

pub(crate) fn shuffle_rows(case: &mut Case, dice: &mut Dice) {
    case.en.tables.iter_mut().for_each(|table| dice.shuffle(&mut table.rows));
}

pub(crate) fn delete_from_en(case: &mut Case, dice: &mut Dice) {
    let mut removed = Vec::new();
    for table in &mut case.en.tables {
        table.rows.retain(|row| {
            let stays = !dice.percent(12);
            removed.extend((!stays).then_some(row.id));
            stays
        });
    }
    case.pairs.retain(|_, en| !removed.contains(en));
}

pub(crate) fn delete_from_both(case: &mut Case, dice: &mut Dice) {
    delete_from_en(case, dice);
    let mut removed = Vec::new();
    for table in &mut case.zh.tables {
        table.rows.retain(|row| {
            let stays = !dice.percent(6);
            removed.extend((!stays).then_some(row.id));
            stays
        });
    }
    case.pairs.retain(|zh, _| !removed.contains(zh));
}

/// Makes one slip: two letters exchanged, one lost, doubled or mistaken.
fn slip(code: &mut String, dice: &mut Dice) {
    let mut letters: Vec<char> = code.chars().collect();
    let at: Vec<usize> = (1..letters.len().saturating_sub(1)).filter(|n| letters[*n].is_alphabetic()).collect();
    let Some(n) = at.get(dice.below(at.len())).copied() else { return };
    match dice.below(4) {
        0 => letters.swap(n, n + 1),
        1 => drop(letters.remove(n)),
        2 => letters.insert(n, letters[n]),
        _ => letters[n] = ('a'..='z').nth(dice.below(26)).unwrap_or('z'),
    }
    *code = letters.into_iter().collect();
}

pub(crate) fn mistype_codes(case: &mut Case, dice: &mut Dice) {
    change(&mut case.en, Role::Code, |code| {
        if dice.percent(15) {
            slip(code, dice);
        }
    });
}

/// Replaces a digit or letter by its neighbour on the keyboard.
pub(crate) fn mistype_digits(case: &mut Case, dice: &mut Dice) {
    change(&mut case.en, Role::Code, |code| {
        let at: Vec<usize> = code.match_indices(|c: char| c.is_ascii_digit()).map(|(n, _)| n).collect();
        if let Some(n) = at.get(dice.below(at.len())).filter(|_| dice.percent(10)) {
            code.replace_range(*n..=*n, &dice.below(10).to_string());
        }
    });
}

/// Flattens codes as an editor does that takes each code for a sentence.
pub(crate) fn flatten_codes(case: &mut Case, dice: &mut Dice) {
    change(&mut case.en, Role::Code, |code| {
        if dice.percent(40) {
            *code = code.to_lowercase().replace('.', ". ");
        }
    });
}

pub(crate) fn change_statuses(case: &mut Case, dice: &mut Dice) {
    change(&mut case.en, Role::Status, |status| {
        if dice.percent(15) {
            ["400", "401", "403", "404", "409", "500", "503", "4XX", ""][dice.below(9)].clone_into(status);
        }
    });
}

pub(crate) fn blank_statuses(case: &mut Case, _: &mut Dice) {
    change(&mut case.en, Role::Status, String::clear);
}

pub(crate) fn permute_columns(case: &mut Case, dice: &mut Dice) {
    for table in &mut case.en.tables {
        let mut order: Vec<usize> = (0..table.header.len()).collect();
        dice.shuffle(&mut order);
        table.header = order.iter().map(|n| table.header[*n].clone()).collect();
        table.roles = order.iter().map(|n| table.roles[*n]).collect();
        for row in &mut table.rows {
            row.cells = order.iter().filter_map(|n| row.cells.get(*n).cloned()).collect();
        }
    }
}

/// Swaps the headers of two columns.
fn mislabel(page: &mut Page, one: Role, other: Role) {
    for role in page.tables.iter_mut().flat_map(|table| &mut table.roles) {
        if *role == one {
            *role = other;
        } else if *role == other {
            *role = one;
        }
    }
}

pub(crate) fn mislabel_texts(case: &mut Case, _: &mut Dice) {
    mislabel(&mut case.en, Role::Message, Role::Description);
}

pub(crate) fn mislabel_keys(case: &mut Case, _: &mut Dice) {
    mislabel(&mut case.en, Role::Status, Role::Code);
}

pub(crate) fn full_width(case: &mut Case, dice: &mut Dice) {
    let wide = |c: char| match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
        c => c,
    };
    for row in rows(&mut case.zh) {
        for cell in &mut row.cells {
            if dice.percent(30) {
                *cell = cell.chars().map(wide).collect();
            }
        }
    }
}

pub(crate) fn blank_messages(case: &mut Case, _: &mut Dice) {
    change(&mut case.zh, Role::Message, String::clear);
}

/// Prints the description in both columns of the zh page, with the placeholders of the message.
pub(crate) fn translate_messages(case: &mut Case, _: &mut Dice) {
    for table in &mut case.zh.tables {
        let column = |role| table.roles.iter().position(|r| *r == role);
        let (Some(message), Some(text)) = (column(Role::Message), column(Role::Description)) else { continue };
        for row in &mut table.rows {
            let placeholders: String = row.cells[message].match_indices("{0}").map(|(_, found)| found).collect();
            row.cells[message] = format!("{}{placeholders}", row.cells[text]);
        }
    }
}

pub(crate) fn split_tables(case: &mut Case, dice: &mut Dice) {
    let mut split = Vec::new();
    for mut table in std::mem::take(&mut case.en.tables) {
        let mut second = table.clone();
        second.rows = table.rows.split_off(dice.below(table.rows.len()));
        second.title = Some("More errors".into());
        split.extend([table, second]);
    }
    case.en.tables = split;
}

pub(crate) fn ragged(case: &mut Case, dice: &mut Dice) {
    for row in rows(&mut case.en) {
        if dice.percent(5) {
            row.cells.push("See the guide.".into());
        }
    }
}

/// Applies a little of every damage.
pub(crate) fn all_at_once(case: &mut Case, dice: &mut Dice) {
    for damage in [shuffle_rows, delete_from_en, mistype_codes, change_statuses, permute_columns, full_width] {
        damage(case, dice);
    }
}

pub(crate) fn shuffle_and_blank(case: &mut Case, dice: &mut Dice) {
    shuffle_rows(case, dice);
    blank_messages(case, dice);
}

pub(crate) fn shuffle_and_translate(case: &mut Case, dice: &mut Dice) {
    shuffle_rows(case, dice);
    translate_messages(case, dice);
}

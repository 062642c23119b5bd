//! Assigns the most likely roles to the columns of a table, by header words and content.

use docdrift_model::Role;

use super::Profile;
use crate::lexicon::{
    Strength, headers,
    words::{mentions_codes, mentions_errors},
};

/// The number of rows from which a column of different cells cannot hold HTTP statuses, which repeat. Servers use about
/// twenty of them.
const MAX_UNIQUE_STATUSES: usize = 20;
/// The share of different cells from which the statuses of a column do not repeat.
const MIN_UNIQUE_SHARE: f64 = 0.9;
/// The bonus of a listed spelling with a word for codes over a header that is read word by word.
const SPELLED_BONUS: f64 = 0.4;
/// The minimum share of numbers that are no HTTP statuses for a column to hold application codes. A status column has
/// only a few misprints.
const MAX_STRANGE_NUMBERS: f64 = 0.2;
/// The minimum share of different cells of a column of application codes. Statuses repeat more often.
const MIN_UNIQUE_CODES: f64 = 0.5;
/// The weight of a header word. Cells can outweigh a guess, but not a sure word over suitable cells.
const HEADER_WEIGHT: [(Strength, f64); 3] = [(Strength::Guess, 0.5), (Strength::Weak, 1.0), (Strength::Sure, 2.0)];
/// The weight of a header that names codes and statuses together, over cells that are no statuses: that of a weak word
/// and less, since it may head either.
const STATUS_HEADER_AS_KEY: f64 = 0.6;
/// How much a header that may name a text speaks against the key.
const GUESSED_TEXT_PENALTY: f64 = 0.3;
/// How much a header that names a text speaks against the key, as a share of its weight. Cells that are clearly codes
/// outweigh it, since some pages head the code as a name or a type.
const TEXT_HEADER_PENALTY: f64 = 0.6;
/// The bonus of a column of symbols, which are hardly anything but codes.
const SYMBOL_BONUS: f64 = 0.2;
/// The bonus of a column of different codes. A code stands in few rows, a group name in many.
const UNIQUE_BONUS: f64 = 0.3;
/// The penalty of a column of HTTP statuses beside another possible key.
const STATUS_PENALTY: f64 = 0.8;
/// The penalty of a column of types or of yes and no, which is no key even if each cell may be a code.
const TYPE_PENALTY: f64 = 1.5;
/// The penalty of a column of sentences. It is below 1, since codes may be phrases.
const SENTENCE_PENALTY: f64 = 0.8;
/// The penalty of each column to the left: the key is usually the first column that qualifies.
const POSITION_PENALTY: f64 = 0.1;
/// The penalty of a column of row numbers, which outweighs any content.
const INDEX_PENALTY: f64 = 3.0;
/// The share of HTTP statuses from which a column may hold statuses even if they do not repeat.
const MOSTLY_STATUSES: f64 = 0.5;
/// The share of cells with Chinese characters from which a column is Chinese.
const MIN_CHINESE_SHARE: f64 = 0.5;
/// The share of cells with Chinese characters below which a column is English. A few cells may be translated.
const MAX_CHINESE_SHARE: f64 = 0.2;
/// The minimum key score of a column, by header and content together. A sure header over cells that may be codes
/// exceeds it, and so do clear codes under an unknown header.
const MIN_KEY_SCORE: f64 = 0.9;
/// The minimum share of statuses in a column with a status header. The rest may be blank, spanned or explained in
/// words.
const MIN_STATUS_SHARE: f64 = 0.2;
/// The minimum share of HTTP statuses in a status column without a status header. Application codes may be numbers in
/// the same range.
const MIN_UNHEADED_STATUS_SHARE: f64 = 0.8;
/// The minimum share of sentences in a text column without a known header. Short names and blanks stand between the
/// sentences.
const MIN_SENTENCE_SHARE: f64 = 0.3;

/// The minimum share of codes of a list with a label for the label to be their description; otherwise the text beside
/// the code is.
const MIN_LABELLED_SHARE: f64 = 0.5;

/// The columns of a table with their roles.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    pub(crate) roles: Vec<Role>,
    pub(crate) profiles: Vec<Profile>,
    /// The role that each header names, and its strength.
    pub(crate) named: Vec<Option<(Role, Strength)>>,
    /// The code column, if any looks like one.
    pub(crate) key: Option<usize>,
}

/// Assigns roles to the columns of `rows` under `header`. `hints` are header words with a role set by a maintainer.
pub(crate) fn assign_roles(header: &[String], rows: &[Vec<String>], hints: &[(String, Role)]) -> Columns {
    let profiles: Vec<Profile> = (0..header.len()).map(|n| Profile::measure_column(rows, n)).collect();
    let hinted =
        |cell: &String| hints.iter().find(|(word, _)| headers::is_same_header(word, cell)).map(|(_, role)| *role);
    let named: Vec<Option<(Role, Strength)>> = header
        .iter()
        .map(|cell| hinted(cell).map_or_else(|| headers::interpret_header(cell), |role| Some((role, Strength::Sure))))
        .collect();
    let hinted_key = header.iter().position(|cell| hinted(cell) == Some(Role::Code));
    let scores: Vec<f64> = (0..header.len()).map(|n| score_key(n, header, &named, &profiles)).collect();
    let best = (0..header.len()).rev().max_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let key = hinted_key.or(best.filter(|n| scores[*n] >= MIN_KEY_SCORE)).or_else(|| find_second_status(&named));
    let mut columns = Columns { roles: vec![Role::Other; header.len()], profiles, named, key };
    columns.assign_rest(header);
    columns
}

/// Assigns the roles of a list converted to a table: first the code, then texts under their labels. If a label
/// describes the code, the text beside the code is a short name.
pub(crate) fn assign_list_roles(header: &[String], rows: &[Vec<String>]) -> Columns {
    let profiles: Vec<Profile> = (0..header.len()).map(|n| Profile::measure_column(rows, n)).collect();
    let named: Vec<Option<(Role, Strength)>> = header.iter().map(|label| headers::lookup_role(label)).collect();
    let is_status_label = |n: usize| profiles[n].statuses >= MIN_UNHEADED_STATUS_SHARE && !header[n].is_empty();
    let label_role = |n: usize| match named[n] {
        _ if n == 0 => Role::Code,
        _ if header[n].is_empty() => Role::Other,
        Some((Role::Code, _)) | None if is_status_label(n) => Role::Status,
        Some((Role::Code, _)) | None => Role::Other,
        Some((role, _)) => role,
    };
    let mut roles: Vec<Role> = (0..header.len()).map(label_role).collect();
    let describes = |n: usize| matches!(roles[n], Role::Message | Role::Description);
    let is_described = (1..header.len()).any(|n| describes(n) && profiles[n].filled >= MIN_LABELLED_SHARE);
    let unlabelled: Vec<usize> = (1..header.len()).filter(|n| header[*n].is_empty()).collect();
    // The longer of two texts without a label is the description. A single text depends on the labels.
    if let (false, Some(text)) = (is_described, unlabelled.last()) {
        roles[*text] = Role::Description;
    }
    Columns { roles, profiles, named, key: Some(0) }
}

/// Returns the later of two columns headed as statuses beside a text: it is the code under a wrong header.
fn find_second_status(named: &[Option<(Role, Strength)>]) -> Option<usize> {
    let is = |role: Role| move |cell: &Option<(Role, Strength)>| matches!(cell, Some((named, _)) if *named == role);
    let is_status = is(Role::Status);
    let count = named.iter().filter(|cell| is_status(cell)).count();
    let has_text =
        [Role::Message, Role::Description, Role::Solution].into_iter().any(|role| named.iter().any(is(role)));
    (count > 1 && has_text).then(|| named.iter().rposition(is_status)).flatten()
}

/// Scores column `n` as the key.
fn score_key(n: usize, header: &[String], named: &[Option<(Role, Strength)>], profiles: &[Profile]) -> f64 {
    let profile = &profiles[n];
    let weight = |strength: Strength| {
        HEADER_WEIGHT.iter().find(|(known, _)| *known == strength).map_or(0.0, |(_, weight)| *weight)
    };
    let has_sure_code = named.contains(&Some((Role::Code, Strength::Sure)));
    let is_listed =
        headers::lookup_role(&header[n]).is_some_and(|(role, _)| role == Role::Code) && mentions_codes(&header[n]);
    let bonus = if is_listed { SPELLED_BONUS } else { 0.0 };
    let by_header = match named[n] {
        Some((Role::Code, strength)) => weight(strength) + bonus,
        // A column of both is keyed by the code; `状态码` heads application codes as well.
        Some((Role::Status, _)) if !profile.may_be_statuses() => STATUS_HEADER_AS_KEY,
        Some((Role::Status, strength)) => -weight(strength),
        Some((_, Strength::Guess)) => -GUESSED_TEXT_PENALTY,
        Some((_, strength)) => -TEXT_HEADER_PENALTY * weight(strength),
        None => 0.0,
    };
    by_header + score_key_content(n, &header[n], profile, !has_sure_code)
}

/// Scores the cells of column `n` as the key, regardless of its header. HTTP statuses score lower if `may_be_statuses`.
fn score_key_content(n: usize, header: &str, profile: &Profile, may_be_statuses: bool) -> f64 {
    // A sure header over phrases is trusted, since codes may be phrases. Otherwise the cells must be codes.
    let content = profile.code_weight + SYMBOL_BONUS * profile.symbols + UNIQUE_BONUS * profile.unique * profile.codes;
    let is_status = profile.http_statuses >= MIN_UNHEADED_STATUS_SHARE && may_be_statuses;
    let status_penalty = if is_status { STATUS_PENALTY * profile.http_statuses } else { 0.0 };
    let other_penalty = TYPE_PENALTY * profile.types
        + TYPE_PENALTY * profile.flags
        + profile.sentences * SENTENCE_PENALTY
        + profile.paths;
    let empty_penalty = 1.0 - profile.filled;
    let is_index = headers::is_index(header);
    #[allow(clippy::cast_precision_loss, reason = "columns are few")]
    let position = POSITION_PENALTY * n as f64;
    content - status_penalty - other_penalty - empty_penalty - position - if is_index { INDEX_PENALTY } else { 0.0 }
}

impl Profile {
    /// Whether the cells can be HTTP statuses: enough are registered, and in a long column they repeat.
    fn may_be_statuses(&self) -> bool {
        if self.numbers - self.http_statuses > MAX_STRANGE_NUMBERS && self.unique > MIN_UNIQUE_CODES {
            return false;
        }
        let repeats = self.count <= MAX_UNIQUE_STATUSES || self.unique < MIN_UNIQUE_SHARE;
        self.http_statuses >= MOSTLY_STATUSES || (self.http_statuses >= MIN_STATUS_SHARE && repeats)
    }
}

impl Columns {
    /// Returns the column whose cells look most like codes, regardless of its header.
    pub(crate) fn find_likeliest_key(&self, header: &[String]) -> Option<usize> {
        let score = |n: usize| score_key_content(n, &header[n], &self.profiles[n], true);
        (0..header.len().min(self.profiles.len())).rev().max_by(|a, b| score(*a).total_cmp(&score(*b)))
    }

    /// Makes the column that looks most like codes the key, and assigns the other columns again.
    pub(crate) fn choose_key(&mut self, header: &[String]) {
        self.key = self.find_likeliest_key(header);
        self.roles.fill(Role::Other);
        self.assign_rest(header);
    }

    fn assign_rest(&mut self, header: &[String]) {
        let Some(key) = self.key else {
            self.assign_by_headers();
            return;
        };
        self.roles[key] = Role::Code;
        let status = self.find_status(key);
        if let Some(status) = status {
            self.roles[status] = Role::Status;
        }
        for n in (0..header.len()).filter(|n| *n != key && Some(*n) != status) {
            self.roles[n] = self.text_role(n);
        }
        self.choose_texts(header, key);
    }

    fn assign_by_headers(&mut self) {
        for (role, named) in self.roles.iter_mut().zip(&self.named) {
            *role = named.map_or(Role::Other, |(role, _)| role);
        }
    }

    /// Finds the one status column: it has a status header and holds statuses, or it is full of HTTP statuses beside
    /// another key.
    fn find_status(&self, key: usize) -> Option<usize> {
        let score = |n: usize| {
            let profile = &self.profiles[n];
            let is_headed = matches!(self.named[n], Some((Role::Status, _)));
            let is_empty = profile.filled == 0.0;
            let is_weak_code = matches!(self.named[n], Some((Role::Code, Strength::Weak | Strength::Guess)) | None);
            match () {
                () if is_headed && !is_empty && !profile.may_be_statuses() && profile.codes > MIN_UNIQUE_SHARE => None,
                () if is_headed && (profile.statuses >= MIN_STATUS_SHARE || is_empty) => Some(1.0 + profile.statuses),
                // A cell may hold its status in two languages, so only the numbers count.
                () if is_headed && profile.numbers_inside >= MIN_UNHEADED_STATUS_SHARE => Some(1.0),
                () if is_weak_code && profile.http_statuses >= MIN_UNHEADED_STATUS_SHARE => Some(profile.http_statuses),
                () => None,
            }
        };
        let scored = (0..self.roles.len()).filter(|n| *n != key).filter_map(|n| Some((n, score(n)?)));
        scored.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|(n, _)| n)
    }

    fn text_role(&self, n: usize) -> Role {
        let profile = &self.profiles[n];
        match self.named[n] {
            Some((Role::Code | Role::Status, Strength::Sure)) if profile.sentences < MIN_UNIQUE_SHARE => Role::Other,
            Some((Role::Code | Role::Status, Strength::Weak)) if profile.sentences < MIN_SENTENCE_SHARE => Role::Other,
            Some((Role::Code | Role::Status, Strength::Sure | Strength::Weak)) => Role::Description,
            Some((Role::Code | Role::Status, Strength::Guess)) | None if profile.sentences >= MIN_SENTENCE_SHARE => {
                Role::Description
            }
            Some((Role::Code | Role::Status, Strength::Guess)) | None => Role::Other,
            Some((role, _)) => role,
        }
    }

    /// Distinguishes the wire message from the description if header words are ambiguous.
    fn choose_texts(&mut self, header: &[String], code: usize) {
        let all = |role: Role| (0..self.roles.len()).filter(|n| self.roles[*n] == role).collect::<Vec<usize>>();
        let (messages, descriptions) = (all(Role::Message), all(Role::Description));
        let is_chinese = |n: usize| self.profiles[n].han > MIN_CHINESE_SHARE;
        let is_english = |n: usize| self.profiles[n].han < MAX_CHINESE_SHARE;
        match (&messages[..], &descriptions[..]) {
            // Of two description columns, the English one beside a Chinese one is the wire message.
            ([], [first, second, ..]) if is_english(*first) && is_chinese(*second) => {
                self.roles[*first] = Role::Message;
            }
            ([], [first, second, ..]) if is_chinese(*first) && is_english(*second) => {
                self.roles[*second] = Role::Message;
            }
            ([], [first, second, ..]) if header[*first] == header[*second] => self.roles[*first] = Role::Message,
            // Of a message in two languages, the English one is sent and its translation describes it.
            ([first, second], []) if is_english(*first) && is_chinese(*second) => {
                self.roles[*second] = Role::Description;
            }
            ([first, second], []) if is_chinese(*first) && is_english(*second) => {
                self.roles[*first] = Role::Description;
            }
            // Some generated pages swap the headers: the description stands before the code and is headed as the
            // message, and the message follows the code and is headed as the description.
            ([message, ..], [description, ..])
                if *message < code
                    && *description == code + 1
                    && self.profiles[*message].han >= self.profiles[*description].han =>
            {
                self.roles.swap(*message, *description);
            }
            _ => {}
        }
    }

    /// Whether a header names the code with a word for errors.
    pub(crate) fn names_error_code(&self, header: &[String]) -> bool {
        header.iter().zip(&self.named).any(|(cell, named)| {
            matches!(named, Some((Role::Code, Strength::Sure | Strength::Weak))) && mentions_errors(cell)
        })
    }

    /// Adds columns without a header up to a width.
    pub(crate) fn widen(&mut self, width: usize) {
        self.roles.resize(width, Role::Other);
        self.profiles.resize(width, Profile::default());
        self.named.resize(width, None);
    }

    /// Returns the status column.
    pub(crate) fn status(&self) -> Option<usize> {
        self.roles.iter().position(|role| *role == Role::Status)
    }

    /// Returns the profile of the best text column.
    pub(crate) fn best_text_profile(&self) -> Option<&Profile> {
        let texts = (0..self.roles.len())
            .filter(|n| Some(*n) != self.key && !matches!(self.roles[*n], Role::Status | Role::Code | Role::Group));
        texts.map(|n| &self.profiles[n]).max_by(|a, b| a.sentences.total_cmp(&b.sentences))
    }
}

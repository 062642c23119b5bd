use std::fmt;

use serde::{Deserialize, Serialize};

use crate::named_enum::named_enum;

named_enum! {
    /// A language that a page is written in.
    pub enum Lang {
        /// Chinese, simplified or traditional.
        Zh = "zh",
        /// English.
        En = "en",
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One value a language.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Bilingual<T> {
    /// The value of the zh page.
    #[serde(default)]
    pub zh: T,
    /// The value of the en page.
    #[serde(default)]
    pub en: T,
}

impl<T> Bilingual<T> {
    /// The value of `lang`.
    pub fn get(&self, lang: Lang) -> &T {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// The value of `lang`, to be changed.
    pub fn get_mut(&mut self, lang: Lang) -> &mut T {
        match lang {
            Lang::Zh => &mut self.zh,
            Lang::En => &mut self.en,
        }
    }

    /// Both values through `f`.
    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Bilingual<U> {
        Bilingual { zh: f(self.zh), en: f(self.en) }
    }

    /// Both languages with their values, zh first.
    pub fn iter(&self) -> impl Iterator<Item = (Lang, &T)> {
        [(Lang::Zh, &self.zh), (Lang::En, &self.en)].into_iter()
    }
}

impl Bilingual<String> {
    /// The en text, or the zh text where there is none: for what is the same in both languages, such as codes.
    pub fn either(&self) -> &str {
        if self.en.is_empty() { &self.zh } else { &self.en }
    }

    /// Whether neither language has a text.
    pub fn is_empty(&self) -> bool {
        self.zh.is_empty() && self.en.is_empty()
    }
}

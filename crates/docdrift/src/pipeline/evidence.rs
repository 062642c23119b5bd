//! Evidence in reports: the pages before and now, and the command that shows the drift again.

use docdrift_model::{
    Bilingual, Lang, PageFacts,
    report::{Evidence, PageEvidence, PageStamp},
};
use docdrift_report::escape;

type Pages = Bilingual<Option<PageFacts>>;

/// Builds the evidence for the changes between two states of the same pages.
pub(crate) fn build_evidence(old: Option<&Pages>, new: Option<&Pages>, reproduce: String) -> Evidence {
    let page = |lang: Lang| {
        let facts = |pages: Option<&'_ Pages>| pages.and_then(|pages| pages.get(lang).clone());
        let (old, new) = (facts(old), facts(new));
        let url = new.as_ref().or(old.as_ref())?.url.clone();
        Some(PageEvidence { url, old: old.map(stamp), new: new.map(stamp) })
    };
    Evidence { pages: Bilingual { zh: page(Lang::Zh), en: page(Lang::En) }, reproduce }
}

fn stamp(facts: PageFacts) -> PageStamp {
    PageStamp { updated_on: facts.updated_on, digest: facts.digest }
}

/// Quotes words so that a shell reads them as one command.
pub(crate) fn quote_command<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(escape::shell).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::quote_command;

    #[test]
    fn special_words_are_quoted() {
        let words = ["docdrift", "diff", "HEAD:output", "a b", "it's", "$(x)", ""];
        assert_eq!(quote_command(words), r"docdrift diff HEAD:output 'a b' 'it'\''s' '$(x)' ''");
    }
}

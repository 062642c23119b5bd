//! Where a reader of a report can see for themselves: the pages before and now, and the command that tells it again.

use docdrift_model::{Bilingual, Evidence, Lang, PageEvidence, PageFacts, PageStamp};
use docdrift_report::escape;

type Pages = Bilingual<Option<PageFacts>>;

/// The evidence for what changed between two states of the same pages.
pub(crate) fn evidence(old: Option<&Pages>, new: Option<&Pages>, reproduce: String) -> Evidence {
    let of = |lang: Lang| {
        let facts = |pages: Option<&'_ Pages>| pages.and_then(|pages| pages.get(lang).clone());
        let (old, new) = (facts(old), facts(new));
        let url = new.as_ref().or(old.as_ref())?.url.clone();
        Some(PageEvidence { url, old: old.map(stamp), new: new.map(stamp) })
    };
    Evidence { pages: Bilingual { zh: of(Lang::Zh), en: of(Lang::En) }, reproduce }
}

fn stamp(facts: PageFacts) -> PageStamp {
    PageStamp { updated_on: facts.updated_on, digest: facts.digest }
}

/// A command line that a shell reads as these words.
pub(crate) fn command_line<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(escape::shell).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::command_line;

    #[test]
    fn words_that_a_shell_would_read_otherwise_are_quoted() {
        let words = ["docdrift", "diff", "HEAD:output", "a b", "it's", "$(x)", ""];
        assert_eq!(command_line(words), r"docdrift diff HEAD:output 'a b' 'it'\''s' '$(x)' ''");
    }
}

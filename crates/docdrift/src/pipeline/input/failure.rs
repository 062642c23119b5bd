//! Failures of the fetcher as reasons.

use docdrift_fetch::{Cause, Failure, FailureKind};
use docdrift_model::reason::{FetchFailure, FetchProblem};

/// Converts a failure of the fetcher.
pub(super) fn convert(failure: Failure) -> FetchFailure {
    FetchFailure { problem: convert_kind(failure.kind), url: failure.url, detail: failure.detail }
}

fn convert_kind(kind: FailureKind) -> FetchProblem {
    match kind {
        FailureKind::Gone => FetchProblem::Gone,
        FailureKind::Blocked => FetchProblem::Blocked,
        FailureKind::ServerError => FetchProblem::ServerError,
        FailureKind::Moved => FetchProblem::Moved,
        FailureKind::Refused => FetchProblem::Refused,
        FailureKind::Unreachable(Cause::Dns) => FetchProblem::UnknownHost,
        FailureKind::Unreachable(Cause::Connect) => FetchProblem::NoConnection,
        FailureKind::Unreachable(Cause::Tls) => FetchProblem::Untrusted,
        FailureKind::Unreachable(Cause::Timeout) => FetchProblem::TimedOut,
        FailureKind::Unreachable(Cause::Dropped) => FetchProblem::Dropped,
        FailureKind::Empty => FetchProblem::Empty,
        FailureKind::Truncated => FetchProblem::Truncated,
        FailureKind::TooLarge => FetchProblem::TooLarge,
        FailureKind::WrongType => FetchProblem::WrongType,
        FailureKind::Robots => FetchProblem::Robots,
        FailureKind::OverBudget => FetchProblem::OverBudget,
        FailureKind::Interrupted => FetchProblem::Interrupted,
        FailureKind::NoBrowser => FetchProblem::NoBrowser,
    }
}

#[cfg(test)]
mod tests {
    use super::{Cause, Failure, FailureKind, convert};
    use docdrift_model::{Lang, reason::PageProblem};

    #[test]
    fn reasons_have_the_names_and_the_advice_of_the_fetcher() {
        let causes = [Cause::Dns, Cause::Connect, Cause::Tls, Cause::Timeout, Cause::Dropped];
        let kinds = [
            FailureKind::Gone,
            FailureKind::Blocked,
            FailureKind::ServerError,
            FailureKind::Moved,
            FailureKind::Refused,
            FailureKind::Empty,
            FailureKind::Truncated,
            FailureKind::TooLarge,
            FailureKind::WrongType,
            FailureKind::Robots,
            FailureKind::OverBudget,
            FailureKind::Interrupted,
            FailureKind::NoBrowser,
        ];
        for kind in causes.map(FailureKind::Unreachable).into_iter().chain(kinds) {
            let failure = Failure { kind, url: "https://docs.acme.test/a".into(), detail: "seen".into() };
            let expected = format!("{kind}: {failure}");
            let problem = PageProblem::NotFetched(convert(failure));
            assert_eq!(docdrift_report::problem_text(&problem, Lang::En), expected);
        }
    }
}

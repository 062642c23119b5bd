//! All misbehaviours, by theme.

mod bodies;
mod caching;
mod codes;
mod compression;
mod heads;
mod pages;
mod redirects;
mod robots;
mod secure;
mod slow;
mod tables;
mod walls;

use crate::hostile::route::Route;

/// All routes, theme by theme.
pub(crate) fn all() -> Vec<Route> {
    [
        slow::routes(),
        heads::routes(),
        bodies::routes(),
        compression::routes(),
        codes::routes(),
        redirects::routes(),
        caching::routes(),
        robots::routes(),
        secure::routes(),
        walls::routes(),
        pages::routes(),
        tables::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Prepares the answers that take long to make, before a client waits for them.
pub(crate) fn prepare() {
    compression::prepare();
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::all;

    #[test]
    fn every_route_has_its_own_name_and_says_what_it_does() {
        let routes = all();
        let names: BTreeSet<_> = routes.iter().map(|route| route.name).collect();
        assert_eq!(names.len(), routes.len());
        assert!(routes.len() >= 80, "{}", routes.len());
        let is_name = |name: &str| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        assert!(routes.iter().all(|route| is_name(route.name) && !route.description.is_empty()), "{names:?}");
    }
}

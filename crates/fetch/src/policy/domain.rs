use url::{Host, Url};

/// Whether both URLs have the same host or registrable domain.
pub(super) fn is_same_site(a: &Url, b: &Url) -> bool {
    match (a.host(), b.host()) {
        (Some(Host::Domain(a)), Some(Host::Domain(b))) => registrable_domain(a) == registrable_domain(b),
        (a, b) => a == b,
    }
}

/// Returns the domain that one owner registered: the public suffix of `host` and the label before it. The public suffix
/// list has two parts and both count here: registries (`com.cn`) and platforms that give subdomains to their customers
/// (`github.io`). A host that is itself a public suffix, or has one label, stands for itself.
fn registrable_domain(host: &str) -> &str {
    let host = host.strip_suffix('.').unwrap_or(host);
    psl::domain_str(host).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::registrable_domain;

    #[test]
    fn registrable_domains() {
        for (host, domain) in [
            // The common case: the last two labels.
            ("support.vendor.com", "vendor.com"),
            ("vendor.com", "vendor.com"),
            ("docs.vendor.io", "vendor.io"),
            ("a.b.vendor.com.cn", "vendor.com.cn"),
            ("docs.vendor.co.uk.", "vendor.co.uk"),
            // A province of China, as `com.cn`, is a registry with many owners.
            ("docs.vendor.bj.cn", "vendor.bj.cn"),
            // Registries with other second labels than the usual ones.
            ("docs.vendor.ltd.uk", "vendor.ltd.uk"),
            ("docs.vendor.idv.tw", "vendor.idv.tw"),
            ("docs.vendor.tokyo.jp", "vendor.tokyo.jp"),
            // A wildcard rule (`*.ck`) and its exception (`!www.ck`).
            ("docs.vendor.anything.ck", "vendor.anything.ck"),
            ("docs.www.ck", "www.ck"),
            // Hosting platforms: each label below the suffix has its own owner.
            ("vendor.github.io", "vendor.github.io"),
            ("docs.vendor.gitlab.io", "vendor.gitlab.io"),
            ("vendor.pages.dev", "vendor.pages.dev"),
            ("vendor.netlify.app", "vendor.netlify.app"),
            ("vendor.readthedocs.io", "vendor.readthedocs.io"),
            ("bucket.s3.amazonaws.com", "bucket.s3.amazonaws.com"),
            ("bucket.s3.cn-north-1.amazonaws.com.cn", "bucket.s3.cn-north-1.amazonaws.com.cn"),
            // A platform that its owner has not put on the list counts as one site.
            ("bucket.obs.cn-north-4.myhuaweicloud.com", "myhuaweicloud.com"),
            // An internationalised suffix, as URLs carry it.
            ("docs.vendor.xn--55qx5d.cn", "vendor.xn--55qx5d.cn"),
            // A suffix without an owner stands for itself.
            ("com.cn", "com.cn"),
            ("github.io", "github.io"),
            ("cn", "cn"),
            // A top-level domain that the list does not know counts as a suffix of one label.
            ("docs.vendor.example", "vendor.example"),
            ("localhost", "localhost"),
            ("", ""),
        ] {
            assert_eq!(registrable_domain(host), domain, "{host}");
        }
    }
}

//! Amazon Web Services: docs.aws.amazon.com, and docs.amazonaws.cn in China. Errors are definition lists.

use docdrift_model::{Lang, Role};

use super::Vendor;

pub(super) const VENDOR: Vendor = Vendor {
    name: "aws",
    hosts: &["docs.aws.amazon.com", "docs.amazonaws.cn"],
    marks: &["docs.aws.amazon.com", "docs.amazonaws.cn"],
    langs: &[
        ("/zh_cn/", Lang::Zh),
        ("/zh_tw/", Lang::Zh),
        ("/en_us/", Lang::En),
        ("docs.amazonaws.cn/", Lang::Zh),
        ("docs.aws.amazon.com/", Lang::En),
    ],
    headers: &[(Role::Description, &["Description of error code"])],
};

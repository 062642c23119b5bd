//! Google Cloud: cloud.google.com, newer docs.cloud.google.com, developers.google.cn. Statuses are headings.

use docdrift_model::{Lang, Role};

use super::Vendor;

pub(super) const VENDOR: Vendor = Vendor {
    name: "googlecloud",
    hosts: &["cloud.google.com", "developers.google.cn"],
    marks: &["cloud.google.com"],
    langs: &[("hl=zh-cn", Lang::Zh), ("hl=zh_cn", Lang::Zh), ("hl=zh-CN", Lang::Zh), ("hl=en", Lang::En)],
    headers: &[(Role::Code, &["Error Name"])],
};

//! Volcengine (zh) and `BytePlus` (en): www.volcengine.com/docs, docs.byteplus.com.

use docdrift_model::{Lang, Role};

use super::Vendor;

pub(super) const VENDOR: Vendor = Vendor {
    name: "volcengine",
    hosts: &["volcengine.com", "byteplus.com"],
    marks: &["volcengine.com/docs", "docs.byteplus.com"],
    langs: &[("docs.byteplus.com/en/", Lang::En), ("volcengine.com/docs/", Lang::Zh)],
    headers: &[
        (Role::Code, &["公共错误码"]),
        (Role::Description, &["MessageCN"]),
        (Role::Solution, &["错误说明及解决方式"]),
    ],
};

//! Baidu AI Cloud: cloud.baidu.com and intl.cloud.baidu.com.

use docdrift_model::{Lang, Role};

use super::Vendor;

pub(super) const VENDOR: Vendor = Vendor {
    name: "baiducloud",
    hosts: &["cloud.baidu.com"],
    marks: &["cloud.baidu.com/doc"],
    langs: &[("intl.cloud.baidu.com/", Lang::En), ("-en$", Lang::En), ("cloud.baidu.com/doc/", Lang::Zh)],
    headers: &[
        (Role::Status, &["HTTP states code", "States Code"]),
        (Role::Code, &["错误返回码", "Error Return Code"]),
        (Role::Description, &["中文解释", "语义", "Semantics", "Err description"]),
    ],
};

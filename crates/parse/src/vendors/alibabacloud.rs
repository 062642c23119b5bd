//! Alibaba Cloud: help.aliyun.com (zh), www.alibabacloud.com/help (other languages).

use docdrift_model::{Lang, Role};

use super::Vendor;

pub(super) const VENDOR: Vendor = Vendor {
    name: "alibabacloud",
    hosts: &["help.aliyun.com", "alibabacloud.com", "aliyun.com"],
    marks: &["help.aliyun.com", "alibabacloud.com/help"],
    langs: &[
        ("/help/en/", Lang::En),
        ("/help/zh/", Lang::Zh),
        ("help.aliyun.com/en/", Lang::En),
        ("help.aliyun.com/zh/", Lang::Zh),
        ("help.aliyun.com/document_detail/", Lang::Zh),
        ("alibabacloud.com/help/doc-detail/", Lang::En),
    ],
    headers: &[
        (Role::Code, &["错误定义", "Result code"]),
        (Role::Message, &["錯誤資訊"]),
        (Role::Description, &["错误含义", "问题原因", "Meaning", "Problem description", "Causes"]),
        (Role::Solution, &["Solutions"]),
    ],
};

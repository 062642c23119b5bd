//! Microsoft Azure: learn.microsoft.com, and docs.azure.cn in China.

use docdrift_model::{Lang, Role};

use super::Vendor;

pub(super) const VENDOR: Vendor = Vendor {
    name: "azure",
    hosts: &["learn.microsoft.com", "docs.azure.cn", "docs.microsoft.com", "msdn.microsoft.com"],
    marks: &["learn.microsoft.com", "docs.azure.cn"],
    langs: &[("/zh-cn/", Lang::Zh), ("/en-us/", Lang::En)],
    headers: &[(Role::Message, &["用户消息", "User message"]), (Role::Solution, &["缓解措施", "Mitigation"])],
};

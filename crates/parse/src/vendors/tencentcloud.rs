//! Tencent Cloud: cloud.tencent.com (zh), www.tencentcloud.com (other languages; its `/zh/` pages mostly keep an English body).

use docdrift_model::{Lang, Role};

use super::Vendor;

pub(super) const VENDOR: Vendor = Vendor {
    name: "tencentcloud",
    hosts: &["cloud.tencent.com", "cloud.tencent.cn", "cloud.tencent.com.cn", "tencentcloud.com"],
    marks: &["cloud.tencent.com", "tencentcloud.com"],
    langs: &[
        ("tencentcloud.com/zh/", Lang::Zh),
        ("tencentcloud.com/document/", Lang::En),
        ("intl.cloud.tencent.com/document/", Lang::En),
        ("cloud.tencent.com/document/", Lang::Zh),
    ],
    headers: &[(Role::Code, &["模块错误码", "S3 Code"])],
};

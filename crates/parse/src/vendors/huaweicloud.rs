//! Huawei Cloud: support.huaweicloud.com.

use docdrift_model::{Lang, Role};

use super::Vendor;

pub(super) const VENDOR: Vendor = Vendor {
    name: "huaweicloud",
    hosts: &["huaweicloud.com", "huaweicloud.eu"],
    marks: &["support.huaweicloud.com"],
    langs: &[
        ("/intl/zh-cn/", Lang::Zh),
        ("/intl/en-us/", Lang::En),
        ("/en-us/", Lang::En),
        ("/eu/api-", Lang::En),
        ("support.huaweicloud.com/api-", Lang::Zh),
        ("support.huaweicloud.com/usermanual-", Lang::Zh),
    ],
    headers: &[
        (Role::Status, &["响应状态码"]),
        (Role::Code, &["返回错误码", "错误结果码", "错误码ID"]),
        (Role::Message, &["错误码信息", "详细错误信息", "描述信息"]),
        (Role::Description, &["错误码描述", "中文错误名称", "中文说明"]),
        (
            Role::Solution,
            &[
                "建议解决方法",
                "描述(处理措施)",
                "Measure",
                "Handling Measure",
                "Handling",
                "Recommended Action",
                "Handling Suggestions",
            ],
        ),
        (Role::Group, &["错误码类别"]),
    ],
};

//! Open Telekom Cloud: docs.otc.t-systems.com, pages made with Sphinx, English only.

use docdrift_model::{Lang, Role};

use super::Vendor;

pub(super) const VENDOR: Vendor = Vendor {
    name: "otc",
    hosts: &["t-systems.com"],
    marks: &["docs.otc.t-systems.com", "otcdocstheme"],
    langs: &[("docs.otc.t-systems.com/", Lang::En), ("docs.sc.otc.t-systems.com/", Lang::En)],
    headers: &[
        (Role::Status, &["Response Code"]),
        (Role::Message, &["Error Information"]),
        (Role::Description, &["Failure Cause", "Error Code Description"]),
    ],
};

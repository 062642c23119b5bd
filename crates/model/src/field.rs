use crate::named_enum::named_enum;

named_enum! {
    /// A text of an entry that a vendor may own and `[publish] fields` decides about.
    pub enum Field {
        /// The wire message.
        Message = "message",
        /// What the error means.
        Description = "description",
        /// What to do about it.
        Solution = "solution",
        /// Module, category or product.
        Group = "group",
        /// Columns without a role of their own.
        Extra = "extra",
    }
}

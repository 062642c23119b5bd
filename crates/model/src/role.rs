use crate::named_enum::named_enum;

named_enum! {
    /// What a column of an error table holds.
    pub enum Role {
        /// The HTTP status as the page prints it.
        Status = "status",
        /// The error code: the key.
        Code = "code",
        /// The wire message that the API answers with.
        Message = "message",
        /// What the error means, for people.
        Description = "description",
        /// What to do about it.
        Solution = "solution",
        /// The module, category or product that the error belongs to.
        Group = "group",
        /// Anything else; kept as an extra under its header.
        Other = "other",
    }
}

use crate::named_enum::named_enum;

named_enum! {
    /// The severity of a drift for users of the API, the lowest first.
    #[derive(Default)]
    pub enum Severity {
        /// Nothing changed.
        #[default]
        None = "none",
        /// Only white space, punctuation width or letter case changed.
        Cosmetic = "cosmetic",
        /// A description, solution or other column was reworded.
        Editorial = "editorial",
        /// A wire message was reworded.
        Wording = "wording",
        /// A code was added.
        Added = "added",
        /// A code was removed or renamed, a status or the placeholders of a wire message changed.
        Breaking = "breaking",
    }
}

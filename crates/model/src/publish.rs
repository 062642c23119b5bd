use std::collections::BTreeSet;

use crate::Field;

/// Which text fields `output/` and `snapshots/` carry; the others appear as digests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publish(BTreeSet<Field>);

impl Publish {
    /// Every field as it is.
    pub fn all() -> Self {
        Self(Field::ALL.into_iter().collect())
    }

    /// These fields only.
    pub fn only(fields: impl IntoIterator<Item = Field>) -> Self {
        Self(fields.into_iter().collect())
    }

    /// Whether `field` is carried as it is.
    pub fn carries(&self, field: Field) -> bool {
        self.0.contains(&field)
    }

    /// The carried fields in their fixed order.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.0.iter().copied()
    }
}

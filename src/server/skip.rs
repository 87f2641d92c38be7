//! What becomes of content that nobody reads, settled with the policy: [`Skip`].

use super::core::Core;

/// How content is skipped, if requests may have any: a firmware whose policy takes none holds no code for it.
#[derive(Clone, Copy)]
pub(crate) struct Skip(Option<fn(&mut Core<'_>, &[u8]) -> usize>);

impl Skip {
    /// Up to the limit of the policy.
    // The method itself is of one lifetime only.
    #[allow(clippy::redundant_closure_for_method_calls)]
    pub(crate) const SOME: Skip = Skip(Some(|core, input| core.skip(input)));
    /// There is none: a request with content is refused.
    pub(crate) const NONE: Skip = Skip(None);

    pub(super) fn skip(self, core: &mut Core<'_>, input: &[u8]) -> usize {
        self.0.map_or(0, |skip| skip(core, input))
    }

    pub(super) const fn is_none(self) -> bool {
        self.0.is_none()
    }
}

impl PartialEq for Skip {
    fn eq(&self, other: &Self) -> bool {
        self.is_none() == other.is_none()
    }
}

impl Eq for Skip {}

impl ::core::fmt::Debug for Skip {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.write_str(if self.is_none() { "None" } else { "Some" })
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Skip {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=bool}", !self.is_none());
    }
}

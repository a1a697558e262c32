//! Who a client is.

/// Who a client is. It is known by a sign-in or by its address; a sign-in counts more.
pub(super) enum Identity<P> {
    /// Nobody knows it.
    Stranger,
    /// Its address stands for this principal, or did once: what comes of its next MAIL, a store
    /// that does not answer included, does not make it a stranger again.
    Address(Option<P>),
    /// It signed in.
    User(P),
}

impl<P> Identity<P> {
    /// Who sends: who signed in, or whom the address stands for.
    pub(super) fn sender(&self) -> Option<&P> {
        match self {
            Self::Stranger => None,
            Self::Address(principal) => principal.as_ref(),
            Self::User(principal) => Some(principal),
        }
    }

    /// Who signed in.
    pub(super) fn user(&self) -> Option<&P> {
        match self {
            Self::Stranger | Self::Address(_) => None,
            Self::User(principal) => Some(principal),
        }
    }

    pub(super) fn is_known(&self) -> bool {
        !matches!(self, Self::Stranger)
    }

    /// What the address stood for counts no more.
    pub(super) fn forget_address(&mut self) {
        if let Self::Address(principal) = self {
            *principal = None;
        }
    }
}

//! TLS of all clients in this process.

use std::sync::Once;

use rustls::{
    NamedGroup,
    crypto::{CryptoProvider, aws_lc_rs},
};

/// Lets clients offer a share of X25519 alone at first. The hybrid X25519MLKEM768, first by default, adds 2.2 kB to each
/// handshake; a poll begins with one, and so would cost 10 MB a month more. It guards secrets of today against computers of
/// tomorrow, but a feed is public, and its truth rests on signatures. It is still offered to servers that insist.
pub(super) fn prefer_small_handshakes() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let mut provider = aws_lc_rs::default_provider();
        provider.kx_groups.sort_by_key(|group| group.name() != NamedGroup::X25519);
        // Somebody else's choice, made earlier in this process, stands.
        if CryptoProvider::install_default(provider).is_err() {
            tracing::debug!("TLS was set up before");
        }
    });
}

//! Words of the room `playout`.

use super::catalogue;

catalogue! {}

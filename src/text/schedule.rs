//! Words of the room `schedule`.

use super::catalogue;

catalogue! {}

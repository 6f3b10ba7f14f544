//! Words of the room `office`.

use super::catalogue;

catalogue! {}

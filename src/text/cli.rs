//! Words of the room `cli`.

use super::catalogue;

catalogue! {}

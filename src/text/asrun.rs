//! Words of the room `asrun`.

use super::catalogue;

catalogue! {}

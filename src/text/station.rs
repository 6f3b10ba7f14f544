//! Words of the room `station`.

use super::catalogue;

catalogue! {}

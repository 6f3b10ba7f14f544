//! Words typed by people, and exit codes. No logic.

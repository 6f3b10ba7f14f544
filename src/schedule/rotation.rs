//! Which works an occurrence airs, in which language. Only signed files and dates enter.

//! §5.3: the root role.

use tough::schema::{Root, Signed};

use super::{ROOT_MAX, ROOTS_MAX, Update};
use crate::feed::{
    refusal::{Refusal, Why},
    roles, verify,
};

impl Update<'_> {
    /// Steps 5.3.1 to 5.3.10.
    pub(super) async fn update_root(&mut self) -> Result<(), Refusal> {
        for _ in 0..ROOTS_MAX {
            // 5.3.2, 5.3.3
            let next = self.root.version.get() + 1;
            let bytes = match self.fetch("root", &roles::metadata_name("root", Some(next)), ROOT_MAX).await {
                Ok(bytes) => bytes,
                Err(Refusal { why: Why::Absent, .. }) => break,
                Err(refusal) => return Err(refusal),
            };
            // 5.3.4: signed by the old keys and by its own.
            let new: Signed<Root> = verify::parse("root", &bytes)?;
            verify::by_root(&self.root, &new, "root")?;
            verify::by_root(&new.signed, &new, "root")?;
            // 5.3.5; 5.3.6: its expiry does not matter yet.
            verify::version("root", &new.signed, next)?;
            // 5.3.7, 5.3.8. Root first, memory second: a power cut between them leaves a newer root than remembered,
            // and `meet_root` then catches up. Roots are kept even from a stick that proves stale.
            self.disk.put_root(&bytes)?;
            self.root = new.signed;
            self.memory.root = next;
            self.meet_root()?;
            // 5.3.9
        }
        // 5.3.10
        verify::unexpired("root", &self.root, self.start)
    }

    /// 5.3.11: keys of timestamp or snapshot were taken away, so both files go and their versions count from anew.
    pub(super) fn meet_root(&mut self) -> Result<(), Refusal> {
        if self.memory.meet(&self.root) {
            self.disk.remove("timestamp")?;
            self.disk.remove("snapshot")?;
        }
        self.save()
    }
}

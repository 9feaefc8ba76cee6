//! Any bytes as a shortlist, the checksum made right so that what lies behind it is reached.
#![no_main]

use edisi_nmt::shortlist::{Candidates, Shortlist, checksum};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [source_len, target_len, shared, file @ ..] = data else { return };
    let mut file = file.to_vec();
    if let Some(sum) = checksum(&file) {
        file[8..16].copy_from_slice(&sum.to_le_bytes());
    }
    let (source_len, target_len) = (usize::from(*source_len), usize::from(*target_len));
    let Ok(shortlist) = Shortlist::new(&file, source_len, target_len, shared & 1 == 1) else { return };
    let mut candidates = Candidates::new();
    let source: Vec<u32> = file.iter().map(|byte| u32::from(*byte)).collect();
    shortlist.candidates(&source, &[3, u32::MAX], &mut candidates);
    let ids = candidates.ids();
    assert!(ids.is_sorted_by(|a, b| a < b) && ids.iter().all(|id| (*id as usize) < target_len));
    assert!(ids.len() % 8 == 0 || ids.len() == target_len);
});

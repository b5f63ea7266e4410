"""What holds in a folder holds in a bucket: tests of other rooms, whose landing is one here."""

import pytest

from tests.backfill import test_swap as swapping
from tests.erasure import conftest as persons
from tests.erasure import test_erase as erasing
from tests.landing import test_read_again as reading_again
from tests.sources.bank import conftest as banks
from tests.sources.bank import test_damage as damaged
from tests.sources.bank import test_landing_archives as archives
from tests.sources.bank import test_landing_files as files

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(in_bucket):
    return in_bucket


# Fixtures, and tests that use them.
TAKEN = {
    swapping: (
        "ready",
        "test_the_swap_takes_over_batches_warehouse_and_snapshot",
        "test_a_night_that_landed_meanwhile_is_not_overwritten",
        "test_a_failed_gate_leaves_nights_and_readers_as_they_were",
        "test_another_backfill_s_staging_is_left_alone",
    ),
    persons: ("people",),
    erasing: (
        "test_every_version_goes_and_nothing_else",
        "test_no_file_below_home_tells_of_the_person",
        "test_a_source_that_still_has_the_record_does_not_bring_it_back",
        "test_erasing_twice_changes_nothing_and_is_no_error",
        "test_a_batch_that_a_backup_brings_back_is_erased_again",
        "test_what_is_set_aside_is_emptied_and_still_says_that_it_is_missing",
    ),
    reading_again: (
        "clock",
        "two_nights",
        "test_the_next_landing_brings_it_back_however_old_its_window",
        "test_a_lost_tombstone_is_made_again",
        "test_a_landing_that_meets_a_damaged_batch_names_it",
    ),
    banks: (
        "new_bank",
        "bank",
    ),
    damaged: (
        "landed",
        "test_a_lost_batch_is_read_again_from_the_kept_files",
        "test_kept_bytes_that_were_damaged_are_taken_again_from_the_bank_s_folder",
    ),
    archives: ("test_an_archive_is_kept_and_its_members_land_like_files",),
    files: (
        "test_a_file_is_kept_byte_for_byte_and_its_records_name_it",
        "test_a_crash_before_the_file_record_repeats_the_file_and_no_key_is_new",
        "test_the_second_run_finds_nothing_to_do",
    ),
}
for module, names in TAKEN.items():
    globals().update({name: getattr(module, name) for name in names})

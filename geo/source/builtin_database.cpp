// SPDX-License-Identifier: Apache-2.0
#include "geo/source/builtin_database.hpp"

#include <sys/mman.h>
#include <unistd.h>

// The assembler copies the file: 8 MB as a C++ array would take the compiler a minute.
__asm__(
    ".pushsection .rodata\n"
    ".balign 16\n"
    "isochrone_builtin_database:\n"
    ".incbin \"" ISOCHRONE_COUNTRY_DATABASE
    "\"\n"
    "isochrone_builtin_database_end:\n"
    ".byte 0\n"
    ".popsection\n");

extern "C" {
extern const std::uint8_t isochrone_builtin_database[];
extern const std::uint8_t isochrone_builtin_database_end[];
}

namespace geo {

std::span<const std::uint8_t> builtin_database() noexcept {
    return {isochrone_builtin_database, isochrone_builtin_database_end};
}

void release_builtin_database() noexcept {
    // Whole pages only; they come from the executable's file and were never written to.
    static const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    const auto begin =
        (reinterpret_cast<std::uintptr_t>(isochrone_builtin_database) + page - 1) / page * page;
    const auto end = reinterpret_cast<std::uintptr_t>(isochrone_builtin_database_end) / page * page;
    if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

}  // namespace geo

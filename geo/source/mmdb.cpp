// SPDX-License-Identifier: Apache-2.0
#include "geo/source/mmdb.hpp"

#include "geo/base/descriptor.hpp"
#include "geo/base/shortage.hpp"

#include <maxminddb.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

namespace geo {
namespace {

// The data section begins 16 octets behind the tree, and a record's value counts from the tree's
// end (MaxMind DB format 2.0, "Data Section Separator").
constexpr std::uint32_t separator = 16;
// Octets per system call: until it returns, other threads may have to wait for the CPU.
constexpr std::size_t piece = 1 << 18;
constexpr std::size_t most_values = 4096;  // of a record, with all that is in it

/// Returns the text of errno; throws when that is a shortage.
Error system_error(const std::string& name) {
    const int fault = errno;
    throw_if_shortage(fault, name);
    return {name + ": " + std::strerror(fault)};
}

/// Opens the database in `copy`, by a file name, because the library accepts nothing else.
Result<std::unique_ptr<MMDB_s>> open_copy(const Descriptor& copy, const std::string& name) {
    const auto path = "/proc/self/fd/" + std::to_string(*copy);
    auto raw = std::make_unique<MMDB_s>();
    const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, raw.get());
    if (status == MMDB_SUCCESS) return raw;
    if (status == MMDB_FILE_OPEN_ERROR) return system_error(name);
    if (status == MMDB_INVALID_METADATA_ERROR) {
        return Error{name + ": not a MaxMind database, or cut short"};
    }
    return Error{name + ": " + MMDB_strerror(status)};
}

Result<Descriptor> private_copy(const std::string& path) {
    const Descriptor file{
        ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};  // no pipe holds us up
    if (*file < 0) return system_error(path);
    struct stat status {};
    if (fstat(*file, &status) != 0) return system_error(path);
    if (!S_ISREG(status.st_mode)) return Error{path + ": not a file"};
    if (status.st_size == 0) return Error{path + ": the file is empty"};
    Descriptor copy{memfd_create("mmdb", MFD_CLOEXEC)};
    if (*copy < 0) return system_error(path);
    for (;;) {
        const auto sent = sendfile(*copy, *file, nullptr, piece);
        if (sent < 0) return system_error(path);
        if (sent == 0) return copy;
    }
}

Result<Descriptor> private_copy(std::span<const std::uint8_t> bytes, const std::string& name) {
    Descriptor copy{memfd_create("mmdb", MFD_CLOEXEC)};
    if (*copy < 0) return system_error(name);
    while (!bytes.empty()) {
        const auto written = write(*copy, bytes.data(), bytes.size());
        if (written < 0) return system_error(name);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return copy;
}

}  // namespace

void Mmdb::Close::operator()(MMDB_s* database) const noexcept {
    MMDB_close(database);
    delete database;
}

Mmdb::Mmdb(std::unique_ptr<MMDB_s, Close> database, std::string name)
    : database_{std::move(database)},
      name_{std::move(name)},
      tree_{database_->file_content, database_->metadata.record_size,
            database_->metadata.node_count, database_->data_section_size} {}
Mmdb::Mmdb(Mmdb&&) noexcept = default;
Mmdb& Mmdb::operator=(Mmdb&&) noexcept = default;
Mmdb::~Mmdb() = default;

Result<Mmdb> Mmdb::open(const std::string& path) {
    const auto copy = private_copy(path);
    if (!copy) return copy.error();
    auto raw = open_copy(*copy, path);
    if (!raw) return raw.error();
    return Mmdb{std::unique_ptr<MMDB_s, Close>{raw->release()}, path};
}

Result<Mmdb> Mmdb::open(std::span<const std::uint8_t> bytes, std::string name) {
    const auto copy = private_copy(bytes, name);
    if (!copy) return copy.error();
    auto raw = open_copy(*copy, name);
    if (!raw) return raw.error();
    return Mmdb{std::unique_ptr<MMDB_s, Close>{raw->release()}, std::move(name)};
}

std::string Mmdb::type() const {
    return database_->metadata.database_type;
}
std::uint64_t Mmdb::built() const noexcept {
    return database_->metadata.build_epoch;
}
bool Mmdb::covers(Family family) const noexcept {
    return family == Family::V4 || database_->metadata.ip_version == 6;
}

PrefixTree::Cursor Mmdb::root(Family family) const {
    if (!covers(family)) return {};
    if (family == Family::V6 || database_->metadata.ip_version == 4) {
        return {.value = 0, .leaf = false};
    }
    // The IPv4 space of an IPv6 tree is at ::/96; the library has already walked to it.
    return tree_.position(database_->ipv4_start_node.node_value);
}

Place Mmdb::place(std::uint32_t record, PlaceParts parts, std::string* not_understood) const {
    if (record < separator) return {};
    const std::span section{database_->data_section, database_->data_section_size};
    return read_record(MmdbValues{section, most_values}, record - separator, parts, not_understood);
}

}  // namespace geo

// SPDX-License-Identifier: Apache-2.0
#pragma once
// A GeoIP database in the MaxMind DB format. The whole file is copied into anonymous memory before
// it is read, so that nothing that happens to the file afterwards (truncated in place, replaced,
// deleted) can reach us: a mapped file that shrinks kills its reader with SIGBUS.
// Control path only: the map compiler walks it once, then it is closed and its memory is free.

#include "geo/base/result.hpp"
#include "geo/place/place.hpp"
#include "geo/source/mmdb_record.hpp"
#include "geo/source/prefix_tree.hpp"
#include "geo/source/search_tree.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>

struct MMDB_s;

namespace geo {

class Mmdb final : public PrefixTree {
 public:
    /// Fails when the file cannot be read, is no MaxMind database, or is cut short. Throws
    /// std::system_error for want of descriptors or memory.
    [[nodiscard]] static Result<Mmdb> open(const std::string& path);
    /// The same for a database in memory; `name` is for messages.
    [[nodiscard]] static Result<Mmdb> open(std::span<const std::uint8_t> bytes, std::string name);

    Mmdb(Mmdb&&) noexcept;
    Mmdb& operator=(Mmdb&&) noexcept;
    ~Mmdb() override;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    /// "GeoLite2-City", as its metadata says.
    [[nodiscard]] std::string type() const;
    /// Seconds since 1970 at which it was built.
    [[nodiscard]] std::uint64_t built() const noexcept;
    [[nodiscard]] std::uint32_t node_count() const noexcept { return tree_.node_count(); }
    /// A database of IPv4 addresses alone has no V6.
    [[nodiscard]] bool covers(Family family) const noexcept;

    /// A leaf's value is its record: pass it to `place`.
    [[nodiscard]] Position root(Family family) const override;
    /// A node that the file cannot hold is a leaf without value.
    [[nodiscard]] Halves split(std::uint32_t node) const override { return tree_.split(node); }

    /// What a record says: see read_record.
    [[nodiscard]] Place place(std::uint32_t record, PlaceParts parts = {},
                              std::string* not_understood = nullptr) const;

 private:
    struct Close {
        void operator()(MMDB_s* database) const noexcept;
    };
    Mmdb(std::unique_ptr<MMDB_s, Close> database, std::string name);

    std::unique_ptr<MMDB_s, Close> database_;
    std::string name_;
    SearchTree tree_;
};

}  // namespace geo

// SPDX-License-Identifier: Apache-2.0
#pragma once
// A GeoIP database in the MaxMind DB format. The whole file is copied into anonymous memory before
// it is read, so a file that is truncated, replaced or deleted later cannot affect the server: a
// mapped file that shrinks would kill its reader with SIGBUS. Control path only: the map compiler
// walks a database once, then closes it and frees its memory.

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
    /// Opens a file. Fails when it cannot be read, is not a MaxMind database, or is cut short.
    /// Throws std::system_error for lack of descriptors or memory.
    [[nodiscard]] static Result<Mmdb> open(const std::string& path);
    /// The same for a database in memory; `name` is for messages.
    [[nodiscard]] static Result<Mmdb> open(std::span<const std::uint8_t> bytes, std::string name);

    Mmdb(Mmdb&&) noexcept;
    Mmdb& operator=(Mmdb&&) noexcept;
    ~Mmdb() override;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    /// Returns the type in the database's metadata: "GeoLite2-City".
    [[nodiscard]] std::string type() const;
    /// Returns the time when it was built, in seconds since 1970.
    [[nodiscard]] std::uint64_t built() const noexcept;
    [[nodiscard]] std::uint32_t node_count() const noexcept { return tree_.node_count(); }
    /// True if the database has addresses of this family; one of IPv4 alone has no V6.
    [[nodiscard]] bool covers(Family family) const noexcept;

    /// Returns the root of a family's tree. A leaf's value is its record, to be passed to place().
    [[nodiscard]] Cursor root(Family family) const override;
    /// Returns the two halves below a node. For a node beyond the file, both are leaves without
    /// value.
    [[nodiscard]] Halves split(std::uint32_t node) const override { return tree_.split(node); }

    /// Returns what a record says; see read_record().
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

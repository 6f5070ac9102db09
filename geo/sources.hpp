// SPDX-License-Identifier: Apache-2.0
#pragma once
// All that is known of where clients are: the operator's places file, then the databases in the
// order in which they are named, then, for each family of which no database knows the countries,
// the country database that the executable carries. Control path only.

#include "geo/mmdb.hpp"
#include "geo/places_file.hpp"
#include "geo/prefix_tree.hpp"
#include "geo/problem.hpp"

#include <optional>
#include <string>
#include <vector>

namespace geo {

struct SourceFiles {
    std::vector<std::string> databases;  // paths of mmdb files
    std::string places;                  // path of a places file, or empty
};

class Sources {
 public:
    /// Opens everything. Nothing comes back when there is a problem; all are written down.
    [[nodiscard]] static std::optional<Sources> open(const SourceFiles& files, Problems& problems);

    struct Found {
        Place place;
        std::string source;  // which file said where the client is; empty when none did
    };
    /// What is known of one address. An IPv6 address that carries an IPv4 client is looked up as
    /// that client.
    [[nodiscard]] Found find(const Address& client) const;

    /// The length of a prefix around the address within which all have the same place.
    [[nodiscard]] unsigned place_length(const Address& client) const;

    /// Whether `asn:` rows of policies can match anybody.
    [[nodiscard]] bool knows_asns() const noexcept { return knows_asns_; }
    /// The same for `subdivision:` rows.
    [[nodiscard]] bool knows_subdivisions() const noexcept { return knows_subdivisions_; }

    /// The layers of places, the first one that knows counts: a table of overrides, then databases.
    [[nodiscard]] const PrefixTable& override_tree() const noexcept { return override_tree_; }
    /// What a value of `override_tree` stands for.
    [[nodiscard]] const Place& override_place(std::uint32_t value) const {
        return overrides_[value - 1].place;
    }
    [[nodiscard]] std::vector<const Mmdb*> databases(Family family) const;

 private:
    struct Database {
        Mmdb mmdb;
        bool serves_v4 = true;
        bool serves_v6 = true;
    };
    void add_builtin(bool v4, bool v6, Problems& problems);
    void read_overrides(const std::string& path, Problems& problems);

    std::vector<Database> databases_;
    std::vector<PlaceRow> overrides_;
    PrefixTable override_tree_;
    std::string override_file_;
    bool knows_asns_ = false;
    bool knows_subdivisions_ = false;
};

}  // namespace geo

// SPDX-License-Identifier: Apache-2.0
#pragma once
// All that is known of where clients are: the operator's places file, then the databases in the
// order in which they are named, then, for whom none of these has a country, the country database
// that the executable carries. Control path only.

#include "geo/base/problem.hpp"
#include "geo/source/mmdb.hpp"
#include "geo/source/places_file.hpp"
#include "geo/source/prefix_tree.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace geo {

struct SourceFiles {
    /// Whether the built-in database is asked for what the others do not know.
    enum class Builtin : std::uint8_t { Asked, LeftOut };
    /// How many records of a database are looked at, to tell which cannot be read. All of a city
    /// database take a second.
    enum class Survey : std::uint8_t { Some, All };

    std::vector<std::string> databases;  // paths of mmdb files
    std::string places;                  // path of a places file, or empty
    Builtin builtin = Builtin::Asked;
    Survey survey = Survey::Some;
};

class Sources {
 public:
    /// Opens everything. Nothing comes back when there is a fault; all are written down. Records that
    /// cannot be read are a warning.
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
    /// The networks of the places file, in no order.
    [[nodiscard]] std::vector<Prefix> override_prefixes() const;
    /// The built-in one, if it is asked, is the last.
    [[nodiscard]] std::vector<const Mmdb*> databases(Family family) const;
    /// Null when it is left out.
    [[nodiscard]] const Mmdb* builtin() const noexcept { return builtin_ ? &*builtin_ : nullptr; }

 private:
    void add(const std::string& path, SourceFiles::Survey survey, Problems& problems);
    void add_builtin(Problems& problems);
    void read_overrides(const std::string& path, Problems& problems);

    std::vector<Mmdb> databases_;
    std::optional<Mmdb> builtin_;
    std::vector<PlaceRow> overrides_;
    PrefixTable override_tree_;
    std::string override_file_;
    bool knows_asns_ = false;
    bool knows_subdivisions_ = false;
};

}  // namespace geo

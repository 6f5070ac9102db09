// SPDX-License-Identifier: Apache-2.0
#pragma once
// All that is known about where clients are. The operator's places file comes first, then the
// databases in the order in which they are named. The country database in the executable comes
// last, for clients whose country none of these knows. Control path only.

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
    /// Decides whether the built-in database is asked for what the others do not know.
    enum class Builtin : std::uint8_t { Asked, LeftOut };
    /// Decides how many records of a database are read to find those that cannot be understood. All
    /// records of a city database take a second.
    enum class Survey : std::uint8_t { Some, All };

    std::vector<std::string> databases;  // paths of mmdb files
    std::string places;                  // path of a places file, or empty
    Builtin builtin = Builtin::Asked;
    Survey survey = Survey::Some;
};

class Sources {
 public:
    /// Opens all files. Returns nothing when there is a fault; all faults are added to `problems`.
    /// Records that cannot be read are a warning.
    [[nodiscard]] static std::optional<Sources> open(const SourceFiles& files, Problems& problems);

    struct Located {
        Place place;
        std::string source;  // the file that located the client; empty when none did
    };
    /// Returns what is known about one address. An IPv6 address that carries an IPv4 client is
    /// looked up as that client.
    [[nodiscard]] Located find(const Address& client) const;

    /// Returns the length of a prefix around the address within which all addresses have the same
    /// place.
    [[nodiscard]] unsigned place_length(const Address& client) const;

    /// True if any source has AS numbers, so `asn:` rows of policies can match.
    [[nodiscard]] bool knows_asns() const noexcept { return knows_asns_; }
    /// The same for `subdivision:` rows.
    [[nodiscard]] bool knows_subdivisions() const noexcept { return knows_subdivisions_; }

    /// The layers of places, of which the first one that knows counts: the overrides, then the
    /// databases.
    [[nodiscard]] const PrefixTable& override_tree() const noexcept { return override_tree_; }
    /// Returns the place that a value of override_tree() stands for.
    [[nodiscard]] const Place& override_place(std::uint32_t value) const {
        return overrides_[value - 1].place;
    }
    /// Returns the networks of the places file, in no order.
    [[nodiscard]] std::vector<Prefix> override_prefixes() const;
    /// Returns the databases with addresses of this family. The built-in one, if it is asked, comes
    /// last.
    [[nodiscard]] std::vector<const Mmdb*> databases(Family family) const;
    /// Returns the built-in database; null when it is left out.
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

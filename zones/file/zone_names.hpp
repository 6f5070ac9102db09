// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads the names that a zone file has as keys, and the zone's own name. Each function writes what
// is wrong with a name to the document. Control path.

#include "zones/json/json.hpp"
#include "zones/name/written_name.hpp"

#include <optional>
#include <string_view>

namespace zones {

/// Reads the "zone" of a zone file. Returns nothing when there is no such name.
[[nodiscard]] std::optional<WrittenName> read_apex(const Json& root);

/// Reads names that are relative to a zone.
class ZoneNames {
 public:
    /// `origin` is the zone's name with the case of its letters.
    explicit ZoneNames(const WrittenName& origin) : origin_{origin}, apex_{origin.folded()} {}

    [[nodiscard]] const WrittenName& origin() const noexcept { return origin_; }
    [[nodiscard]] const Name& apex() const noexcept { return apex_; }

    /// Returns the name of a member of "records"; nothing when no record can stand at it.
    [[nodiscard]] std::optional<Name> read_owner(std::string_view text, const Json& where) const;
    /// Returns the name of a member of "nameservers", which may be outside of the zone.
    [[nodiscard]] std::optional<WrittenName> read_server(std::string_view text,
                                                         const Json& where) const;

 private:
    [[nodiscard]] bool is_own(const Name& name, const Json& where) const;
    [[nodiscard]] bool is_doubled(std::string_view text, const Name& name, const Json& where) const;

    WrittenName origin_;
    Name apex_;
};

}  // namespace zones

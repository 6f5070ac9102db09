// SPDX-License-Identifier: Apache-2.0
#include "zones/zone/doubtful_name.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace zones {
namespace {

constexpr RrType afsdb = 18, rt = 21, naptr = 35, kx = 36, svcb = 64, https = 65, lp = 107;

std::size_t own_labels(const Name& name, const Name& apex) {
    return name.label_count() - apex.label_count();
}

/// Returns how many labels at the end of the name's own part repeat the end of the zone's name.
std::size_t repeated_labels(const Name& name, const Name& apex) {
    const auto own = own_labels(name, apex);
    std::size_t count = 0;
    while (count < std::min(own, apex.label_count()) &&
           label_of(name, own - 1 - count) == label_of(apex, apex.label_count() - 1 - count)) {
        ++count;
    }
    return count;
}

}  // namespace

bool leads_to_host(RrType type) noexcept {
    constexpr std::array types{rr::CNAME, rr::PTR, rr::MX, rr::SRV, rr::DNAME, afsdb,
                               rt,        naptr,   kx,     svcb,    https,     lp};
    return std::ranges::find(types, type) != types.end();
}

bool looks_absolute(const Name& name, const Name& apex, RrType type) {
    const auto own = own_labels(name, apex);
    if (own < 2) return false;
    // Endings of host names that are hardly the name of a host or a site.
    constexpr std::array<std::string_view, 7> endings{"com", "net", "org", "edu",
                                                      "gov", "mil", "arpa"};
    if (std::ranges::find(endings, label_of(name, own - 1)) != endings.end()) return true;
    // "ns1.fra.de" may well be meant in a zone of .de; as a name server it hardly is.
    const auto repeated = repeated_labels(name, apex);
    return repeated >= 2 || (repeated == 1 && (type == rr::NS || type == rr::SOA));
}

std::string dangling_text(const Name& first, std::size_t count) {
    if (count == 1) {
        return " leads to " + first.text() +
               ", which does not exist; a name outside of this zone needs a dot at its end";
    }
    return " leads to " + first.text() + " and " + std::to_string(count - 1) +
           " more names that do not exist; names outside of this zone need a dot at their end";
}

std::string doubtful_text(const Name& first, const Name& apex, std::size_t count) {
    const auto wire = first.wire();
    std::string meant;
    for (std::size_t at = 0; at < first.label_at(own_labels(first, apex)); at += wire[at] + 1U)
        meant += name_text(wire.subspan(at, wire[at] + 1U));
    const auto more =
        count == 1 ? std::string{} : " and " + std::to_string(count - 1) + " more such";
    return " has the name " + first.text() + more + ", inside of this zone; if " + meant +
           " is meant, a dot belongs at its end";
}

}  // namespace zones

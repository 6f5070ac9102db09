// SPDX-License-Identifier: Apache-2.0
#include "zones/file/zone_names.hpp"

#include "zones/name/odd_letters.hpp"
#include "zones/zone/zone_rules.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace zones {
namespace {

void warn_of_odd_letter(std::string_view name, const Json& where) {
    if (auto odd = odd_letter_of_name(name); !odd.empty()) where.warning(std::move(odd));
}

}  // namespace

std::optional<WrittenName> read_apex(const Json& root) {
    const auto value = root.find("zone");
    if (!value) {
        root.fault("\"zone\" is missing: the name of the zone");
        return std::nullopt;
    }
    const auto text = value->string("the zone's name");
    if (!text) return std::nullopt;
    const auto apex = WrittenName::from_text(*text, WrittenName{});
    if (!apex || *text == "@") value->expected("the zone's name, as in \"plex.example.com\"");
    warn_of_odd_letter(*text, *value);
    return apex;
}

std::optional<Name> ZoneNames::read_owner(std::string_view text, const Json& where) const {
    const auto name = Name::from_text(text, apex_);
    if (!name) {
        where.key_fault("\"" + std::string{text} +
                        "\" is no name: " + std::string{WrittenName::fault_of(text, origin_)});
        return std::nullopt;
    }
    warn_of_odd_letter(text, where);
    if (!name->within(apex_)) {
        where.key_fault(name->text() + " is outside of the zone " + apex_.text());
        return std::nullopt;
    }
    if (is_doubled(text, *name, where) || is_own(*name, where)) return std::nullopt;
    return name;
}

std::optional<WrittenName> ZoneNames::read_server(std::string_view text, const Json& where) const {
    const auto written = WrittenName::from_text(text, origin_);
    if (!written || text == "@") {
        where.key_fault("\"" + std::string{text} + "\" is no name of a server");
        return std::nullopt;
    }
    const auto name = written->folded();
    warn_of_odd_letter(text, where);
    if (is_doubled(text, name, where)) return std::nullopt;
    if (name.within(apex_) && is_own(name, where)) return std::nullopt;
    return written;
}

/// Writes a fault for a name that the server answers itself, from what it knows.
bool ZoneNames::is_own(const Name& name, const Json& where) const {
    const auto labels = name.label_count() - apex_.label_count();
    const auto answer = own_answer(name.wire().first(name.label_at(labels)));
    if (answer.empty()) return false;
    where.key_fault("the server answers " + name.text() + " itself: " + std::string{answer});
    return true;
}

/// Writes a fault for a name that has the zone's name at its end and no dot behind it.
bool ZoneNames::is_doubled(std::string_view text, const Name& name, const Json& where) const {
    // The zone's name does not fit into fewer labels.
    const auto dots = static_cast<std::size_t>(std::ranges::count(text, '.'));
    if (dots + 1 < apex_.label_count()) return false;
    const auto absolute = Name::from_text(text, Name{});
    if (!absolute || text.ends_with('.') || apex_.label_count() == 0 || !absolute->within(apex_)) {
        return false;
    }
    where.key_fault("names are relative to the zone: this is " + name.text() +
                    "; with a dot at its end it is " + absolute->text());
    return true;
}

}  // namespace zones

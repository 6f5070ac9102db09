// SPDX-License-Identifier: Apache-2.0
#include "zones/zone/name_marks.hpp"

namespace zones {

NameMarks::NameMarks(const Contents& contents) : flags_(contents.name_count()) {
    for (const auto& set : contents.sets()) {
        auto& flags = flags_[set.owner];
        if (set.type == rr::NS && set.owner != 0) flags |= NodeStore::Cut;
        if (set.type == rr::DNAME) flags |= NodeStore::Dname;
    }
    const auto has_cut_above = [&](std::uint32_t number) {
        auto above = contents.parent(number);
        while (above != NameTable::none && !has(above, NodeStore::Cut))
            above = contents.parent(above);
        return above != NameTable::none;
    };
    for (std::uint32_t number = 0; number < contents.name_count(); ++number) {
        if (has_cut_above(number)) flags_[number] |= NodeStore::Below;
        const auto parent = contents.parent(number);
        if (parent != NameTable::none && contents.is_wildcard(number))
            flags_[parent] |= NodeStore::HasWildcard;
    }
}

std::vector<std::uint32_t> targets_of(const Contents& contents, const Contents::Set& name_servers) {
    std::vector<std::uint32_t> targets;
    for (const auto rdata : contents.records(name_servers)) {
        const auto target = name_in(rdata, 0);
        targets.push_back(target->within(contents.apex()) ? contents.names().find(*target)
                                                          : NameTable::none);
    }
    return targets;
}

}  // namespace zones

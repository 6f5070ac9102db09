// SPDX-License-Identifier: Apache-2.0
#include "zones/master/plain_zone.hpp"

#include "zones/master/master_zone.hpp"
#include "zones/master/zone_import.hpp"
#include "zones/name/record.hpp"
#include "zones/zone/name_marks.hpp"
#include "zones/zone/zone_builder.hpp"
#include "zones/zone/zone_rules.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

namespace zones {
namespace {

geo::Address address_of(std::span<const std::uint8_t> rdata) {
    return geo::address_from(rdata.size() == 4 ? geo::Family::V4 : geo::Family::V6, rdata);
}

void remove_own_answers(Contents& contents, const Source& source) {
    contents.remove_if([&](const Contents::Set& set) {
        const auto answer = own_answer(contents.names().stored(set.owner));
        if (answer.empty()) return false;
        source.fault_at(set.where, "the server answers " + contents.owner(set).text() +
                                       " itself: " + std::string{answer});
        return true;
    });
}

/// The RRsets of the apex, which come first, say which names are servers.
std::vector<NameServer> name_servers_of(const Contents& contents) {
    std::vector<NameServer> servers;
    std::vector<std::uint32_t> numbers;  // of the servers' names
    for (const auto& set : contents.sets()) {
        if (set.type == rr::NS && set.owner == 0) {
            numbers = targets_of(contents, set);
            for (const auto rdata : contents.records(set))
                servers.push_back({*name_in(rdata, 0), {}});
        } else if (set.type == rr::A || set.type == rr::AAAA) {
            const auto server = std::ranges::find(numbers, set.owner);
            if (server == numbers.end()) continue;
            auto& addresses = servers[static_cast<std::size_t>(server - numbers.begin())].addresses;
            for (const auto rdata : contents.records(set)) addresses.push_back(address_of(rdata));
        }
    }
    return servers;
}

/// A zone file in master format, read.
class PlainZone {
 public:
    PlainZone(const std::string& path, Texts& from)
        : master_{MasterZone::load(path, origin_of(path), problems_, from)} {
        if (master_ == nullptr) return;
        const bool complete = !geo::any_fault(problems_);
        auto& contents = master_->contents();
        remove_own_answers(contents, master_->source());
        auto& servers = contents.settings().name_servers;
        servers = name_servers_of(contents);
        if (servers.empty() && complete) master_->fault_of_zone("the zone has no NS records");
    }

    std::shared_ptr<const Zone> compile_zone(geo::Problems& problems) {
        std::shared_ptr<const Zone> zone;
        if (master_ != nullptr) zone = compile(std::move(master_->contents()), master_->source());
        return hand_over(problems) ? zone : nullptr;
    }

    std::optional<Contents> take(geo::Problems& problems) {
        if (!hand_over(problems) || master_ == nullptr) return std::nullopt;
        return std::move(master_->contents());
    }

 private:
    /// Returns false when any problem is a fault.
    bool hand_over(geo::Problems& problems) {
        const bool faulty = geo::any_fault(problems_);
        std::ranges::move(problems_, std::back_inserter(problems));
        return !faulty;
    }

    geo::Problems problems_;
    std::unique_ptr<MasterZone> master_;
};

}  // namespace

std::shared_ptr<const Zone> load_plain_zone(const std::string& path, geo::Problems& problems,
                                            Texts& from) {
    return PlainZone{path, from}.compile_zone(problems);
}

std::optional<Contents> load_plain_contents(const std::string& path, geo::Problems& problems,
                                            Texts& from) {
    return PlainZone{path, from}.take(problems);
}

}  // namespace zones

// SPDX-License-Identifier: Apache-2.0
#include "dnsd/nodes/zone_versions.hpp"

#include "geo/base/digest.hpp"
#include "geo/text/duration_text.hpp"
#include "geo/text/fact_line.hpp"
#include "zones/zone/zone_digest.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <limits>
#include <string_view>

namespace control {
namespace {

using probes::Digest;

constexpr std::string_view zone_suffix = ".zone";
constexpr std::string_view others_owner = "zones";
constexpr std::size_t longest_zone = 150;  // as text in a line
constexpr std::size_t most_lines = 8;      // of one kind at a time in the log

std::uint64_t digest_of(std::string_view name) {
    Digest digest;
    digest.add(name);
    return digest.value();
}

std::string owner_of(std::string_view zone) {
    return probes::digest_text(digest_of(zone)).append(zone_suffix);
}

bool is_zone_owner(std::string_view owner) {
    return owner.ends_with(zone_suffix) &&
           probes::read_digest(owner.substr(0, owner.size() - zone_suffix.size()));
}

/// Returns what one zone adds to the sum over the other zones.
std::uint64_t part_of(std::string_view owner, std::uint64_t zone) {
    Digest digest;
    digest.add(owner);
    digest.add(zone);
    return digest.value();
}

std::string form_text() {
    return std::to_string(zones::ZoneDigest::form);
}

std::string zone_record(const std::string& zone, const ZoneVersion& version) {
    probes::FactLine line;
    line.add("form", form_text());
    line.add("serial", std::to_string(version.serial));
    line.add("digest", probes::digest_text(version.digest));
    if (zone.size() <= longest_zone) line.add("zone", zone);
    return line.text();
}

std::string others_record(const ZoneVersion& others) {
    probes::FactLine line;
    line.add("form", form_text());
    line.add("others", std::to_string(others.serial));
    line.add("digest", probes::digest_text(others.digest));
    return line.text();
}

/// Returns nothing too if the digest has another form. `number` is "serial" or "others".
std::optional<ZoneVersion> read_version(const probes::Facts& facts, std::string_view number) {
    const auto value = probes::read_number(probes::value_of(facts, number),
                                           std::numeric_limits<std::uint32_t>::max());
    const auto digest = probes::read_digest(probes::value_of(facts, "digest"));
    if (!value || !digest || probes::value_of(facts, "form") != form_text()) return std::nullopt;
    return ZoneVersion{static_cast<std::uint32_t>(*value), *digest};
}

/// True if a text is a zone's name as zone_text() writes it.
bool is_zone_name(std::string_view text) {
    const auto name = zones::Name::from_text(text, zones::Name{});
    return name && zone_text(*name) == text;
}

std::string sentence_of(const ZoneNews& news) {
    const auto& [zone, node, here, there, since] = news.difference;
    const auto what = zone == "*" ? "zones beyond those told one by one" : zone;
    if (news.kind == ZoneNews::Kind::NotHeard)
        return fmt::format("{} does not tell any more how it serves {}", node, what);
    if (news.kind == ZoneNews::Kind::Over)
        return fmt::format("{} serves {} as this node does again", node, what);
    if (!there) return fmt::format("{} does not serve {}, which this node does", node, what);
    if (!here) return fmt::format("{} serves {}, which this node does not", node, what);
    return fmt::format("{} serves another version of {} than this node: {} there, {} here", node,
                       what, to_text(there), to_text(here));
}

}  // namespace

std::string to_text(const std::optional<ZoneVersion>& version) {
    if (!version) return "none";
    return std::to_string(version->serial) + '/' + probes::digest_text(version->digest);
}

std::string to_line(const ZoneDifference& difference, probes::Time now) {
    probes::FactLine line;
    line.add("differs", difference.zone);
    line.add("at", difference.node);
    line.add("since", probes::duration_text(now - difference.since));
    line.add("here", to_text(difference.here));
    line.add("there", to_text(difference.there));
    return line.text();
}

void log_zones(const std::vector<ZoneNews>& news) {
    std::map<ZoneNews::Kind, std::size_t> counts;
    for (const auto& item : news) {
        const bool lasts = item.kind == ZoneNews::Kind::Lasts;
        if (++counts[item.kind] > most_lines) continue;
        spdlog::log(lasts ? spdlog::level::warn : spdlog::level::info, "{}", sentence_of(item));
    }
    for (const auto& [kind, count] : counts) {
        if (count <= most_lines) continue;
        spdlog::info("the same is so of {} zones more: see `isochrone status`", count - most_lines);
    }
}

void ZoneVersions::serve(const zones::Catalog& catalog, const zones::Name& first) {
    own_.clear();
    told_.clear();
    ZoneVersion others;
    for (const auto& served : catalog.zones()) {
        const auto zone = zone_text(served.zone->apex());
        own_.emplace(owner_of(zone),
                     NamedVersion{zone, {served.zone->serial(), served.zone->digest()}});
    }
    const auto first_owner = owner_of(zone_text(first));
    const bool has_first = own_.contains(first_owner);
    std::size_t room = most_told - (has_first ? 1 : 0);
    for (const auto& [owner, known] : own_) {
        const bool one_by_one = owner == first_owner || room > 0;
        if (owner != first_owner && room > 0) --room;
        if (one_by_one) {
            told_.emplace(owner, zone_record(known.zone, known.version));
        } else {
            ++others.serial;
            others.digest += part_of(owner, known.version.digest);
        }
    }
    told_.emplace(others_owner, others_record(others));
    changed_ = true;
}

void ZoneVersions::set_peers(const std::vector<std::string>& peers) {
    std::map<std::string, PeerZones> next;
    for (const auto& peer : peers) next[peer] = std::move(peers_[peer]);
    peers_ = std::move(next);
    changed_ = true;
}

void ZoneVersions::hear(const std::string& peer, const transfer::Changes& changes) {
    const auto known = peers_.find(peer);
    if (known == peers_.end()) return;
    auto& [zones, others] = known->second;
    if (changes.all_removed) {
        known->second = {};
        changed_ = true;
    }
    for (const auto& owner : changes.removed) {
        if (owner == others_owner) others.reset();
        zones.erase(owner);
        changed_ = true;
    }
    for (const auto& [owner, text] : changes.set) {
        const bool of_others = owner == others_owner;
        if (!of_others && !is_zone_owner(owner)) continue;
        changed_ = true;
        zones.erase(owner);
        const auto facts = probes::read_facts(text);
        const auto version = facts ? read_version(*facts, of_others ? "others" : "serial")
                                   : std::optional<ZoneVersion>{};
        if (of_others) others = version;
        if (of_others || !version || zones.size() >= most_told) continue;
        const auto zone = probes::value_of(*facts, "zone");
        const bool named = !zone.empty() && is_zone_name(zone) && owner_of(zone) == owner;
        if (!zone.empty() && !named) continue;
        zones.emplace(owner, NamedVersion{named ? std::string{zone} : owner, *version});
    }
}

void ZoneVersions::find_differences(const std::string& name, const PeerZones& peer,
                                    probes::Time now, OpenDifferences& found) const {
    if (!peer.others) return;
    const auto add = [&](const std::string& owner, const std::string& zone,
                         std::optional<ZoneVersion> here, std::optional<ZoneVersion> there) {
        const auto before = open_.find({name, owner});
        const bool known = before != open_.end();
        found.emplace(std::pair{name, owner},
                      Open{.difference = {.zone = zone,
                                          .node = name,
                                          .here = here,
                                          .there = there,
                                          .since = known ? before->second.difference.since : now},
                           .logged = known && before->second.logged});
    };
    ZoneVersion others;
    for (const auto& [owner, own] : own_) {
        const auto told = peer.zones.find(owner);
        if (told != peer.zones.end()) {
            if (told->second.version.digest != own.version.digest)
                add(owner, own.zone, own.version, told->second.version);
        } else if (peer.others->serial == 0) {
            add(owner, own.zone, own.version, std::nullopt);
        } else {
            ++others.serial;
            others.digest += part_of(owner, own.version.digest);
        }
    }
    for (const auto& [owner, known] : peer.zones) {
        if (!own_.contains(owner)) add(owner, known.zone, std::nullopt, known.version);
    }
    if (peer.others->serial > 0 && *peer.others != others)
        add(std::string{others_owner}, "*", others, peer.others);
}

std::vector<ZoneNews> ZoneVersions::compare(probes::Time now) {
    std::vector<ZoneNews> news;
    if (std::exchange(changed_, false)) {
        OpenDifferences found;
        for (const auto& [name, peer] : peers_) find_differences(name, peer, now, found);
        for (const auto& [key, open] : open_) {
            if (!open.logged || found.contains(key)) continue;
            const auto peer = peers_.find(key.first);
            const bool tells = peer != peers_.end() && peer->second.others;
            news.push_back(
                {tells ? ZoneNews::Kind::Over : ZoneNews::Kind::NotHeard, open.difference});
        }
        open_ = std::move(found);
    }
    for (auto& [key, open] : open_) {
        if (open.logged || now - open.difference.since < lasting) continue;
        open.logged = true;
        news.push_back({ZoneNews::Kind::Lasts, open.difference});
    }
    return news;
}

std::vector<ZoneDifference> ZoneVersions::differences(probes::Time now) const {
    std::vector<ZoneDifference> lasting_ones;
    for (const auto& [key, open] : open_) {
        if (now - open.difference.since >= lasting) lasting_ones.push_back(open.difference);
    }
    return lasting_ones;
}

}  // namespace control

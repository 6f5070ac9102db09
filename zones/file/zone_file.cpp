// SPDX-License-Identifier: Apache-2.0
#include "zones/file/zone_file.hpp"

#include "zones/file/check_values.hpp"
#include "zones/file/edge_reader.hpp"
#include "zones/file/rrset_reader.hpp"
#include "zones/file/soa_reader.hpp"
#include "zones/file/steer_reader.hpp"
#include "zones/file/zone_names.hpp"
#include "zones/file/zone_ttls.hpp"
#include "zones/json/json.hpp"
#include "zones/master/plain_zone.hpp"
#include "zones/name/record.hpp"
#include "zones/zone/zone_builder.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace zones {
namespace {

constexpr std::size_t max_answer = 512;  // addresses in one answer of a steered name

Rdata name_rdata(const WrittenName& name) {
    return {.octets = {name.wire().begin(), name.wire().end()}};
}

/// Reads one zone; each method reads one part of the file.
class ZoneReader {
 public:
    ZoneReader(const JsonDocument& document, std::uint32_t changed)
        : root_{document.root()}, soa_{root_, changed} {}

    /// Returns nothing when the file does not say which zone it is.
    std::optional<Contents> read() {
        if (!root_.object("an object with \"zone\", \"nameservers\" and \"records\""))
            return std::nullopt;
        root_.allow_keys({"$schema", "zone", "ttl", "soa", "nameservers", "edges", "groups",
                          "missing_family", "all_down", "min_ttl", "records"});
        const auto written = read_apex(root_);
        names_ = ZoneNames{written.value_or(WrittenName{})};
        const auto& apex = names_.apex();  // without a name, the rest is read for its faults
        contents_.emplace(apex);
        auto& settings = contents_->settings();
        ttls_.read(root_);
        read_name_servers();
        if (const auto edges = root_.find("edges")) {
            // A zone without a name has its fault already; its checks need no second one for a
            // missing host.
            edges_.read(*edges, written ? read_host(apex.text()) : "localhost");
        }
        if (const auto groups = root_.find("groups")) steers_.read_groups(*groups);
        const auto missing_family = read_missing_family();
        if (const auto all_down = root_.find("all_down"))
            settings.all_down = read_all_down(*all_down);
        if (const auto records = root_.find("records")) read_records(*records);
        soa_.read(names_.origin(), *contents_);
        edges_.check_used();
        edges_.warn_of_unchecked();
        if (!missing_family) edges_.warn_of_missing_families();
        settings.edges = edges_.edges();
        settings.sites = edges_.sites();
        settings.missing_family = missing_family.value_or(MissingFamily::NoData);
        settings.serial_of = soa_.serial_of();
        return written ? std::move(contents_) : std::nullopt;
    }

 private:
    void read_name_servers() {
        const auto servers = root_.find("nameservers");
        if (!servers || !servers->is(Json::Kind::Object) || servers->members().empty()) {
            constexpr std::string_view wanted =
                "the zone's name servers with their addresses, as in {\"ns1\": [\"192.0.2.1\"]}";
            return servers ? servers->expected(wanted)
                           : root_.fault("\"nameservers\" is missing: " + std::string{wanted});
        }
        std::vector<Rdata> names;
        std::vector<NameServer> list;
        for (const auto& [text, value] : servers->members()) {
            const auto written = names_.read_server(text, value);
            if (!written) continue;
            const auto name = written->folded();
            const bool inside = name.within(names_.apex());
            if (std::ranges::find(list, name, &NameServer::name) != list.end()) {
                value.key_fault("the name server " + name.text() + " stands here twice");
                continue;
            }
            const auto addresses = read_addresses(value);
            names.push_back(name_rdata(*written));
            list.push_back({name, addresses});
            if (!inside && !addresses.empty()) {
                value.fault(name.text() +
                            " is outside of the zone: its addresses stand in its own zone; use []");
            }
            if (inside) add_addresses(name, addresses, value);
        }
        if (!names.empty())
            contents_->add(names_.apex(), rr::NS, ttls_.of_records(), names, servers->position());
        contents_->settings().name_servers = std::move(list);
    }

    void add_addresses(const Name& owner, const std::vector<geo::Address>& addresses,
                       const Json& where) {
        for (const auto family : {geo::Family::V4, geo::Family::V6}) {
            std::vector<Rdata> rdatas;
            for (const auto& address : addresses) {
                if (address.family != family) continue;
                Rdata rdata;
                rdata.octets.resize(width(family) / 8);
                write_octets(address, rdata.octets);
                rdatas.push_back(std::move(rdata));
            }
            if (rdatas.empty()) continue;
            contents_->add(owner, family == geo::Family::V4 ? rr::A : rr::AAAA, ttls_.of_records(),
                           rdatas, where.position());
        }
    }

    std::optional<MissingFamily> read_missing_family() {
        const auto value = root_.find("missing_family");
        if (!value) return std::nullopt;
        if (value->text() == "nodata") return MissingFamily::NoData;
        if (value->text() == "next-edge") return MissingFamily::NextEdge;
        value->expected("\"nodata\" or \"next-edge\"");
        return MissingFamily::NoData;
    }

    AllDown read_all_down(const Json& value) {
        if (value.text() == "as-if-up") return {};
        if (value.text() == "nodata") return {.kind = AllDown::Kind::NoData};
        constexpr std::string_view wanted =
            "\"as-if-up\", \"nodata\" or {\"last_resort\": an edge's name}";
        const bool known = value.allow_keys({"last_resort"});
        const auto name = value.find("last_resort");
        if (!name) {
            if (known) value.expected(wanted);
            edges_.spare(value);
            return {};
        }
        if (!name->string("an edge's name")) {
            edges_.spare(*name);
            return {};
        }
        const auto edge = edges_.use(*name);
        return {.kind = AllDown::Kind::LastResort, .edge = edge.value_or(0)};
    }

    void read_records(const Json& records) {
        if (!records.object("an object of records by name")) return;
        contents_->expect(records.member_count());
        records.for_each_member([&](const Json::Member& member) { read_name(member); });
    }

    void read_name(const Json::Member& member) {
        const auto owner = names_.read_owner(member.key, member.value);
        if (!member.value.object("an object of record types, as in {\"A\": \"192.0.2.1\"}")) return;
        bool empty = true;
        member.value.for_each_member([&](const Json::Member& set) {
            empty = false;
            if (set.key == "steer") {
                read_steer(owner, set.value);
            } else if (const auto place = place_of_option(set.key, member.value); !place.empty()) {
                set.value.key_fault("expected a record type or \"steer\", found \"" +
                                    std::string{set.key} + "\": it stands " + place);
            } else {
                read_set(owner, set.key, set.value);
            }
        });
        if (empty) member.value.expected("at least one record or \"steer\"");
    }

    /// Returns where an option belongs that stands beside the records of a name; empty for other
    /// keys.
    static std::string place_of_option(std::string_view key, const Json& name) {
        constexpr std::array<std::string_view, 6> options{"ttl",  "min_ttl", "answers",
                                                          "bias", "ranked",  "via"};
        if (std::ranges::find(options, key) == options.end()) return {};
        if (name.find("steer")) {
            return "inside of \"steer\", beside its policy, as in \"steer\": {\"latency\": […], "
                   "\"" +
                   std::string{key} + "\": …}";
        }
        if (key == "ttl") return "beside the values, as in \"A\": {\"ttl\": 60, \"values\": […]}";
        return "inside of a \"steer\", which this name has not";
    }

    void read_steer(const std::optional<Name>& owner, const Json& tree) {
        auto policy = steers_.read(tree);
        const auto ttl = ttls_.of_steer(tree);
        const auto min_ttl = ttls_.least_of_steer(tree, ttl);
        if (!owner || !policy) return;
        for (const auto family : {geo::Family::V4, geo::Family::V6}) {
            if (edges_.most_addresses(*policy, family) <= max_answer) continue;
            return tree.fault("an answer could have more than " + std::to_string(max_answer) +
                              " addresses");
        }
        contents_->add_steer(
            {.owner = *owner, .policy = std::move(*policy), .ttl = ttl, .min_ttl = min_ttl},
            tree.position());
    }

    void read_set(const std::optional<Name>& owner, std::string_view type_name, const Json& value) {
        auto set = read_rrset(type_name, value, ttls_.of_records(), names_.origin());
        if (!owner || !set) return;
        if (set->type == rr::SOA && *owner == names_.apex()) soa_.note_record(value);
        contents_->add(*owner, set->type, set->ttl, set->rdatas, value.position());
    }

    Json root_;
    SoaReader soa_;
    ZoneNames names_{WrittenName{}};
    ZoneTtls ttls_;
    std::optional<Contents> contents_;
    EdgeList edges_;
    SteerReader steers_{edges_};
};

/// A zone file in JSON, read; its problems stand in the order of the file.
class JsonZone {
 public:
    JsonZone(std::string text, const std::string& file, std::uint32_t changed)
        : document_{JsonDocument::parse(std::move(text), file, problems_, streamed)} {
        if (document_ == nullptr) return;
        contents_ = ZoneReader{*document_, changed}.read();
        if (document_->sound()) return;
        problems_.clear();
        contents_.reset();
        if (document_->parse_whole()) contents_ = ZoneReader{*document_, changed}.read();
    }

    std::shared_ptr<const Zone> compile_zone(geo::Problems& problems) {
        std::shared_ptr<const Zone> zone;
        if (contents_) zone = compile(*std::exchange(contents_, std::nullopt), *document_);
        return hand_over(problems) ? zone : nullptr;
    }

    std::optional<Contents> take(geo::Problems& problems) {
        return hand_over(problems) ? std::move(contents_) : std::nullopt;
    }

 private:
    /// Moves the problems to the others, in the order of the file. Returns false when any is a
    /// fault; only the document sees a key that stands twice, so the problems of parsing count too.
    bool hand_over(geo::Problems& problems) {
        std::ranges::stable_sort(problems_, {}, [](const geo::Problem& problem) {
            return std::pair{problem.line, problem.column};
        });
        const bool faulty = geo::any_fault(problems_);
        std::ranges::move(problems_, std::back_inserter(problems));
        return !faulty;
    }

    static constexpr std::string_view streamed = "records";

    geo::Problems problems_;
    std::unique_ptr<JsonDocument> document_;
    std::optional<Contents> contents_;
};

/// JSON may stand in a file of any name; no record begins with a brace.
bool is_master_file(const std::string& path, std::string_view text) {
    if (!path.ends_with(".zone")) return false;
    const auto first = text.find_first_not_of(" \t\r\n\v\f");
    return first == std::string_view::npos || text[first] != '{';
}

/// Hands out one text that has been read already, and all other texts from their source.
class OneRead final : public Texts {
 public:
    OneRead(Texts& others, const std::string& path, std::string text)
        : others_{others}, path_{path}, text_{std::move(text)} {}

    std::optional<std::string> read(const std::string& path, geo::Problems& problems) override {
        if (!text_ || path != path_) return others_.read(path, problems);
        return std::exchange(text_, std::nullopt);
    }
    std::int64_t changed(const std::string& path) override { return others_.changed(path); }

 private:
    Texts& others_;
    const std::string& path_;
    std::optional<std::string> text_;
};

}  // namespace

std::shared_ptr<const Zone> read_zone(std::string text, const std::string& file,
                                      std::uint32_t changed, geo::Problems& problems) {
    return JsonZone{std::move(text), file, changed}.compile_zone(problems);
}

std::optional<Contents> read_contents(std::string text, const std::string& file,
                                      std::uint32_t changed, geo::Problems& problems) {
    return JsonZone{std::move(text), file, changed}.take(problems);
}

std::shared_ptr<const Zone> load_zone(const std::string& path, geo::Problems& problems) {
    FilesOnDisk files;
    return load_zone(path, problems, files);
}

std::shared_ptr<const Zone> load_zone(const std::string& path, geo::Problems& problems,
                                      Texts& from) {
    const auto changed = static_cast<std::uint32_t>(from.changed(path));
    auto text = from.read(path, problems);
    if (!text) return nullptr;
    if (!is_master_file(path, *text)) return read_zone(std::move(*text), path, changed, problems);
    OneRead texts{from, path, std::move(*text)};
    return load_plain_zone(path, problems, texts);
}

std::optional<Contents> load_contents(const std::string& path, geo::Problems& problems,
                                      Texts& from) {
    const auto changed = static_cast<std::uint32_t>(from.changed(path));
    auto text = from.read(path, problems);
    if (!text) return std::nullopt;
    if (!is_master_file(path, *text))
        return read_contents(std::move(*text), path, changed, problems);
    OneRead texts{from, path, std::move(*text)};
    return load_plain_contents(path, problems, texts);
}

}  // namespace zones

// SPDX-License-Identifier: Apache-2.0
#include "zones/file/zone_file.hpp"

#include "geo/text/found_text.hpp"
#include "geo/text/suggestion.hpp"
#include "zones/file/check_values.hpp"
#include "zones/file/edge_reader.hpp"
#include "zones/file/plain_zone.hpp"
#include "zones/file/steer_reader.hpp"
#include "zones/json/duration.hpp"
#include "zones/json/json.hpp"
#include "zones/name/odd_letters.hpp"
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

constexpr std::uint32_t default_ttl = 3600;
constexpr std::uint32_t default_steer_ttl = 60;  // a dead edge is out of caches within a minute
constexpr std::uint32_t default_min_ttl = 5;
constexpr std::uint32_t unreadable_ttl = 0x7FFFFFFF;  // no "min_ttl" is above it
constexpr std::size_t max_answer = 512;               // addresses in one answer of a steered name
constexpr std::size_t max_values = 4096;              // records of one RRset

Rdata name_rdata(const WrittenName& name) {
    return {.octets = {name.wire().begin(), name.wire().end()}, .names = {0}};
}

void put32(std::vector<std::uint8_t>& to, std::uint32_t value) {
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        to.push_back(static_cast<std::uint8_t>(value >> shift));
}

/// Reads one zone; each method reads one part of the file.
class ZoneReader {
 public:
    ZoneReader(const JsonDocument& document, std::uint32_t changed)
        : document_{document}, root_{document.root()}, serial_{changed} {}

    std::shared_ptr<const Zone> read() {
        if (!root_.object("an object with \"zone\", \"nameservers\" and \"records\""))
            return nullptr;
        root_.allow_keys({"$schema", "zone", "ttl", "soa", "nameservers", "edges", "groups",
                          "missing_family", "all_down", "min_ttl", "records"});
        const auto written = read_apex();
        origin_ = written.value_or(WrittenName{});  // without one, the rest is read for its faults
        apex_ = origin_.folded();
        const auto apex = written ? std::optional{apex_} : std::nullopt;
        builder_.emplace(apex_, document_);
        if (const auto ttl = root_.find("ttl")) ttl_ = read_seconds(*ttl).value_or(unreadable_ttl);
        if (const auto min_ttl = root_.find("min_ttl")) min_ttl_ = read_seconds(*min_ttl);
        read_name_servers();
        if (const auto edges = root_.find("edges")) {
            // A zone without a name has its fault already; its checks need no second one for a
            // missing host.
            edges_.read(*edges, apex ? read_host(apex->text()) : "localhost");
        }
        if (const auto groups = root_.find("groups")) steers_.read_groups(*groups);
        const auto missing_family = read_missing_family();
        if (const auto all_down = root_.find("all_down")) {
            builder_->set_all_down(read_all_down(*all_down));
        }
        if (const auto records = root_.find("records")) read_records(*records);
        read_soa();
        edges_.check_used();
        edges_.warn_of_unchecked();
        if (!missing_family) edges_.warn_of_missing_families();
        builder_->set_edges(edges_.edges(), edges_.sites(),
                            missing_family.value_or(MissingFamily::NoData));
        builder_->set_serial(
            serial_, serial_given_ ? ZoneBuilder::SerialOf::Zone : ZoneBuilder::SerialOf::FileTime);
        return apex ? builder_->finish() : nullptr;
    }

 private:
    std::optional<WrittenName> read_apex() {
        const auto value = root_.find("zone");
        if (!value) {
            root_.fault("\"zone\" is missing: the name of the zone");
            return std::nullopt;
        }
        const auto text = value->string("the zone's name");
        if (!text) return std::nullopt;
        const auto apex = WrittenName::from_text(*text, WrittenName{});
        if (!apex || *text == "@") value->expected("the zone's name, as in \"plex.example.com\"");
        warn_of_odd_letter(*text, *value);
        return apex;
    }

    static void warn_of_odd_letter(std::string_view name, const Json& where) {
        if (auto odd = odd_letter_of_name(name); !odd.empty()) where.warning(std::move(odd));
    }

    [[nodiscard]] std::optional<Name> read_owner(std::string_view text, const Json& where) {
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

    /// Writes a fault for a name that the server answers itself, from what it knows.
    [[nodiscard]] bool is_own(const Name& name, const Json& where) const {
        const auto answer = own_answer(name, apex_);
        if (answer.empty()) return false;
        where.key_fault("the server answers " + name.text() + " itself: " + text_of(answer));
        return true;
    }

    /// A name that has the zone's name at its end and no dot behind it.
    [[nodiscard]] bool is_doubled(std::string_view text, const Name& name,
                                  const Json& where) const {
        // The zone's name does not fit into fewer labels.
        const auto dots = static_cast<std::size_t>(std::ranges::count(text, '.'));
        if (dots + 1 < apex_.label_count()) return false;
        const auto absolute = Name::from_text(text, Name{});
        if (!absolute || text.ends_with('.') || apex_.label_count() == 0 ||
            !absolute->within(apex_)) {
            return false;
        }
        where.key_fault("names are relative to the zone: this is " + name.text() +
                        "; with a dot at its end it is " + absolute->text());
        return true;
    }

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
            const auto written = WrittenName::from_text(text, origin_);
            if (!written || text == "@") {
                value.key_fault("\"" + text_of(text) + "\" is no name of a server");
                continue;
            }
            const std::optional name{written->folded()};
            warn_of_odd_letter(text, value);
            if (is_doubled(text, *name, value)) continue;
            if (name->within(apex_) && is_own(*name, value)) continue;
            if (std::ranges::find(list, *name, &NameServer::name) != list.end()) {
                value.key_fault("the name server " + name->text() + " stands here twice");
                continue;
            }
            const auto addresses = read_addresses(value);
            names.push_back(name_rdata(*written));
            list.push_back({*name, addresses});
            if (!name->within(apex_) && !addresses.empty()) {
                value.fault(name->text() +
                            " is outside of the zone: its addresses stand in its own zone; use []");
            }
            if (name->within(apex_)) add_addresses(*name, addresses, value);
        }
        if (!names.empty())
            builder_->add(apex_, rr::NS, ttl_.value_or(default_ttl), names, servers->place());
        builder_->set_name_servers(std::move(list));
    }

    static std::string text_of(std::string_view text) { return std::string{text}; }

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
            builder_->add(owner, family == geo::Family::V4 ? rr::A : rr::AAAA,
                          ttl_.value_or(default_ttl), std::move(rdatas), where.place());
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
        builder_->expect(records.member_count());
        records.for_each_member([&](const Json::Member& member) { read_name(member); });
    }

    void read_name(const Json::Member& member) {
        const auto owner = read_owner(member.key, member.value);
        if (!member.value.object("an object of record types, as in {\"A\": \"192.0.2.1\"}")) return;
        bool empty = true;
        member.value.for_each_member([&](const Json::Member& set) {
            empty = false;
            if (set.key == "steer") {
                read_steer(owner, set.value);
            } else if (const auto place = place_of_option(set.key, member.value); !place.empty()) {
                set.value.key_fault("expected a record type or \"steer\", found \"" +
                                    text_of(set.key) + "\": it stands " + place);
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
                   text_of(key) + "\": …}";
        }
        if (key == "ttl") return "beside the values, as in \"A\": {\"ttl\": 60, \"values\": […]}";
        return "inside of a \"steer\", which this name has not";
    }

    void read_steer(const std::optional<Name>& owner, const Json& tree) {
        auto policy = steers_.read(tree);
        std::uint32_t ttl = ttl_.value_or(default_steer_ttl);
        if (const auto own = tree.find("ttl")) ttl = read_seconds(*own).value_or(unreadable_ttl);
        const auto min_ttl = read_min_ttl(tree, ttl);
        if (!owner || !policy) return;
        for (const auto family : {geo::Family::V4, geo::Family::V6}) {
            if (edges_.most_addresses(*policy, family) <= max_answer) continue;
            return tree.fault("an answer could have more than " + std::to_string(max_answer) +
                              " addresses");
        }
        builder_->add_steer(
            {.owner = *owner, .policy = std::move(*policy), .ttl = ttl, .min_ttl = min_ttl},
            tree.place());
    }

    /// Returns the "min_ttl" of a steered name: its own, the zone's, or the default. The default
    /// gives way to a shorter TTL; the other two are a fault when they are above the TTL.
    std::uint32_t read_min_ttl(const Json& tree, std::uint32_t ttl) {
        const auto own = tree.find("min_ttl");
        const auto said = own ? read_seconds(*own) : min_ttl_;
        if (!said || *said <= ttl) return said.value_or(std::min(ttl, default_min_ttl));
        const std::string numbers =
            " (" + std::to_string(*said) + ") is above the TTL (" + std::to_string(ttl) + ")";
        own ? own->fault("\"min_ttl\"" + numbers)
            : tree.fault("the zone's \"min_ttl\"" + numbers + " of this name");
        return ttl;
    }

    void read_set(const std::optional<Name>& owner, std::string_view type_name, const Json& value) {
        const auto type = read_type(type_name);
        if (!type) return unknown_type(type_name, value);
        std::uint32_t ttl = ttl_.value_or(default_ttl);
        Json values = value;
        if (value.is(Json::Kind::Object)) {
            value.allow_keys({"ttl", "values"});
            if (const auto own = value.find("ttl")) ttl = read_seconds(*own).value_or(ttl);
            const auto inner = value.find("values");
            if (!inner) return value.fault("\"values\" is missing");
            values = *inner;
        }
        const auto items = values.one_or_more();
        if (items.empty()) return values.expected("at least one value");
        if (items.size() > max_values) return values.fault("more than 4096 values");
        std::vector<Rdata> rdatas;
        for (const auto& item : items) {
            if (auto rdata = read_value(*type, item)) {
                const auto same = [&](const Rdata& other) {
                    return same_value(*type, other.octets, rdata->octets);
                };
                if (std::ranges::any_of(rdatas, same)) {
                    item.fault("the value stands here twice");
                } else {
                    rdatas.push_back(std::move(*rdata));
                }
            }
        }
        if (owner && !rdatas.empty()) {
            if (*type == rr::SOA && *owner == apex_) read_soa_record(rdatas.front(), value);
            builder_->add(*owner, *type, ttl, std::move(rdatas), value.place());
        }
    }

    std::optional<Rdata> read_value(RrType type, const Json& item) {
        const auto text = item.string("a value in presentation format");
        if (!text) return std::nullopt;
        auto [rdata, fault, odd] = read_rdata(type, *text, origin_);
        if (!odd.empty()) item.warning(std::move(odd));
        if (rdata) return rdata;
        const auto example = example_of(type);
        item.expected(type_text(type) + (example.empty() ? " in presentation format"
                                                         : ", as in " + json_string(example)),
                      fault);
        return rdata;
    }

    static void unknown_type(std::string_view name, const Json& value) {
        std::vector<std::string_view> known{"steer"};
        for (const auto& type : type_names()) known.emplace_back(type);
        value.key_fault("expected a record type or \"steer\", found \"" + text_of(name) + "\"" +
                        suggestion(name, known));
    }

    void read_soa_record(const Rdata& rdata, const Json& where) {
        if (root_.find("soa")) where.key_fault("the zone has \"soa\" already; one of them must go");
        has_soa_ = serial_given_ = true;
        const auto fixed = std::span{rdata.octets}.last(20);
        serial_ = 0;
        for (const auto octet : fixed.first(4)) serial_ = serial_ << 8 | octet;
    }

    /// The default SOA, changed where "soa" says so. RFC 1912 §2.2 has the usual times; negative
    /// answers are short here, so that a name that comes to life is seen soon.
    void read_soa() {
        if (has_soa_) return;
        const auto soa = root_.find("soa");
        if (soa && !soa->object("an object of the SOA's fields")) return;
        if (soa) {
            soa->allow_keys({"primary", "mailbox", "serial", "refresh", "retry", "expire",
                             "negative_ttl", "ttl"});
        }
        const auto field = [&](std::string_view key) {
            return soa ? soa->find(key) : std::nullopt;
        };
        const auto time = [&](std::string_view key, std::uint32_t otherwise) {
            const auto value = field(key);
            return value ? read_seconds(*value).value_or(otherwise) : otherwise;
        };
        if (const auto serial = field("serial")) {
            serial_given_ = true;
            serial_ = static_cast<std::uint32_t>(
                serial->integer(0, 0xFFFFFFFF, "an integer from 0 to 4294967295").value_or(0));
        }
        Rdata rdata;
        const auto put = [&](const WrittenName& name) {
            rdata.names.push_back(static_cast<std::uint16_t>(rdata.octets.size()));
            rdata.octets.insert(rdata.octets.end(), name.wire().begin(), name.wire().end());
        };
        put(read_primary(field("primary")));
        put(read_mailbox(field("mailbox")));
        put32(rdata.octets, serial_);
        put32(rdata.octets, time("refresh", 7200));
        put32(rdata.octets, time("retry", 900));
        put32(rdata.octets, time("expire", 1209600));
        put32(rdata.octets, time("negative_ttl", 60));
        builder_->add(apex_, rr::SOA, time("ttl", default_ttl), {std::move(rdata)},
                      soa.value_or(root_).place());
    }

    WrittenName read_primary(const std::optional<Json>& value) {
        if (value) {
            const auto text = value->string("a name");
            const auto name = text ? WrittenName::from_text(*text, origin_) : std::nullopt;
            if (text && !name) value->expected("a name");
            return name.value_or(origin_);
        }
        const auto servers = root_.find("nameservers");
        const auto members = servers ? servers->members() : std::vector<Json::Member>{};
        if (members.empty()) return origin_;
        return WrittenName::from_text(members.front().key, origin_).value_or(origin_);
    }

    WrittenName read_mailbox(const std::optional<Json>& value) {
        if (!value) return WrittenName::from_text("hostmaster", origin_).value_or(origin_);
        const auto text = value->string("a mail address");
        if (!text) return origin_;
        // The part before the @ is one label (RFC 1035 §8), dots and all.
        std::string local;
        std::size_t at = 0;
        for (; at < text->size() && (*text)[at] != '@'; ++at) {
            if ((*text)[at] == '.') local += '\\';
            local += (*text)[at];
            if ((*text)[at] == '\\' && at + 1 < text->size()) local += (*text)[++at];
        }
        const auto name = at == text->size()
                              ? WrittenName::from_text(*text, origin_)
                              : WrittenName::from_text(
                                    local + "." + text_of(text->substr(at + 1)) + ".", origin_);
        if (!name) value->expected("a mail address, as in \"hostmaster@example.com\"");
        return name.value_or(origin_);
    }

    const JsonDocument& document_;
    Json root_;
    std::uint32_t serial_;
    WrittenName origin_;  // the apex, with the case of its letters
    Name apex_;
    std::optional<std::uint32_t> ttl_;
    std::optional<std::uint32_t> min_ttl_;
    std::optional<ZoneBuilder> builder_;
    EdgeList edges_;
    SteerReader steers_{edges_};
    bool has_soa_ = false;
    bool serial_given_ = false;
};

/// Reads the document and moves its problems to the others, in the order of the file. Only the
/// document sees a key that stands twice, so the verdict counts the problems of parsing and of
/// reading.
std::shared_ptr<const Zone> read_document(std::unique_ptr<JsonDocument> document,
                                          std::uint32_t changed, geo::Problems& own,
                                          geo::Problems& problems) {
    std::shared_ptr<const Zone> zone;
    if (document != nullptr) zone = ZoneReader{*document, changed}.read();
    if (document != nullptr && !document->sound()) {
        own.clear();
        zone = document->parse_whole() ? ZoneReader{*document, changed}.read() : nullptr;
    }
    std::ranges::stable_sort(own, {}, [](const geo::Problem& problem) {
        return std::pair{problem.line, problem.column};
    });
    const bool faulty = geo::any_fault(own);
    std::ranges::move(own, std::back_inserter(problems));
    return faulty ? nullptr : zone;
}

constexpr std::string_view streamed = "records";

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
    geo::Problems own;
    auto document = JsonDocument::parse(std::move(text), file, own, streamed);
    return read_document(std::move(document), changed, own, problems);
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

}  // namespace zones

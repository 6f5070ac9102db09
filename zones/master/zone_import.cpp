// SPDX-License-Identifier: Apache-2.0
#include "zones/master/zone_import.hpp"

#include "zones/master/master_zone.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace zones {
namespace {

/// What ldns and names print is ASCII.
std::string json_string(std::string_view text) {
    return nlohmann::json(text).dump();
}

std::string list_of(const std::vector<std::string>& texts) {
    std::string list;
    for (const auto& text : texts) list += (list.empty() ? "" : ", ") + json_string(text);
    return "[" + list + "]";
}

/// Returns RDATA as text that reads as the same octets again. This is the generic form (RFC 3597
/// §5) where ldns prints what it cannot read.
std::string value_text(RrType type, std::span<const std::uint8_t> rdata) {
    const std::vector<std::uint8_t> octets{rdata.begin(), rdata.end()};
    auto text = rdata_text(type, octets);
    const auto again = read_rdata(type, text, Name{}).rdata;
    if (again && again->octets == octets) return text;
    constexpr std::string_view digits = "0123456789abcdef";
    text = "\\# " + std::to_string(octets.size()) + " ";
    for (const auto octet : octets) text += {digits[octet >> 4], digits[octet & 15]};
    return text;
}

class ZoneWriter {
 public:
    explicit ZoneWriter(const MasterZone& zone) : zone_{zone}, contents_{zone.contents()} {}

    /// `complete`: all records of the file could be read.
    [[nodiscard]] std::optional<std::string> write(bool complete) {
        for (const auto& set : contents_.sets()) note(set);
        if (name_servers_.empty()) {
            if (complete) zone_.fault_of_zone("the zone has no NS records");
            return std::nullopt;
        }
        for (const auto& set : contents_.sets()) write_set(set);
        close_name();
        std::string servers;
        for (const auto& name : name_servers_) {
            servers += (servers.empty() ? "" : ", ") + json_string(name.written) + ": " +
                       list_of(addresses_[name.name.text()]);
        }
        return "{\n    \"zone\": " + json_string(trimmed(contents_.apex())) +
               ",\n    \"ttl\": " + std::to_string(ttl_) + ",\n    \"soa\": {" + soa_ +
               "},\n    \"nameservers\": {" + servers + "},\n    \"records\": {" + records_ +
               (records_.empty() ? "}\n}\n" : "\n    }\n}\n");
    }

 private:
    static std::string trimmed(const Name& name) {
        auto text = name.text();
        if (text.size() > 1) text.pop_back();
        return text;
    }

    /// As it stands in the zone's JSON. `written` is the same name with the case of its letters.
    [[nodiscard]] std::string relative(const Name& name,
                                       std::span<const std::uint8_t> written) const {
        if (name == contents_.apex()) return "@";
        const auto own = name.label_count() - contents_.apex().label_count();
        // What becomes relative is completed by the zone's name, in lower case.
        if (!name.within(contents_.apex()) ||
            !std::ranges::equal(written.subspan(name.label_at(own)), contents_.apex().wire()))
            return name_text(written);
        std::vector<std::uint8_t> labels{written.begin(),
                                         written.begin() + static_cast<long>(name.label_at(own))};
        labels.push_back(0);
        auto text = name_text(labels);
        text.pop_back();
        return text;
    }

    [[nodiscard]] bool is_name_server(const Name& name) const {
        return std::ranges::find(name_servers_, name, &Server::name) != name_servers_.end();
    }

    /// What stands outside of "records".
    void note(const Contents::Set& set) {
        if (set.owner != 0) return;
        if (set.type == rr::SOA) {
            note_soa(set);
        } else if (set.type == rr::NS) {
            ttl_ = set.ttl;  // that of "nameservers", which has none of its own
            for (const auto rdata : contents_.records(set)) {
                const auto name = *name_in(rdata, 0);
                // "@" is no name of a server.
                const bool apex = name == contents_.apex();
                name_servers_.push_back({name, apex ? name_text(rdata) : relative(name, rdata)});
            }
        }
    }

    void note_soa(const Contents::Set& set) {
        const auto rdata = contents_.records(set).front();
        const auto primary = *name_in(rdata, 0);
        const auto mailbox = *name_in(rdata, primary.length());
        const auto field = [&](std::size_t number) {
            std::uint32_t value = 0;
            const auto at = primary.length() + mailbox.length() + 4 * number;
            for (std::size_t i = 0; i < 4; ++i) value = value << 8 | rdata[at + i];
            return value;
        };
        soa_ = "\"primary\": " + json_string(name_text(rdata)) +
               ", \"mailbox\": " + json_string(name_text(rdata.subspan(primary.length())));
        std::size_t number = 0;
        for (const std::string key : {"serial", "refresh", "retry", "expire", "negative_ttl"}) {
            soa_ += ", " + json_string(key) + ": " + std::to_string(field(number++));
        }
        soa_ += ", \"ttl\": " + std::to_string(set.ttl);
    }

    void write_set(const Contents::Set& set) {
        const bool at_apex = set.owner == 0;
        const auto owner = contents_.owner(set);
        if (at_apex && (set.type == rr::SOA || set.type == rr::NS)) return;
        std::vector<std::string> values;
        for (const auto rdata : contents_.records(set))
            values.push_back(value_text(set.type, rdata));
        // Addresses with a TTL of their own stand in "records", where one can be given.
        const bool address = set.type == rr::A || set.type == rr::AAAA;
        if (address && set.ttl == ttl_ && !at_apex && is_name_server(owner)) {
            auto& known = addresses_[owner.text()];
            known.insert(known.end(), values.begin(), values.end());
            return;
        }
        auto text = values.size() == 1 ? json_string(values.front()) : list_of(values);
        if (set.ttl != ttl_) {
            text = "{ \"ttl\": " + std::to_string(set.ttl) + ", \"values\": " + text + " }";
        }
        open_name(owner);
        records_ +=
            (set_count_++ == 0 ? " " : ", ") + json_string(type_text(set.type)) + ": " + text;
    }

    void open_name(const Name& name) {
        if (open_ == name.text()) return;
        close_name();
        open_ = name.text();
        records_ += (records_.empty() ? "\n        " : ",\n        ") +
                    json_string(relative(name, name.wire())) + ": {";
    }

    void close_name() {
        if (!open_.empty()) records_ += " }";
        open_.clear();
        set_count_ = 0;
    }

    const MasterZone& zone_;
    const Contents& contents_;
    struct Server {
        Name name;
        std::string written;  // as it stands in "nameservers"
    };
    std::uint32_t ttl_ = 0;
    std::string soa_;
    std::vector<Server> name_servers_;
    std::map<std::string, std::vector<std::string>> addresses_;  // by name server
    std::string records_;
    std::string open_;  // the name whose records are being written
    std::size_t set_count_ = 0;
};

}  // namespace

std::optional<std::string> import_zone(const std::string& path,
                                       const std::optional<WrittenName>& origin,
                                       geo::Problems& problems) {
    geo::Problems own;
    FilesOnDisk files;
    const auto zone = MasterZone::load(path, origin, own, files);
    std::optional<std::string> text;
    if (zone != nullptr) text = ZoneWriter{*zone}.write(!geo::any_fault(own));
    const bool faulty = geo::any_fault(own);
    std::ranges::move(own, std::back_inserter(problems));
    return faulty ? std::nullopt : text;
}

std::optional<WrittenName> origin_of(const std::string& path) {
    std::string name = std::filesystem::path{path}.filename().string();
    if (name.ends_with(".zone")) {
        name.resize(name.size() - std::string_view{".zone"}.size());
    } else if (name.starts_with("db.")) {
        name.erase(0, std::string_view{"db."}.size());
    } else {
        return std::nullopt;
    }
    return WrittenName::from_text(name, WrittenName{});
}

}  // namespace zones

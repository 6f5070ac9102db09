// SPDX-License-Identifier: Apache-2.0
#include "tests/support/mmdb_writer.hpp"

#include "tests/support/random_space.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <stdexcept>
#include <string_view>

namespace support {
namespace {

using Octets = std::vector<std::uint8_t>;

/// Types of the format's data section.
enum Type : unsigned {
    Pointer = 1,
    String = 2,
    Double = 3,
    Bytes = 4,
    Uint16 = 5,
    Uint32 = 6,
    Map = 7,
    Int32 = 8,
    Uint64 = 9,
    Uint128 = 10,
    Array = 11,
    Boolean = 14,
    Float = 15
};

class DataSection {
 public:
    enum class Sharing { None, Strings };
    explicit DataSection(Sharing sharing) : sharing_{sharing} {}

    [[nodiscard]] const Octets& octets() const { return octets_; }

    void put(const nlohmann::json& value) {
        if (value.is_object() && value.size() == 1 && value.begin().key().starts_with('$')) {
            put_typed(value.begin().key(), value.begin().value());
        } else if (value.is_object()) {
            put_header(Map, value.size());
            for (const auto& [key, inner] : value.items()) {
                put_string(key);
                put(inner);
            }
        } else if (value.is_array()) {
            put_header(Array, value.size());
            for (const auto& inner : value) put(inner);
        } else if (value.is_string()) {
            put_string(value.get<std::string>());
        } else if (value.is_boolean()) {
            put_header(Boolean, value.get<bool>() ? 1 : 0);
        } else if (value.is_number_float()) {
            put_header(Double, 8);
            put_big_endian(std::bit_cast<std::uint64_t>(value.get<double>()), 8);
        } else if (value.is_number_integer() && value.get<std::int64_t>() < 0) {
            put_header(Int32, 4);
            put_big_endian(static_cast<std::uint64_t>(value.get<std::int64_t>()), 4);
        } else {
            const auto number = value.get<std::uint64_t>();
            put_number(number > 0xffff'ffff ? Uint64 : Uint32, number);
        }
    }
    void put_typed(std::string_view type, const nlohmann::json& value) {
        if (type == "$bytes") {
            const auto text = value.get<std::string>();
            put_header(Bytes, text.size());
            octets_.insert(octets_.end(), text.begin(), text.end());
        } else if (type == "$double") {
            put_header(Double, 8);
            put_big_endian(std::bit_cast<std::uint64_t>(value.get<double>()), 8);
        } else if (type == "$float") {
            put_header(Float, 4);
            put_big_endian(std::bit_cast<std::uint32_t>(value.get<float>()), 4);
        } else if (type == "$int32") {
            put_header(Int32, 4);
            put_big_endian(static_cast<std::uint32_t>(value.get<std::int32_t>()), 4);
        } else {
            const std::map<std::string_view, Type> types{{"$uint16", Uint16},
                                                         {"$uint32", Uint32},
                                                         {"$uint64", Uint64},
                                                         {"$uint128", Uint128}};
            put_number(types.at(type), value.get<std::uint64_t>());
        }
    }
    void put_number(Type type, std::uint64_t number) {
        const auto size = (static_cast<std::size_t>(std::bit_width(number)) + 7) / 8;
        put_header(type, size);
        put_big_endian(number, size);
    }
    void put_string(const std::string& text) {
        const auto [at, added] = strings_.try_emplace(text, octets_.size());
        if (!added && sharing_ == Sharing::Strings) {
            octets_.push_back(Pointer << 5 | 3 << 3);  // the form with a value of 32 bits
            put_big_endian(at->second, 4);
            return;
        }
        put_header(String, text.size());
        octets_.insert(octets_.end(), text.begin(), text.end());
    }
    void put_header(Type type, std::size_t size) {
        const unsigned short_type = type < 8 ? unsigned{type} : 0;
        const unsigned short_size =
            size < 29 ? static_cast<unsigned>(size) : (size < 285 ? 29 : 30);
        octets_.push_back(static_cast<std::uint8_t>(short_type << 5 | short_size));
        if (type >= 8) octets_.push_back(static_cast<std::uint8_t>(type - 7));
        if (short_size == 29) put_big_endian(size - 29, 1);
        if (short_size == 30) put_big_endian(size - 285, 2);
    }

 private:
    void put_big_endian(std::uint64_t number, std::size_t size) {
        for (auto i = size; i-- > 0;)
            octets_.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
    }

    Sharing sharing_;
    Octets octets_;
    std::map<std::string, std::size_t> strings_;
};

class SearchTree {
 public:
    /// What a record of a node points to.
    struct Target {
        enum class Kind { Empty, Node, Data };
        Kind kind = Kind::Empty;
        std::size_t number = 0;  // of a node, or where the data begins
    };

    void set(geo::Bits bits, unsigned length, Target target) {
        if (length == 0) {
            nodes_[0] = {target, target};
            return;
        }
        Target* slot = &nodes_[0].sides[bits >> 127 & 1];
        for (unsigned depth = 1; depth < length; ++depth) {
            if (slot->kind != Target::Kind::Node) {
                // Not through `slot`: the new node may move it.
                const Target next{Target::Kind::Node, nodes_.size()};
                const Node split{*slot, *slot};
                *slot = next;
                nodes_.push_back(split);
                slot = &nodes_.back().sides[bits >> (127 - depth) & 1];
            } else {
                slot = &nodes_[slot->number].sides[bits >> (127 - depth) & 1];
            }
        }
        *slot = target;
    }
    [[nodiscard]] Target at(geo::Bits bits, unsigned length) const {
        Target here{Target::Kind::Node, 0};
        for (unsigned depth = 0; depth < length && here.kind == Target::Kind::Node; ++depth) {
            here = nodes_[here.number].sides[bits >> (127 - depth) & 1];
        }
        return here;
    }
    [[nodiscard]] std::size_t size() const { return nodes_.size(); }

    void write(unsigned record_size, Octets& to) const {
        for (const auto& node : nodes_) {
            const auto left = number_of(node.sides[0]);
            const auto right = number_of(node.sides[1]);
            const auto put = [&](std::uint64_t number, unsigned octets) {
                while (octets-- > 0) to.push_back(static_cast<std::uint8_t>(number >> 8 * octets));
            };
            if (record_size == 28) {
                put(left, 3);
                put((left >> 24 & 15) << 4 | (right >> 24 & 15), 1);
                put(right, 3);
            } else {
                put(left, record_size / 8);
                put(right, record_size / 8);
            }
        }
    }

 private:
    struct Node {
        Node(Target zero, Target one) : sides{zero, one} {}
        Target sides[2];
    };
    [[nodiscard]] std::uint64_t number_of(const Target& target) const {
        switch (target.kind) {
            case Target::Kind::Empty:
                return nodes_.size();
            case Target::Kind::Node:
                return target.number;
            case Target::Kind::Data:
                return nodes_.size() + 16 + target.number;
        }
        throw std::logic_error{"no kind"};
    }

    std::vector<Node> nodes_{Node{{}, {}}};
};

struct Placed {
    geo::Bits bits = 0;
    unsigned length = 0;
    const nlohmann::json* record = nullptr;
};

std::vector<Placed> places_of(const std::vector<MmdbRow>& rows, unsigned ip_version) {
    std::vector<Placed> placed;
    for (const auto& [prefix, record] : rows) {
        const bool inside = prefix.address.family == geo::Family::V4 && ip_version == 6;
        const unsigned offset = inside ? 96 : 0;
        placed.push_back({prefix.address.bits >> offset, prefix.length + offset, &record});
    }
    std::ranges::stable_sort(placed, {}, &Placed::length);
    return placed;
}

DataSection metadata(const MmdbOptions& options, std::size_t node_count) {
    DataSection data{DataSection::Sharing::None};
    data.put_header(Map, 9);
    const auto put_number = [&](const char* key, Type type, std::uint64_t number) {
        data.put_string(key);
        data.put_number(type, number);
    };
    put_number("binary_format_major_version", Uint16, 2);
    put_number("binary_format_minor_version", Uint16, 0);
    put_number("build_epoch", Uint64, options.built);
    data.put_string("database_type");
    data.put_string(options.type);
    data.put_string("description");
    data.put({{"en", "made by a test"}});
    put_number("ip_version", Uint16, options.ip_version);
    data.put_string("languages");
    data.put(nlohmann::json::array({"en"}));
    put_number("node_count", Uint32, node_count);
    put_number("record_size", Uint16, options.record_size);
    return data;
}

}  // namespace

std::vector<std::uint8_t> write_mmdb(std::vector<MmdbRow> rows, const MmdbOptions& options) {
    SearchTree tree;
    DataSection data{DataSection::Sharing::Strings};
    std::map<std::string, std::size_t> written;
    for (const auto& [bits, length, record] : places_of(rows, options.ip_version)) {
        if (record->is_null()) {
            tree.set(bits, length, {});
            continue;
        }
        const auto [at, added] = written.try_emplace(record->dump(), data.octets().size());
        if (added) data.put(*record);
        tree.set(bits, length, {SearchTree::Target::Kind::Data, at->second});
    }
    if (options.aliases && options.ip_version == 6) {
        const auto v4 = tree.at(0, 96);
        for (const auto* text : {"::ffff:0:0/96", "2001::/32", "2002::/16"}) {
            const auto alias = prefix(text);
            tree.set(alias.address.bits, alias.length, v4);
        }
    }
    Octets octets;
    tree.write(options.record_size, octets);
    octets.insert(octets.end(), 16, 0);
    octets.insert(octets.end(), data.octets().begin(), data.octets().end());
    constexpr std::string_view marker = "\xAB\xCD\xEFMaxMind.com";
    octets.insert(octets.end(), marker.begin(), marker.end());
    const auto end = metadata(options, tree.size());
    octets.insert(octets.end(), end.octets().begin(), end.octets().end());
    return octets;
}

std::vector<std::uint8_t> country_database(const std::string& country) {
    return write_mmdb({{prefix("81.2.64.0/18"), {{"country", {{"iso_code", country}}}}}});
}

void set_record(std::vector<std::uint8_t>& octets, std::size_t node, unsigned side,
                std::uint32_t value) {
    const auto at = node * 6 + side * 3;
    octets.at(at) = static_cast<std::uint8_t>(value >> 16);
    octets.at(at + 1) = static_cast<std::uint8_t>(value >> 8);
    octets.at(at + 2) = static_cast<std::uint8_t>(value);
}

}  // namespace support

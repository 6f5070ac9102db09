// SPDX-License-Identifier: Apache-2.0
#pragma once
// Turns the JSON parser's events into the items of a JsonDocument. Only
// zones/json/json_document.cpp uses it.

#include "zones/json/json.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zones {

/// Receives the parser's events and lays out the document, or one member of its streamed object
/// after the other.
class JsonHandler {
 public:
    using MemberReader = std::function<void(const Json::Member&)>;

    JsonHandler(const JsonDocument& document, JsonDocument::Store& store)
        : document_{document},
          store_{store},
          first_item_{&store == &document.kept_ ? 0 : document.kept_.items.size()},
          first_octet_{&store == &document.kept_ ? 0 : document.kept_.strings.size()} {}

    [[nodiscard]] bool parse(std::size_t begin, std::size_t end);
    /// Parses the document, but passes over the root's member with this key if it is an object.
    [[nodiscard]] JsonDocument::Streamed parse_around(std::string_view key, bool& good) {
        passed_key_ = key;
        good = parse(0, document_.text_.size());
        return passed_;
    }
    /// Returns false when the text of the streamed object is not sound.
    [[nodiscard]] bool stream(std::uint32_t from, JsonDocument::Extent extent,
                              const MemberReader& read);

 private:
    class Events;
    struct Open {
        std::uint32_t item = 0;
        std::uint32_t last = JsonDocument::none;  // child
        std::uint32_t count = 0;
    };

    void set_key(const std::string& key) {
        key_ = key;
        key_at_ = std::exchange(before_, offset());
        next_ = Next::Colon;
    }
    /// What may come next in the text.
    enum class Next : std::uint8_t { Value, Key, Colon, MemberOrEnd, ItemOrEnd, End };
    struct Fault {
        std::size_t at = 0;        // the octet that the parser read last
        bool overflow = false;     // of a number
        std::string_view message;  // the library's
    };
    void tell_fault(const Fault& fault);
    void tell_string_fault(std::size_t begin, const Fault& fault);
    [[nodiscard]] std::size_t pass_separator();
    [[nodiscard]] std::size_t last_piece(std::size_t string, std::size_t last) const;
    [[nodiscard]] bool is_whole_string(std::size_t begin, std::size_t last) const;
    [[nodiscard]] bool is_whole_number(std::size_t last) const;
    [[nodiscard]] std::string_view wanted() const;
    [[nodiscard]] std::string_view hint(std::string_view found) const;
    void expect_end_of_value();
    void report(std::size_t at, std::string text) {
        const auto in = open_.empty() ? std::string{} : document_.path_of(open_.back().item);
        document_.report(at, in, std::move(text));
    }

    /// Returns what an editor shows at the token: a sign, or everything up to the next blank or
    /// sign.
    [[nodiscard]] std::string word_at(std::size_t at) const;

    [[nodiscard]] bool streams() const { return read_ != nullptr; }
    [[nodiscard]] bool in_streamed() const { return streams() && open_.size() == 2; }

    [[nodiscard]] std::uint32_t offset() const {
        return static_cast<std::uint32_t>(cursor_ - document_.text_.data());
    }

    std::uint32_t store(std::string_view text) {
        const auto at = first_octet_ + store_.strings.size();
        store_.strings += text;
        return static_cast<std::uint32_t>(at);
    }

    JsonDocument::Item& item(std::uint32_t index) { return store_.items[index - first_item_]; }

    std::uint32_t add(Json::Kind kind, std::string_view text);
    void link(Open& parent, std::uint32_t index) {
        (parent.last == JsonDocument::none ? item(parent.item).first : item(parent.last).next) =
            index;
        parent.last = index;
    }
    bool add_value(Json::Kind kind, std::string_view text) {
        add(kind, text);
        return finish_value();
    }

    bool add_number(Json::Kind kind, std::string_view text);
    /// Hands a complete member of the streamed object on and forgets it.
    bool finish_value();

    /// True if the hashes of all keys of the streamed object differ. If two different keys have the
    /// same hash, the document is parsed once more, to no harm.
    [[nodiscard]] bool keys_differ();
    /// Reports keys that an object has twice. Runs once for a whole object: a set that grows key by
    /// key would cost more than everything else.
    [[nodiscard]] bool report_duplicates(const Open& object);

    bool open(Json::Kind kind);
    bool open_streamed();
    void pass_over();
    bool close();

    const JsonDocument& document_;
    JsonDocument::Store& store_;
    std::size_t first_item_;  // number of the store's first item
    std::size_t first_octet_;
    const char* cursor_ = nullptr;
    std::uint32_t before_ = 0;  // where the last token ended
    std::uint32_t key_at_ = 0;
    std::string key_;
    std::vector<Open> open_;
    Next next_ = Next::Value;

    std::string_view passed_key_;
    JsonDocument::Streamed passed_;

    const MemberReader* read_ = nullptr;
    std::uint32_t from_ = 0;
    JsonDocument::Extent extent_ = JsonDocument::Extent::All;
    bool ended_ = false;
    std::vector<std::size_t> keys_;  // their hashes
};

}  // namespace zones

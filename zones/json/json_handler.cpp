// SPDX-License-Identifier: Apache-2.0
#include "zones/json/json_handler.hpp"

#include "geo/text/found_text.hpp"

#include <boost/unordered/unordered_flat_set.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>

namespace zones {
namespace {

constexpr std::size_t max_depth = 64;

/// Watches the parser's place in the text. The parser does not tell it, and a handler may move it
/// on.
class Watched {
 public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    explicit Watched(const char** at) : at_{at} {}
    reference operator*() const { return **at_; }
    Watched& operator++() {
        ++*at_;
        return *this;
    }
    bool operator==(const Watched& other) const { return *at_ == *other.at_; }

 private:
    const char** at_;
};

}  // namespace

/// What the parser calls.
class JsonHandler::Events {
 public:
    explicit Events(JsonHandler& handler) : handler_{handler} {}

    bool null() { return handler_.add_value(Json::Kind::Null, {}); }
    bool boolean(bool value) {
        return handler_.add_value(Json::Kind::Boolean, value ? "true" : "false");
    }
    bool number_integer(std::int64_t value) {
        return handler_.add_number(Json::Kind::Integer, std::to_string(value));
    }
    bool number_unsigned(std::uint64_t value) {
        return handler_.add_number(Json::Kind::Integer, std::to_string(value));
    }
    bool number_float(double, const std::string& text) {
        return handler_.add_number(Json::Kind::Number, text);
    }
    bool string(const std::string& value) { return handler_.add_value(Json::Kind::String, value); }
    bool binary(const nlohmann::json::binary_t&) { return false; }  // no event of the text parser
    bool start_object(std::size_t) { return handler_.open(Json::Kind::Object); }
    bool start_array(std::size_t) { return handler_.open(Json::Kind::Array); }
    bool end_object() { return handler_.close(); }
    bool end_array() { return handler_.close(); }
    bool key(const std::string& key) {
        handler_.set_key(key);
        return true;
    }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception& error) {
        // The position counts octets; the last of them showed the fault.
        const Fault fault{.at = position == 0 ? 0 : position - 1,
                          .overflow = error.id == number_overflow,
                          .message = error.what()};
        handler_.tell_fault(fault);
        return false;
    }

 private:
    static constexpr int number_overflow = 406;  // as the library documents its exceptions

    JsonHandler& handler_;
};

bool JsonHandler::parse(std::size_t begin, std::size_t end) {
    cursor_ = document_.text_.data() + begin;
    const char* last = document_.text_.data() + end;
    Events events{*this};
    return nlohmann::json::sax_parse(Watched{&cursor_}, Watched{&last}, &events,
                                     nlohmann::json::input_format_t::json, true, true);
}

bool JsonHandler::stream(std::uint32_t from, JsonDocument::Extent extent,
                         const MemberReader& read) {
    read_ = &read;
    from_ = from;
    extent_ = extent;
    open_.emplace_back();  // the root
    return parse(document_.streamed_.begin, document_.streamed_.end) || ended_;
}

/// Notes that a value is complete.
void JsonHandler::expect_end_of_value() {
    if (open_.empty()) {
        next_ = Next::End;
    } else {
        const bool list = document_.item(open_.back().item).kind == Json::Kind::Array;
        next_ = list ? Next::ItemOrEnd : Next::MemberOrEnd;
    }
}

std::uint32_t JsonHandler::add(Json::Kind kind, std::string_view text) {
    JsonDocument::Item item{.kind = kind, .at = before_};
    item.value = store(text);
    item.value_length = static_cast<std::uint32_t>(text.size());
    const auto index = static_cast<std::uint32_t>(first_item_ + store_.items.size());
    if (!open_.empty()) {
        auto& parent = open_.back();
        item.parent = parent.item;
        if (document_.item(parent.item).kind == Json::Kind::Array) {
            item.key = parent.count;
        } else {
            item.key_at = key_at_;
            item.key = store(key_);
            item.key_length = static_cast<std::uint32_t>(key_.size());
        }
        ++parent.count;
        if (!in_streamed()) link(parent, index);
    }
    store_.items.push_back(item);
    before_ = offset();
    return index;
}

/// The parser knows that a number has ended when it has read the octet after it, if there is one.
bool JsonHandler::add_number(Json::Kind kind, std::string_view text) {
    add(kind, text);
    const char last = document_.text_[before_ - 1];
    if (before_ < document_.text_.size() || last < '0' || last > '9') --before_;
    return finish_value();
}

bool JsonHandler::finish_value() {
    expect_end_of_value();
    if (!in_streamed()) return true;
    const auto& whole = store_.items.front();
    const auto key = document_.slice(whole.key, whole.key_length);
    if (extent_ == JsonDocument::Extent::All) {
        keys_.push_back(boost::hash<std::string_view>{}(key));
    }
    document_.member_at_ = whole.key_at;
    (*read_)({key, Json{document_, static_cast<std::uint32_t>(first_item_)}});
    store_.items.clear();
    store_.strings.clear();
    ended_ = extent_ == JsonDocument::Extent::One;
    return !ended_;
}

bool JsonHandler::keys_differ() {
    std::ranges::sort(keys_);
    return std::ranges::adjacent_find(keys_) == keys_.end();
}

bool JsonHandler::report_duplicates(const Open& object) {
    if (object.count < 2 || document_.item(object.item).kind != Json::Kind::Object) return true;
    boost::unordered_flat_set<std::string_view> keys;
    for (auto i = document_.item(object.item).first; i != JsonDocument::none;
         i = document_.item(i).next) {
        const auto& member = document_.item(i);
        const auto key = document_.slice(member.key, member.key_length);
        if (keys.insert(key).second) continue;
        if (streams()) return false;
        document_.report(document_.token_at(member.key_at),
                         JsonDocument::path_below(document_.path_of(object.item), key),
                         "the key \"" + shortened(key) + "\" stands here twice");
    }
    return true;
}

bool JsonHandler::open(Json::Kind kind) {
    if (streams() && open_.size() == 1) return open_streamed();
    if (open_.size() == max_depth) {
        if (streams()) return false;
        document_.report(document_.token_at(before_), document_.path_of(open_.front().item),
                         "nested more than " + std::to_string(max_depth) + " deep");
        return false;
    }
    const auto index = add(kind, {});
    open_.emplace_back().item = index;
    next_ = kind == Json::Kind::Object ? Next::Key : Next::Value;
    if (open_.size() == 2 && kind == Json::Kind::Object && key_ == passed_key_) pass_over();
    return true;
}

bool JsonHandler::open_streamed() {
    open_.emplace_back().item = document_.streamed_.item;
    before_ = from_;
    cursor_ = document_.text_.data() + from_;
    if (extent_ == JsonDocument::Extent::All) keys_.reserve(document_.streamed_.members);
    return true;
}

void JsonHandler::pass_over() {
    if (passed_key_.empty() || item(open_.front().item).kind != Json::Kind::Object) return;
    passed_ = document_.pass_over(offset() - 1);
    if (passed_.end == 0) return;
    passed_.item = open_.back().item;
    cursor_ = document_.text_.data() + passed_.end - 1;
}

bool JsonHandler::close() {
    const bool good = in_streamed() ? keys_differ() : report_duplicates(open_.back());
    open_.pop_back();
    before_ = offset();
    return good && finish_value();
}

}  // namespace zones

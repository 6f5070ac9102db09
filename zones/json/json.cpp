// SPDX-License-Identifier: Apache-2.0
#include "zones/json/json.hpp"

#include "geo/text/found_text.hpp"
#include "geo/text/suggestion.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace zones {

Json::Kind Json::kind() const noexcept {
    return document_->item(index_).kind;
}

std::string_view Json::text() const noexcept {
    const auto& item = document_->item(index_);
    return document_->slice(item.value, item.value_length);
}

void Json::for_each_member(const std::function<void(const Member&)>& read) const {
    if (!is(Kind::Object)) return;
    if (index_ == document_->streamed_.item) {
        const auto first = document_->streamed_.begin + 1;
        return document_->stream(first, JsonDocument::Extent::All, read);
    }
    for (auto i = document_->item(index_).first; i != JsonDocument::none;) {
        const auto& item = document_->item(i);
        const auto next = item.next;
        read({document_->slice(item.key, item.key_length), Json{*document_, i}});
        i = next;
    }
}

std::vector<Json::Member> Json::members() const {
    std::vector<Member> found;
    if (index_ == document_->streamed_.item) return found;
    for_each_member([&](const Member& member) { found.push_back(member); });
    return found;
}

std::size_t Json::member_count() const {
    if (index_ == document_->streamed_.item) return document_->streamed_.members;
    return members().size();
}

FilePosition Json::position() const noexcept {
    const auto kept = static_cast<std::uint32_t>(document_->kept_.items.size());
    if (index_ < kept) return {.part = JsonDocument::none, .item = index_};
    return {.part = document_->member_at_, .item = index_ - kept};
}

std::vector<Json> Json::items() const {
    std::vector<Json> found;
    if (!is(Kind::Array)) return found;
    for (auto i = document_->item(index_).first; i != JsonDocument::none;) {
        found.push_back(Json{*document_, i});
        i = document_->item(i).next;
    }
    return found;
}

std::optional<Json> Json::find(std::string_view key) const {
    if (!is(Kind::Object)) return std::nullopt;
    for (auto i = document_->item(index_).first; i != JsonDocument::none;
         i = document_->item(i).next) {
        const auto& item = document_->item(i);
        if (document_->slice(item.key, item.key_length) == key) return Json{*document_, i};
    }
    return std::nullopt;
}

std::optional<std::string_view> Json::string(std::string_view wanted) const {
    if (is(Kind::String)) return text();
    expected(wanted);
    return std::nullopt;
}

std::optional<std::int64_t> Json::integer(std::int64_t low, std::int64_t high,
                                          std::string_view wanted) const {
    if (is(Kind::Integer)) {
        std::int64_t value = 0;
        const auto digits = text();
        const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (parsed.ec == std::errc{} && low <= value && value <= high) return value;
    }
    expected(wanted);
    return std::nullopt;
}

std::optional<double> Json::number(double low, double high, std::string_view wanted) const {
    if (is(Kind::Integer) || is(Kind::Number)) {
        double value = 0;
        const auto digits = text();
        const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (parsed.ec == std::errc{} && low <= value && value <= high) return value;
    }
    expected(wanted);
    return std::nullopt;
}

bool Json::object(std::string_view wanted) const {
    if (is(Kind::Object)) return true;
    expected(wanted);
    return false;
}

std::vector<Json> Json::one_or_more() const {
    if (is(Kind::Array)) return items();
    return {*this};
}

bool Json::allow_keys(std::span<const std::string_view> keys) const {
    bool good = true;
    for (const auto& [key, value] : members()) {
        if (std::ranges::find(keys, key) != keys.end()) continue;
        good = false;
        value.key_fault("unknown key \"" + shortened(key) + "\"" + suggestion(key, keys));
    }
    return good;
}

void Json::expected(std::string_view wanted, std::string_view why) const {
    std::string found;
    switch (kind()) {
        case Kind::Null:
            found = "null";
            break;
        case Kind::Boolean:
        case Kind::Integer:
        case Kind::Number:
            found = shortened(text());
            break;
        case Kind::String:
            found = '"' + shortened(text()) + '"';
            break;
        case Kind::Array:
            found = items().empty() ? "an empty list" : "a list";
            break;
        case Kind::Object:
            found = members().empty() ? "an empty object" : "an object";
            break;
    }
    if (!why.empty()) found += ": " + std::string{why};
    fault("expected " + std::string{wanted} + ", found " + found);
}

void Json::key_fault(std::string text) const {
    const auto at = document_->token_at(document_->item(index_).key_at);
    document_->report(at, document_->path_of(index_), std::move(text));
}
void Json::fault(std::string text) const {
    report(std::move(text), geo::Severity::Fault);
}
void Json::warning(std::string text) const {
    report(std::move(text), geo::Severity::Warning);
}

void Json::report(std::string text, geo::Severity severity) const {
    const auto at = document_->token_at(document_->item(index_).at);
    document_->report(at, document_->path_of(index_), std::move(text), severity);
}

}  // namespace zones

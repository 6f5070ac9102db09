// SPDX-License-Identifier: Apache-2.0
#include "geo/base/file_text.hpp"
#include "geo/text/utf8.hpp"
#include "zones/json/json.hpp"
#include "zones/json/json_handler.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace zones {
namespace {

constexpr std::size_t max_problems = 200;  // of one severity that are listed

std::size_t line_begin(std::string_view text, std::size_t offset) {
    const auto newline = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
    return newline == std::string_view::npos ? 0 : newline + 1;
}

}  // namespace

std::unique_ptr<JsonDocument> JsonDocument::parse(std::string text, std::string file,
                                                  geo::Problems& problems,
                                                  std::string_view streamed) {
    std::unique_ptr<JsonDocument> document{
        new JsonDocument{std::move(text), std::move(file), problems}};
    std::string& source = document->text_;
    if (geo::is_utf16(source)) {
        document->report(0, {}, std::string{geo::utf16_fault});
        return nullptr;
    }
    source.erase(0, source.size() - geo::without_mark(source).size());
    if (source.empty()) {
        document->report(0, {}, "expected a value, found the end of the file");
        return nullptr;
    }
    const auto before = problems.size();
    if (!streamed.empty()) {
        if (document->parse_around(streamed) && problems.size() == before) return document;
        // The object that was passed over may have faults that come before these.
        problems.resize(before);
    }
    if (!document->parse_whole()) return nullptr;
    return document;
}

bool JsonDocument::parse_around(std::string_view key) {
    bool good = false;
    streamed_ = JsonHandler{*this, kept_}.parse_around(key, good);
    return good;
}

bool JsonDocument::parse_whole() {
    kept_ = {};
    streamed_ = {};
    sound_ = true;
    std::ranges::fill(reported_, 0);
    return JsonHandler{*this, kept_}.parse(0, text_.size());
}

JsonDocument::Streamed JsonDocument::pass_over(std::size_t begin) const {
    std::size_t depth = 0;
    std::size_t commas = 0;
    for (auto at = begin; at < text_.size(); ++at) {
        switch (text_[at]) {
            case '"':
                for (++at; at < text_.size() && text_[at] != '"'; ++at) {
                    if (text_[at] == '\\') ++at;
                }
                break;
            case '/':
                at = std::max(at, token_at(at) - 1);
                break;
            case '{':
            case '[':
                ++depth;
                break;
            case ',':
                if (depth == 1) ++commas;
                break;
            case '}':
            case ']':
                if (--depth > 0) break;
                return {.begin = static_cast<std::uint32_t>(begin),
                        .end = static_cast<std::uint32_t>(at + 1),
                        .members = commas + 1};
            default:
                break;
        }
    }
    return {};
}

void JsonDocument::stream(std::uint32_t from, Extent extent,
                          const std::function<void(const Json::Member&)>& read) const {
    assert(member_at_ == none);
    sound_ = JsonHandler{*this, member_}.stream(from, extent, read) && sound_;
    member_ = {};
    member_at_ = none;
}

void JsonDocument::tell(FilePosition position, const std::function<void(const Json&)>& told) const {
    const auto kept = static_cast<std::uint32_t>(kept_.items.size());
    if (position.part == none) return told(Json{*this, position.item});
    if (position.part == member_at_) return told(Json{*this, kept + position.item});
    const auto from = static_cast<std::uint32_t>(token_at(position.part));
    stream(from, Extent::One, [&](const Json::Member&) {
        told(Json{*this, kept + position.item});
    });
}

void JsonDocument::fault_at(FilePosition position, std::string text) const {
    tell(position, [&](const Json& value) { value.key_fault(std::move(text)); });
}

void JsonDocument::warn_at(FilePosition position, std::string text) const {
    tell(position, [&](const Json& value) { value.warning(std::move(text)); });
}

std::unique_ptr<JsonDocument> JsonDocument::load(const std::string& path, geo::Problems& problems,
                                                 std::string_view streamed) {
    auto text = read_file(path, problems);
    if (!text) return nullptr;
    return parse(std::move(*text), path, problems, streamed);
}

std::size_t JsonDocument::token_at(std::size_t offset, std::string_view passed) const {
    const std::string_view text = text_;
    while (offset < text.size()) {
        if (passed.find(text[offset]) != std::string_view::npos) {
            ++offset;
        } else if (text.substr(offset, 2) == "//") {
            offset = std::min(text.find('\n', offset), text.size());
        } else if (text.substr(offset, 2) == "/*") {
            const auto end = text.find("*/", offset + 2);
            if (end == std::string_view::npos) break;
            offset = end + 2;
        } else {
            break;
        }
    }
    return offset;
}

void JsonDocument::report(std::size_t offset, std::string path, std::string text,
                          geo::Severity severity) const {
    auto& reported = reported_[severity == geo::Severity::Fault ? 0 : 1];
    if (reported == max_problems) text = "and more of this kind, which are not listed";
    if (reported++ > max_problems) return;
    offset = std::min(offset, text_.size());
    const auto begin = line_begin(text_, offset);
    // Problems come mostly in the order of the file, so lines are counted on from the last problem.
    if (begin < counted_.offset) counted_ = {};
    const auto* text_begin = text_.data();
    counted_.lines += static_cast<std::size_t>(
        std::count(text_begin + counted_.offset, text_begin + begin, '\n'));
    counted_.offset = begin;
    problems_->push_back({.file = file_,
                          .line = counted_.lines + 1,
                          .column = offset - begin + 1,
                          .path = std::move(path),
                          .text = std::move(text),
                          .severity = severity});
}

std::string JsonDocument::path_of(std::uint32_t index) const {
    const Item& here = item(index);
    if (here.parent == none) return {};
    auto path = path_of(here.parent);
    if (item(here.parent).kind == Json::Kind::Array) {
        return path + "[" + std::to_string(here.key) + "]";
    }
    return path_below(std::move(path), slice(here.key, here.key_length));
}

std::string JsonDocument::path_below(std::string path, std::string_view key) {
    const bool plain = key.find_first_of(".[]\" ") == std::string_view::npos && !key.empty();
    if (!path.empty()) path += '.';
    return path + (plain ? std::string{key} : '"' + std::string{key} + '"');
}

}  // namespace zones

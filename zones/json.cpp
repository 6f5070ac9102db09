// SPDX-License-Identifier: Apache-2.0
#include "zones/json.hpp"

#include "zones/file_text.hpp"
#include "zones/suggestion.hpp"

#include <boost/unordered/unordered_flat_set.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <iterator>
#include <utility>

namespace zones {
namespace {

constexpr std::size_t max_depth = 64;
constexpr std::size_t max_problems = 200;  // of one severity that are listed

/// The place that the parser has come to, which it does not tell, and which a handler may move on.
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

std::size_t line_begin(std::string_view text, std::size_t offset) {
    const auto newline = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
    return newline == std::string_view::npos ? 0 : newline + 1;
}

/// A problem is one line, whatever was found.
std::string printable(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string line;
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet >= ' ' && octet != 0x7F) {
            line += c;
        } else if (c == '\n') {
            line += "\\n";
        } else {
            line += {'\\', 'u', '0', '0', digits[octet >> 4], digits[octet & 15]};
        }
    }
    return line;
}

/// What the parser's library says of a fault, in parts:
/// "… syntax error while parsing CONTEXT - WHAT; last read: '…'; expected EXPECTED"
struct SyntaxFault {
    std::string_view context;
    std::string_view what;
    std::string_view expected;

    explicit SyntaxFault(std::string_view text) : what{text} {
        constexpr std::string_view parsing = "while parsing ";
        constexpr std::string_view more = "; expected ";
        const auto begin = text.find(parsing);
        const auto dash = text.find(" - ", begin);
        if (begin == std::string_view::npos || dash == std::string_view::npos) return;
        context = text.substr(begin + parsing.size(), dash - begin - parsing.size());
        what = text.substr(dash + 3);
        if (const auto at = what.rfind(more); at != std::string_view::npos) {
            expected = what.substr(at + more.size());
            what = what.substr(0, at);
        }
        what = what.substr(0, what.find("; last read: "));
    }

    [[nodiscard]] std::string wanted() const {
        if (context == "object key") return "a key in double quotes";
        if (context == "object separator") return "':' behind the key";
        if (context == "object") return "',' or '}'";
        if (context == "array") return "',' or ']'";
        return expected == "end of input" ? "the end of the file" : "a value";
    }
    [[nodiscard]] std::string hint(std::string_view found) const {
        const bool closes = found.starts_with('}') || found.starts_with(']');
        if (closes && (context == "object key" || context == "value")) {
            return "; is there a comma too many before it?";
        }
        const bool ends = closes || found.empty() || found.starts_with(':');
        if (!ends && (context == "object" || context == "array")) {
            return "; is a comma missing before it?";
        }
        return {};
    }
};

/// Octets that every language's editor shows, for a message: at most 60 of them.
std::string shortened(std::string_view text) {
    constexpr std::size_t limit = 60;
    if (text.size() <= limit) return std::string{text};
    auto end = limit;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return std::string{text.substr(0, end)} + "…";
}

}  // namespace

/// Receives the parser's events and lays out the document, or one member after the other of its
/// streamed object.
class JsonHandler {
 public:
    using MemberReader = std::function<void(const Json::Member&)>;

    JsonHandler(const JsonDocument& document, JsonDocument::Store& store)
        : document_{document},
          store_{store},
          first_item_{&store == &document.kept_ ? 0 : document.kept_.items.size()},
          first_octet_{&store == &document.kept_ ? 0 : document.kept_.strings.size()} {}

    [[nodiscard]] bool parse(std::size_t begin, std::size_t end) {
        cursor_ = document_.text_.data() + begin;
        const char* last = document_.text_.data() + end;
        return nlohmann::json::sax_parse(Watched{&cursor_}, Watched{&last}, this,
                                         nlohmann::json::input_format_t::json, true, true);
    }
    /// The root's member with this key is to be passed over, if it is an object.
    [[nodiscard]] JsonDocument::Streamed parse_around(std::string_view key, bool& good) {
        passed_key_ = key;
        good = parse(0, document_.text_.size());
        return passed_;
    }
    /// False when the text of the streamed object is not sound.
    [[nodiscard]] bool stream(std::uint32_t from, JsonDocument::Extent extent,
                              const MemberReader& read) {
        read_ = &read;
        from_ = from;
        extent_ = extent;
        open_.emplace_back();  // the root
        return parse(document_.streamed_.begin, document_.streamed_.end) || ended_;
    }

    bool null() { return add_value(Json::Kind::Null, {}); }
    bool boolean(bool value) { return add_value(Json::Kind::Boolean, value ? "true" : "false"); }
    bool number_integer(std::int64_t value) {
        return add_number(Json::Kind::Integer, std::to_string(value));
    }
    bool number_unsigned(std::uint64_t value) {
        return add_number(Json::Kind::Integer, std::to_string(value));
    }
    bool number_float(double, const std::string& text) {
        return add_number(Json::Kind::Number, text);
    }
    bool string(const std::string& value) { return add_value(Json::Kind::String, value); }
    bool binary(const nlohmann::json::binary_t&) { return false; }  // no event of the text parser
    bool start_object(std::size_t) { return open(Json::Kind::Object); }
    bool start_array(std::size_t) { return open(Json::Kind::Array); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool key(const std::string& key) {
        key_ = key;
        key_at_ = std::exchange(before_, offset());
        return true;
    }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception& error) {
        if (streams()) return false;
        const std::string_view text = error.what();
        const SyntaxFault fault{text};
        const auto here = position == 0 ? 0 : position - 1;  // the octet that was read last
        const auto token = document_.token_at(before_);
        const auto starts = [&](std::string_view begin) { return fault.what.starts_with(begin); };
        if (text.find("ill-formed UTF-8") != std::string_view::npos) {
            report(here, "expected UTF-8, found an octet that is none");
        } else if (text.find("number overflow") != std::string_view::npos) {
            report(token, "the number is too large");
        } else if (starts("unexpected ") || starts("invalid literal")) {
            const auto found = word_at(token);
            report(token, "expected " + fault.wanted() + ", found " +
                              (found.empty() ? "the end of the file" : found) + fault.hint(found));
        } else if (starts("invalid comment")) {
            report(token, "the comment that begins here is not closed");
        } else if (starts("invalid string: missing closing quote")) {
            report(token, "the string that begins here is not closed");
        } else if (starts("invalid string: control character U+000A")) {
            report(here, "the string is not closed on its line");
        } else {
            report(here, std::string{fault.what});
        }
        return false;
    }

 private:
    struct Open {
        std::uint32_t item = 0;
        std::uint32_t last = JsonDocument::none;  // child
        std::uint32_t count = 0;
    };

    void report(std::size_t at, std::string text) {
        const auto in = open_.empty() ? std::string{} : document_.path_of(open_.back().item);
        document_.report(at, in, std::move(text));
    }

    /// What an editor shows at the token: a sign, or all up to the next blank or sign.
    [[nodiscard]] std::string word_at(std::size_t at) const {
        const auto rest = std::string_view{document_.text_}.substr(at);
        if (rest.empty()) return {};
        const auto end = std::min(rest.find_first_of(" \t\r\n,:{}[]"), rest.size());
        return shortened(rest.substr(0, std::max<std::size_t>(end, 1)));
    }

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

    std::uint32_t add(Json::Kind kind, std::string_view text) {
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

    void link(Open& parent, std::uint32_t index) {
        (parent.last == JsonDocument::none ? item(parent.item).first : item(parent.last).next) =
            index;
        parent.last = index;
    }

    bool add_value(Json::Kind kind, std::string_view text) {
        add(kind, text);
        return finish_value();
    }

    /// A number is only known to have ended when the octet behind it, if any, has been read.
    bool add_number(Json::Kind kind, std::string_view text) {
        add(kind, text);
        const char last = document_.text_[before_ - 1];
        if (before_ < document_.text_.size() || last < '0' || last > '9') --before_;
        return finish_value();
    }

    /// Hands on a member of the streamed object that is complete, and forgets it.
    bool finish_value() {
        if (!in_streamed()) return true;
        const auto& whole = store_.items.front();
        const auto key = document_.slice(whole.key, whole.key_length);
        if (extent_ == JsonDocument::Extent::All) {
            keys_.push_back(boost::hash<std::string_view>{}(key));
        }
        document_.member_at_ = whole.key_at;
        (*read_)({
            key, Json{document_, static_cast<std::uint32_t>(first_item_)}
        });
        store_.items.clear();
        store_.strings.clear();
        ended_ = extent_ == JsonDocument::Extent::One;
        return !ended_;
    }

    /// Whether all keys of the streamed object differ. Should only their hashes be the same, the
    /// document is parsed once more for nothing.
    [[nodiscard]] bool keys_differ() {
        std::ranges::sort(keys_);
        return std::ranges::adjacent_find(keys_) == keys_.end();
    }

    /// Once for a whole object: a set that grows key by key would cost more than all else.
    [[nodiscard]] bool report_duplicates(const Open& object) {
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

    bool open(Json::Kind kind) {
        if (streams() && open_.size() == 1) return open_streamed();
        if (open_.size() == max_depth) {
            if (streams()) return false;
            document_.report(document_.token_at(before_), document_.path_of(open_.front().item),
                             "nested more than " + std::to_string(max_depth) + " deep");
            return false;
        }
        const auto index = add(kind, {});
        open_.emplace_back().item = index;
        if (open_.size() == 2 && kind == Json::Kind::Object && key_ == passed_key_) pass_over();
        return true;
    }

    bool open_streamed() {
        open_.emplace_back().item = document_.streamed_.item;
        before_ = from_;
        cursor_ = document_.text_.data() + from_;
        if (extent_ == JsonDocument::Extent::All) keys_.reserve(document_.streamed_.members);
        return true;
    }

    void pass_over() {
        if (passed_key_.empty() || item(open_.front().item).kind != Json::Kind::Object) return;
        passed_ = document_.pass_over(offset() - 1);
        if (passed_.end == 0) return;
        passed_.item = open_.back().item;
        cursor_ = document_.text_.data() + passed_.end - 1;
    }

    bool close() {
        const bool good = in_streamed() ? keys_differ() : report_duplicates(open_.back());
        open_.pop_back();
        before_ = offset();
        return good && finish_value();
    }

    const JsonDocument& document_;
    JsonDocument::Store& store_;
    std::size_t first_item_;  // number of the store's first
    std::size_t first_octet_;
    const char* cursor_ = nullptr;
    std::uint32_t before_ = 0;  // where the last token ended
    std::uint32_t key_at_ = 0;
    std::string key_;
    std::vector<Open> open_;

    std::string_view passed_key_;
    JsonDocument::Streamed passed_;

    const MemberReader* read_ = nullptr;
    std::uint32_t from_ = 0;
    JsonDocument::Extent extent_ = JsonDocument::Extent::All;
    bool ended_ = false;
    std::vector<std::size_t> keys_;  // their hashes
};

std::unique_ptr<JsonDocument> JsonDocument::parse(std::string text, std::string file,
                                                  geo::Problems& problems,
                                                  std::string_view streamed) {
    std::unique_ptr<JsonDocument> document{
        new JsonDocument{std::move(text), std::move(file), problems}
    };
    const std::string& source = document->text_;
    // JSON begins with an ASCII character: in UTF-16, one of its two octets is 0.
    if (source.starts_with("\xFE\xFF") || source.starts_with("\xFF\xFE") ||
        source.substr(0, 2).find('\0') != std::string::npos) {
        document->report(0, {}, "expected UTF-8, found UTF-16");
        return nullptr;
    }
    if (source.empty()) {
        document->report(0, {}, "expected a value, found the end of the file");
        return nullptr;
    }
    const auto before = problems.size();
    if (!streamed.empty()) {
        if (document->parse_around(streamed) && problems.size() == before) return document;
        // What was passed over may have faults that come before these.
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

void JsonDocument::tell(Place place, const std::function<void(const Json&)>& told) const {
    const auto kept = static_cast<std::uint32_t>(kept_.items.size());
    if (place.part == none) return told(Json{*this, place.item});
    if (place.part == member_at_) return told(Json{*this, kept + place.item});
    const auto from = static_cast<std::uint32_t>(token_at(place.part));
    stream(from, Extent::One, [&](const Json::Member&) { told(Json{*this, kept + place.item}); });
}

void JsonDocument::fault_at(Place place, std::string text) const {
    tell(place, [&](const Json& value) { value.key_fault(std::move(text)); });
}

void JsonDocument::warn_at(Place place, std::string text) const {
    tell(place, [&](const Json& value) { value.warning(std::move(text)); });
}

std::unique_ptr<JsonDocument> JsonDocument::load(const std::string& path, geo::Problems& problems,
                                                 std::string_view streamed) {
    auto text = read_file(path, problems);
    if (!text) return nullptr;
    return parse(std::move(*text), path, problems, streamed);
}

/// Steps over blanks, separators and comments to where the token begins.
std::size_t JsonDocument::token_at(std::size_t offset) const {
    const std::string_view text = text_;
    while (offset < text.size()) {
        if (text.find_first_of(" \t\r\n,:", offset) == offset) {
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
    // Problems come mostly in the order of the file: lines are counted on from the last one.
    if (begin < counted_.offset) counted_ = {};
    const auto* text_begin = text_.data();
    counted_.lines += static_cast<std::size_t>(
        std::count(text_begin + counted_.offset, text_begin + begin, '\n'));
    counted_.offset = begin;
    problems_->push_back({.file = file_,
                          .line = counted_.lines + 1,
                          .column = offset - begin + 1,
                          .path = printable(path),
                          .text = printable(text),
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
        read({
            document_->slice(item.key, item.key_length), Json{*document_, i}
        });
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

Place Json::place() const noexcept {
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

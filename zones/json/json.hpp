// SPDX-License-Identifier: Apache-2.0
#pragma once
// JSON values that know where they stand: line, column and path, so that each fault of a file can
// name its place. Comments (// and /* */) are allowed. Reads never throw; what is wrong is written
// to the document's problems, and reading goes on to find the rest. Control path only.
//
// One object of a document may be streamed: it may have a million members, so they are not kept,
// but parsed one by one each time they are asked for.

#include "geo/base/problem.hpp"
#include "geo/base/source.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zones {

class JsonDocument;

/// A value in a document: cheap to copy, good as long as the document stands. One in a streamed
/// member is good until the next member is read.
class Json {
 public:
    enum class Kind : std::uint8_t { Null, Boolean, Integer, Number, String, Array, Object };
    struct Member;

    [[nodiscard]] Kind kind() const noexcept;
    [[nodiscard]] bool is(Kind wanted) const noexcept { return kind() == wanted; }

    /// The octets of a string, or a number as it is written. Empty for other kinds.
    [[nodiscard]] std::string_view text() const noexcept;
    /// The member of an object; nothing when it is absent or this is no object.
    [[nodiscard]] std::optional<Json> find(std::string_view key) const;
    /// In the order of the file. Empty for other kinds, and for the streamed object.
    [[nodiscard]] std::vector<Member> members() const;
    [[nodiscard]] std::vector<Json> items() const;
    /// The members of any object, the streamed one too. When the latter is not sound, this ends at
    /// the first fault, and says nothing: see JsonDocument::sound().
    void for_each_member(const std::function<void(const Member&)>& read) const;
    /// How many members there are; of the streamed object, at least about how many.
    [[nodiscard]] std::size_t member_count() const;
    /// What a Source's problems can be written to once this value is gone.
    [[nodiscard]] Place place() const noexcept;

    // The following write a problem and return nothing when the value is not what is wanted.
    [[nodiscard]] std::optional<std::string_view> string(std::string_view wanted) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::int64_t low, std::int64_t high,
                                                      std::string_view wanted) const;
    [[nodiscard]] std::optional<double> number(double low, double high,
                                               std::string_view wanted) const;
    [[nodiscard]] bool object(std::string_view wanted) const;
    /// A list of values, or one value that stands for a list of itself.
    [[nodiscard]] std::vector<Json> one_or_more() const;
    /// Every member whose key is not listed is a problem, which names the nearest key that is. True
    /// when there is none.
    bool allow_keys(std::span<const std::string_view> keys) const;
    bool allow_keys(std::initializer_list<std::string_view> keys) const {
        return allow_keys(std::span{keys.begin(), keys.end()});
    }

    /// Problem: "expected WANTED, found VALUE", and ": WHY" if given.
    void expected(std::string_view wanted, std::string_view why = {}) const;
    /// Problem, in a sentence of the caller's.
    void fault(std::string text) const;
    /// The same, at the key of a member rather than at its value.
    void key_fault(std::string text) const;
    void warning(std::string text) const;

 private:
    friend class JsonDocument;
    friend class JsonHandler;
    Json(const JsonDocument& document, std::uint32_t index) noexcept
        : document_{&document}, index_{index} {}
    void report(std::string text, geo::Severity severity) const;

    const JsonDocument* document_;
    std::uint32_t index_;
};

struct Json::Member {
    std::string_view key;
    Json value;
};

class JsonDocument final : public Source {
 public:
    /// Parses all of `text`. Null, with a problem, when it is not JSON in UTF-8, or is nested more
    /// than 64 deep. A key that an object has twice is a problem too. `problems` must outlive the
    /// document. An object that is the root's member `streamed` is streamed, unless a problem has
    /// been found by then.
    [[nodiscard]] static std::unique_ptr<JsonDocument> parse(std::string text, std::string file,
                                                             geo::Problems& problems,
                                                             std::string_view streamed = {});
    /// Reads and parses a file of at most 1 GiB.
    [[nodiscard]] static std::unique_ptr<JsonDocument> load(const std::string& path,
                                                            geo::Problems& problems,
                                                            std::string_view streamed = {});

    [[nodiscard]] Json root() const noexcept { return {*this, 0}; }
    /// False when the streamed object turned out to be no JSON, or to have a key twice. What was
    /// read is void then: parse_whole() tells what is wrong.
    [[nodiscard]] bool sound() const noexcept { return sound_; }
    /// Parses the text again, all of it; the problems are those of a parse without streaming.
    [[nodiscard]] bool parse_whole();

    void fault_at(Place place, std::string text) const override;
    void warn_at(Place place, std::string text) const override;

 private:
    friend class Json;
    friend class JsonHandler;
    static constexpr std::uint32_t none = ~std::uint32_t{0};
    struct Item {
        Json::Kind kind = Json::Kind::Null;
        std::uint32_t at = 0;  // in text_, at or before the value; only blanks and : , lie between
        std::uint32_t key_at = 0;  // the same for the key
        std::uint32_t parent = none;
        std::uint32_t first = none;  // child
        std::uint32_t next = none;   // sibling
        std::uint32_t key = 0;       // in the strings, with its length; in an array: the position
        std::uint32_t key_length = 0;
        std::uint32_t value = 0;  // in the strings
        std::uint32_t value_length = 0;
    };
    struct Store {
        std::vector<Item> items;
        std::string strings;  // all keys and values, decoded
    };
    struct Streamed {
        std::uint32_t item = none;  // the object, kept without members
        std::uint32_t begin = 0;    // of its text, from bracket to bracket
        std::uint32_t end = 0;
        std::size_t members = 0;  // if its text is sound
    };
    JsonDocument(std::string text, std::string file, geo::Problems& problems)
        : text_{std::move(text)}, file_{std::move(file)}, problems_{&problems} {}

    [[nodiscard]] bool parse_around(std::string_view key);
    /// Where the object ends whose bracket stands at `begin`; only brackets, strings and comments
    /// are looked at. No object when it has no end.
    [[nodiscard]] Streamed pass_over(std::size_t begin) const;
    enum class Extent : std::uint8_t { One, All };
    /// Hands on the members of the streamed object, all or the first from the offset on.
    void stream(std::uint32_t from, Extent extent,
                const std::function<void(const Json::Member&)>& read) const;
    void tell(Place place, const std::function<void(const Json&)>& told) const;

    // Numbers of items, and offsets in strings, go on from the kept ones to the streamed member's.
    [[nodiscard]] const Item& item(std::uint32_t index) const noexcept {
        const auto kept = kept_.items.size();
        return index < kept ? kept_.items[index] : member_.items[index - kept];
    }
    [[nodiscard]] std::string_view slice(std::uint32_t at, std::uint32_t length) const noexcept {
        const auto kept = kept_.strings.size();
        return at < kept ? std::string_view{kept_.strings}.substr(at, length)
                         : std::string_view{member_.strings}.substr(at - kept, length);
    }
    [[nodiscard]] std::size_t token_at(std::size_t offset) const;
    [[nodiscard]] std::string path_of(std::uint32_t index) const;
    [[nodiscard]] static std::string path_below(std::string path, std::string_view key);
    void report(std::size_t offset, std::string path, std::string text,
                geo::Severity severity = geo::Severity::Fault) const;

    std::string text_;
    std::string file_;
    Store kept_;
    Streamed streamed_;
    mutable Store member_;                    // the member of the streamed object being read
    mutable std::uint32_t member_at_ = none;  // where its key is, as in Item
    mutable bool sound_ = true;
    geo::Problems* problems_;
    mutable std::size_t reported_[2] = {0, 0};  // faults, warnings
    struct Counted {
        std::size_t offset = 0;
        std::size_t lines = 0;  // before it
    };
    mutable Counted counted_;
};

}  // namespace zones

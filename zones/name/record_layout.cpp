// SPDX-License-Identifier: Apache-2.0
#include "zones/name/record_layout.hpp"

#include "zones/name/service_binding.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace zones {
namespace {

using enum Field;

constexpr std::array one_name{Name};
constexpr std::array two_names{Name, Name};
constexpr std::array ranked_name{Short, Name};
constexpr std::array one_text{Text};
constexpr std::array two_texts{Text, Text};
constexpr std::array three_texts{Text, Text, Text};
constexpr std::array some_texts{Texts};
constexpr std::array isdn{Text, MaybeText};
constexpr std::array soa{Name, Name, Long, Time, Time, Time, Time};
constexpr std::array px{Short, Name, Name};
constexpr std::array srv{Short, Short, Short, Name};
constexpr std::array naptr{Short, Short, Text, Text, Text, Name};
constexpr std::array uri{Short, Short, Rest};
constexpr std::array caa{Octet, Tag, MaybeRest};
constexpr std::array binding{Short, Name, Parameters};

struct Layout {
    RrType type;
    std::span<const Field> fields;
};
constexpr Layout layouts[] = {
    {2, one_name},                                             // NS
    {3, one_name},                                             // MD
    {4, one_name},                                             // MF
    {5, one_name},                                             // CNAME
    {6, soa},           {7, one_name},                         // MB
    {8, one_name},                                             // MG
    {9, one_name},                                             // MR
    {12, one_name},                                            // PTR
    {13, two_texts},                                           // HINFO
    {14, two_names},                                           // MINFO
    {15, ranked_name},                                         // MX
    {16, some_texts},                                          // TXT
    {17, two_names},                                           // RP
    {18, ranked_name},                                         // AFSDB
    {19, one_text},                                            // X25
    {20, isdn},         {21, ranked_name},                     // RT
    {23, one_name},                                            // NSAP-PTR
    {26, px},           {27, three_texts},                     // GPOS
    {33, srv},          {35, naptr},       {36, ranked_name},  // KX
    {39, one_name},                                            // DNAME
    {58, two_names},                                           // TALINK
    {64, binding},                                             // SVCB
    {65, binding},                                             // HTTPS
    {99, some_texts},                                          // SPF
    {107, ranked_name},                                        // LP
    {256, uri},         {257, caa},
};

constexpr std::size_t longest_text = 255;
constexpr std::string_view escape_fault =
    "an escape in it is neither \\DDD up to 255 nor \\ and a sign";

/// Returns the size of a number's field in octets; 0 for other fields.
constexpr std::size_t width_of(Field field) noexcept {
    switch (field) {
        case Octet:
            return 1;
        case Short:
            return 2;
        case Long:
        case Time:
            return 4;
        case Name:
        case Text:
        case MaybeText:
        case Texts:
        case Tag:
        case Rest:
        case MaybeRest:
        case Parameters:
            return 0;
    }
    return 0;
}

bool is_tag(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    });
}

/// Writes one value, word by word.
class FieldWriter {
 public:
    FieldWriter(std::span<const Word> words, const WrittenName& origin,
                std::vector<std::uint8_t>& octets)
        : words_{words}, origin_{origin}, octets_{octets} {}

    std::string write(std::span<const Field> fields) {
        for (const auto field : fields) {
            if (auto fault = write(field); !fault.empty()) return fault;
        }
        return words_.empty() ? std::string{} : "there is something behind it";
    }

 private:
    std::string write(Field field) {
        if (field == Parameters) return write_parameters(std::exchange(words_, {}), octets_);
        if (words_.empty()) return field == MaybeText ? "" : "a part is missing";
        const auto word = words_.front();
        words_ = words_.subspan(1);
        if (const auto width = width_of(field)) return write_number(word, field, width);
        if (field == Name) return write_name(word.text);
        if (auto fault = write_text(word, field); !fault.empty()) return fault;
        while (field == Texts && !words_.empty()) {
            if (auto fault = write_text(words_.front(), field); !fault.empty()) return fault;
            words_ = words_.subspan(1);
        }
        return {};
    }

    std::string write_number(const Word& word, Field field, std::size_t width) {
        const auto digits = word.text.substr(word.text.starts_with('-') ? 1 : 0);
        const bool units = digits.find_first_not_of("0123456789") != std::string_view::npos;
        const auto number = number_in(word.text);
        if (!number || (units && field != Time))
            return '"' + std::string{word.text} + "\" is no number";
        if (*number >> (8 * width) != 0) return std::string{word.text} + " is out of range";
        for (auto shift = 8 * width; shift > 0; shift -= 8)
            octets_.push_back(static_cast<std::uint8_t>(*number >> (shift - 8)));
        return {};
    }

    std::string write_name(std::string_view text) {
        const auto name = WrittenName::from_text(text, origin_);
        if (!name) {
            return '"' + std::string{text} +
                   "\" is no name: " + std::string{WrittenName::fault_of(text, origin_)};
        }
        octets_.insert(octets_.end(), name->wire().begin(), name->wire().end());
        return {};
    }

    std::string write_text(const Word& word, Field field) {
        const auto text = unescaped(word.text);
        if (!text) return std::string{escape_fault};
        if (field == Tag && text->empty()) return "its tag is empty";
        if (field == Tag && !is_tag(*text))
            return "its tag has other signs than letters and digits";
        if (field == Rest && text->empty()) return "its last part is empty";
        if (field != Rest && field != MaybeRest) {
            if (text->size() > longest_text) {
                return "a string in it has " + std::to_string(text->size()) +
                       " octets: 255 at most; several strings may stand in their own quotes";
            }
            octets_.push_back(static_cast<std::uint8_t>(text->size()));
        }
        octets_.insert(octets_.end(), text->begin(), text->end());
        return {};
    }

    std::span<const Word> words_;
    const WrittenName& origin_;
    std::vector<std::uint8_t>& octets_;
};

/// Returns the length of an uncompressed name in octets; 0 when there is none.
std::size_t name_size(std::span<const std::uint8_t> octets) {
    const auto name = zones::Name::read(octets);
    return name ? name->length() : 0;
}

/// Returns the length of a string in octets, its length octet included; 0 when it is cut short.
std::size_t text_size(std::span<const std::uint8_t> octets) {
    if (octets.empty() || octets.size() <= octets[0]) return 0;
    return octets[0] + std::size_t{1};
}

std::size_t field_size(Field field, std::span<const std::uint8_t> octets) {
    if (const auto width = width_of(field)) return octets.size() < width ? 0 : width;
    if (field == Name) return name_size(octets);
    if (field == Rest || field == MaybeRest || field == Parameters) return octets.size();
    return text_size(octets);
}

std::string_view fault_of_field(Field field, std::span<const std::uint8_t> octets) {
    if (field == Tag && octets.size() == 1) return "its tag is empty";
    const std::string text{octets.begin(), octets.end()};
    if (field == Tag && !is_tag(std::string_view{text}.substr(1)))
        return "its tag has other signs than letters and digits";
    if (field == Parameters) return fault_of_parameters(octets);
    return {};
}

}  // namespace

std::span<const Field> layout_of(RrType type) noexcept {
    const auto found = std::ranges::lower_bound(layouts, type, {}, &Layout::type);
    if (found == std::end(layouts) || found->type != type) return {};
    return found->fields;
}

std::string write_fields(std::span<const Field> fields, std::span<const Word> words,
                         const WrittenName& origin, std::vector<std::uint8_t>& octets) {
    return FieldWriter{words, origin, octets}.write(fields);
}

std::string walk_fields(std::span<const Field> fields, std::span<const std::uint8_t> octets,
                        const std::function<void(Field, std::size_t at, std::size_t size)>& each) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < fields.size();) {
        const auto field = fields[i];
        const auto rest = octets.subspan(at);
        const bool may_lack = field == MaybeText || field == MaybeRest || field == Parameters;
        if (rest.empty() && may_lack) break;
        const auto size = field_size(field, rest);
        if (size == 0) return rest.empty() ? "a field is missing" : "a field of it cannot be read";
        if (const auto fault = fault_of_field(field, rest.first(size)); !fault.empty())
            return std::string{fault};
        each(field, at, size);
        at += size;
        if (field != Texts || at == octets.size()) ++i;
    }
    return at == octets.size() ? std::string{} : "there is something behind its last field";
}

}  // namespace zones

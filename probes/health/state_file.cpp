// SPDX-License-Identifier: Apache-2.0
#include "probes/health/state_file.hpp"

#include "geo/base/digest.hpp"
#include "geo/text/percent_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <utility>

namespace probes {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view first_line = "isochrone-state 1";
constexpr std::string_view nothing = "-";
constexpr std::string_view over = "over";
// The largest number: 31 years in milliseconds, 31,000 in seconds. Sums of a few still fit into
// Clock::duration.
constexpr std::int64_t largest = 1'000'000'000'000;

struct Word {
    std::string_view text;
    State state;
};
constexpr Word words[] = {
    {"unknown", State::Unknown},
    {"up", State::Up},
    {"down", State::Down},
};

using Fields = std::vector<std::string_view>;

std::string encoded(std::string_view field) {
    if (field.empty()) return std::string{nothing};
    return field == nothing ? "%2d" : percent_encoded(field);
}

std::optional<std::string> decoded(std::string_view field) {
    if (field == nothing) return std::string{};
    return percent_decoded(field);
}

std::string number_text(Clock::duration duration) {
    const auto number = std::chrono::duration_cast<milliseconds>(duration).count();
    return std::to_string(std::clamp<std::int64_t>(number, 0, largest));
}

template <class Unit>
std::optional<Unit> read_number(std::string_view field, std::int64_t most = largest) {
    std::int64_t number = 0;
    const auto* const end = field.data() + field.size();
    const auto [reached, fault] = std::from_chars(field.data(), end, number);
    if (fault != std::errc{} || reached != end || number < 0 || number > most) {
        return std::nullopt;
    }
    return Unit{number};
}

std::string_view word_of(State state) noexcept {
    return std::ranges::find(words, state, &Word::state)->text;
}

std::optional<State> read_state_word(std::string_view field) noexcept {
    const auto* const word = std::ranges::find(words, field, &Word::text);
    if (word == std::end(words)) return std::nullopt;
    return word->state;
}

std::string saved_target_line(const SavedTarget& target, Time at) {
    const auto& memory = target.memory;
    const bool held = memory.state == State::Down && memory.held_until && *memory.held_until > at;
    std::string downs;
    for (const auto down : memory.downs) {
        downs += (downs.empty() ? "" : ",") + number_text(at - down);
    }
    auto line =
        "target " + std::string{word_of(memory.state)} + ' ' + number_text(at - memory.since);
    line += ' ' + (held ? number_text(*memory.held_until - at) : std::string{nothing});
    return line + ' ' + encoded(downs) + ' ' + encoded(target.key) + '\n';
}

std::string drain_line(const Drain& drain, Time at) {
    std::string line{drain.reach == DrainReach::ThisNode ? "here " : "drain "};
    line += encoded(drain.zone) + ' ' + encoded(drain.edge);
    line += ' ' + number_text(at - drain.since) + ' ';
    return line + (drain.until ? number_text(*drain.until - at) : std::string{nothing}) + '\n';
}

std::string word_line(const DrainRecord& record) {
    const auto& [zone, edge, word] = record;
    auto line = "word " + encoded(zone) + ' ' + encoded(edge) + ' ';
    line += std::to_string(word.said.count()) + ' ';
    if (word.over) return line + std::string{over} + '\n';
    return line + (word.until ? std::to_string(word.until->count()) : std::string{nothing}) + '\n';
}

std::string agreed_line(const SavedAgreement& agreement, Time at) {
    const auto& [edge, state, lost_home, held, asked] = agreement.last;
    auto line = "agreed " + encoded(agreement.zone) + ' ' + encoded(edge) + ' ';
    line += std::string{word_of(state)} + (lost_home ? " yes " : " no ");
    line += number_text(at - held) + ' ';
    return line + (asked ? digest_text(*asked) : std::string{nothing}) + '\n';
}

Fields split(std::string_view text, char separator) {
    Fields fields;
    for (;;) {
        const auto end = text.find(separator);
        fields.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return fields;
        text.remove_prefix(end + 1);
    }
}

/// Takes the lines after the first, one by one. The read_* functions return false for a damaged
/// one.
class Reader {
 public:
    Reader(const Moment& at, seconds max_age) : at_{at}, max_age_{max_age} {}

    bool read_line(std::string_view line) {
        const auto fields = split(line, ' ');
        if (fields[0] == "written") return read_written(fields);
        if (fields[0] == "target") return read_target(fields);
        if (fields[0] == "drain") return read_drain(fields, DrainReach::AllNodes);
        if (fields[0] == "here") return read_drain(fields, DrainReach::ThisNode);
        if (fields[0] == "word") return read_word(fields);
        if (fields[0] == "agreed") return read_agreed(fields);
        ended_ = line == "end";
        return ended_;
    }
    [[nodiscard]] bool ended() const noexcept { return ended_; }
    [[nodiscard]] bool dated() const noexcept { return elapsed_.has_value(); }
    [[nodiscard]] SavedState take() && { return std::move(state_); }

 private:
    bool read_written(const Fields& fields) {
        if (fields.size() != 4) return false;
        const auto since_boot = read_number<seconds>(fields[1]);
        const auto boot_id = decoded(fields[2]);
        const auto wall = read_number<seconds>(fields[3]);
        if (!since_boot || !boot_id || !wall) return false;
        elapsed_ = elapsed({{}, *since_boot, *boot_id, *wall}, at_);
        return true;
    }

    bool read_target(const Fields& fields) {
        if (fields.size() != 6) return false;
        const auto state = read_state_word(fields[1]);
        const auto age = read_number<milliseconds>(fields[2]);
        const auto held = read_optional(fields[3]);
        auto downs = read_downs(fields[4]);
        auto key = decoded(fields[5]);
        if (!state || !age || !held || !downs || !key) return false;
        if (*held && *state != State::Down) return false;
        if (!elapsed_ || *elapsed_ > max_age_) return true;
        Tracker::Memory memory{*state, written() - *age, std::move(*downs), std::nullopt};
        if (*held && written() + **held > at_.steady) memory.held_until = written() + **held;
        state_.targets.push_back({std::move(*key), std::move(memory)});
        return true;
    }

    bool read_drain(const Fields& fields, DrainReach reach) {
        if (fields.size() != 5) return false;
        auto zone = decoded(fields[1]);
        auto edge = decoded(fields[2]);
        const auto age = read_number<milliseconds>(fields[3]);
        const auto left = read_optional(fields[4]);
        if (!zone || !edge || !age || !left) return false;
        Drain drain{std::move(*zone), std::move(*edge), written() - *age, std::nullopt, reach};
        if (*left) drain.until = written() + **left;
        if (!drain.until || *drain.until > at_.steady) state_.drains.push_back(std::move(drain));
        return true;
    }

    bool read_word(const Fields& fields) {
        if (fields.size() != 5) return false;
        auto zone = decoded(fields[1]);
        auto edge = decoded(fields[2]);
        const auto said = read_number<milliseconds>(fields[3], largest * 1000);
        if (!zone || !edge || !said) return false;
        DrainWord word{.said = *said, .until = {}, .over = fields[4] == over};
        if (!word.over && fields[4] != nothing) {
            word.until = read_number<seconds>(fields[4]);
            if (!word.until) return false;
        }
        state_.words.push_back({std::move(*zone), std::move(*edge), word});
        return true;
    }

    bool read_agreed(const Fields& fields) {
        // Early versions did not write what was asked.
        if (fields.size() != 6 && fields.size() != 7) return false;
        auto zone = decoded(fields[1]);
        auto edge = decoded(fields[2]);
        const auto state = read_state_word(fields[3]);
        const auto age = read_number<milliseconds>(fields[5]);
        if (!zone || !edge || !state || *state == State::Unknown || !age) return false;
        if (fields[4] != "yes" && fields[4] != "no") return false;
        const auto asked = fields.size() == 7 ? read_digest(fields[6]) : std::nullopt;
        if (fields.size() == 7 && fields[6] != nothing && !asked) return false;
        if (!elapsed_ || *elapsed_ > max_age_) return true;
        state_.agreements.push_back(
            {std::move(*zone),
             {std::move(*edge), *state, fields[4] == "yes", written() - *age, asked}});
        return true;
    }

    /// Returns nothing when the word is damaged, and an empty inner value when it is "-".
    static std::optional<std::optional<milliseconds>> read_optional(std::string_view field) {
        if (field == nothing) return std::optional<milliseconds>{};
        const auto number = read_number<milliseconds>(field);
        if (!number) return std::nullopt;
        return std::optional{number};
    }

    [[nodiscard]] std::optional<std::vector<Time>> read_downs(std::string_view field) const {
        std::vector<Time> downs;
        if (field == nothing) return downs;
        for (const auto down : split(field, ',')) {
            const auto age = read_number<milliseconds>(down);
            if (!age) return std::nullopt;
            downs.push_back(written() - *age);
        }
        if (!std::ranges::is_sorted(downs)) return std::nullopt;
        return downs;
    }

    [[nodiscard]] Time written() const { return at_.steady - elapsed_.value_or(seconds{0}); }

    const Moment& at_;
    seconds max_age_;
    std::optional<seconds> elapsed_;
    bool ended_ = false;
    SavedState state_;
};

/// Returns in a sentence which lines are damaged, and what else is wrong.
std::string fault_text(const std::vector<std::size_t>& damaged, const Reader& reader) {
    std::string text;
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
    if (!damaged.empty()) add("line " + std::to_string(damaged.front()) + " is damaged");
    if (damaged.size() > 1) add(std::to_string(damaged.size() - 1) + " lines more are");
    if (!reader.ended()) add("its end is missing");
    if (!reader.dated()) add("nobody can tell how old it is, so that the states are forgotten");
    return text;
}

}  // namespace

std::string write_state(const SavedState& state, const Moment& at) {
    std::string text{first_line};
    text += "\nwritten " + std::to_string(at.since_boot.count()) + ' ' + encoded(at.boot_id) + ' ' +
            std::to_string(at.wall.count()) + '\n';
    for (const auto& target : state.targets) text += saved_target_line(target, at.steady);
    for (const auto& drain : state.drains) text += drain_line(drain, at.steady);
    for (const auto& word : state.words) text += word_line(word);
    for (const auto& agreement : state.agreements) text += agreed_line(agreement, at.steady);
    return text + "end\n";
}

SavedState read_state(std::string_view text, const Moment& at, std::chrono::seconds max_age,
                      std::string& fault) {
    auto lines = split(text, '\n');
    if (lines.front() != first_line || lines.size() < 2) {
        fault = "line 1: expected \"" + std::string{first_line} + "\"";
        return {};
    }
    // After the end of the last line there is nothing, or a line that was cut short.
    if (lines.back().empty()) lines.pop_back();
    Reader reader{at, max_age};
    std::vector<std::size_t> damaged;
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const bool whole = lines[i].data() + lines[i].size() < text.data() + text.size();
        if (reader.ended() || !whole || !reader.read_line(lines[i])) damaged.push_back(i + 1);
    }
    fault = fault_text(damaged, reader);
    return std::move(reader).take();
}

}  // namespace probes

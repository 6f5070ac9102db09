// SPDX-License-Identifier: Apache-2.0
#include "tests/wan/link.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string>

namespace wan {
namespace {

/// A number and the unit behind it.
struct Measure {
    double number = 0;
    std::string_view unit;
};

[[noreturn]] void refuse(std::string_view word, const char* expected) {
    throw std::invalid_argument{"expected " + std::string{expected} + ", found \"" +
                                std::string{word} + "\""};
}

Measure read_measure(std::string_view text) {
    Measure measure;
    const auto* const end = text.data() + text.size();
    const auto [behind, error] = std::from_chars(text.data(), end, measure.number);
    if (error != std::errc{} || measure.number < 0) refuse(text, "a number and its unit");
    measure.unit = {behind, static_cast<std::size_t>(end - behind)};
    return measure;
}

struct Unit {
    std::string_view name;
    double factor;
};
constexpr Unit times[] = {{"us", 1}, {"ms", 1e3}, {"s", 1e6}};
constexpr Unit rates[] = {{"bit", 1}, {"kbit", 1e3}, {"mbit", 1e6}, {"gbit", 1e9}};
constexpr Unit shares[] = {{"%", 0.01}};

template <std::size_t count>
double read_in(const Unit (&units)[count], std::string_view text, const char* expected) {
    const auto measure = read_measure(text);
    const auto* const unit = std::ranges::find(units, measure.unit, &Unit::name);
    if (unit == std::end(units)) refuse(text, expected);
    return measure.number * unit->factor;
}

std::chrono::microseconds read_time(std::string_view text) {
    return std::chrono::microseconds{std::int64_t(read_in(times, text, "a time like 40ms"))};
}

}  // namespace

void read_quality(std::string_view word, LinkQuality& quality) {
    const auto equals = std::min(word.find('='), word.size());
    const auto key = word.substr(0, equals);
    const auto value = word.substr(std::min(equals + 1, word.size()));
    if (key == "delay")
        quality.delay = read_time(value);
    else if (key == "jitter")
        quality.jitter = read_time(value);
    else if (key == "queue")
        quality.queue = read_time(value);
    else if (key == "rate")
        quality.rate = std::uint64_t(read_in(rates, value, "a rate like 50mbit"));
    else if (key == "loss")
        quality.loss = read_in(shares, value, "a share like 0.1%");
    else
        refuse(word, "delay=, jitter=, loss=, rate= or queue=");
}

std::optional<Moment> Link::enter(std::size_t octets, Moment now, const Chance& chance) noexcept {
    auto sent = now;
    if (quality_.rate > 0) {
        const auto begin = std::max(now, sender_free_);
        if (begin - now > quality_.queue) return std::nullopt;
        sent = begin + std::chrono::nanoseconds{octets * 8 * 1'000'000'000 / quality_.rate};
        sender_free_ = sent;
    }
    // Behind the queue: what gets lost on the way has taken its share of the rate.
    if (chance.loss < quality_.loss) return std::nullopt;
    const auto varied =
        std::chrono::duration_cast<Clock::duration>(quality_.jitter * chance.jitter);
    last_out_ = std::max(last_out_, sent + quality_.delay + varied);
    return last_out_;
}

}  // namespace wan

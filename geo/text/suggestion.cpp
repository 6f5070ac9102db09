// SPDX-License-Identifier: Apache-2.0
#include "geo/text/suggestion.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace zones {
namespace {

char folded(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

}  // namespace

std::string_view nearest_word(std::string_view word, std::span<const std::string_view> candidates) {
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const auto candidate : candidates) {
        // Rows of the distance matrix: two before, one before, this one.
        std::vector<std::size_t> older;
        std::vector<std::size_t> old(candidate.size() + 1);
        for (std::size_t j = 0; j < old.size(); ++j) old[j] = j;
        for (std::size_t i = 1; i <= word.size(); ++i) {
            std::vector<std::size_t> row(candidate.size() + 1, i);
            for (std::size_t j = 1; j < row.size(); ++j) {
                const auto a = folded(word[i - 1]);
                const auto b = folded(candidate[j - 1]);
                const std::size_t change = a == b ? 0 : 1;
                row[j] = std::min({old[j] + 1, row[j - 1] + 1, old[j - 1] + change});
                if (i > 1 && j > 1 && a == folded(candidate[j - 2]) && b == folded(word[i - 2])) {
                    row[j] = std::min(row[j], older[j - 2] + 1);
                }
            }
            older = std::exchange(old, std::move(row));
        }
        if (old.back() < best_distance) {
            best_distance = old.back();
            best = candidate;
        }
    }
    return best;
}

std::string suggestion(std::string_view word, std::span<const std::string_view> candidates) {
    const auto near = nearest_word(word, candidates);
    return near.empty() ? "" : "; did you mean \"" + std::string{near} + "\"?";
}

}  // namespace zones
